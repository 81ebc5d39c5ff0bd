// SPDX-License-Identifier: MIT
#include "milter/metrics.h"

#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

bool shows(const Metrics& metrics, const std::string& line) {
  return ("\n" + metrics.text()).find("\n" + line + "\n") != std::string::npos;
}

std::string count_of(const std::string& name, const std::string& count) {
  return "coldpitch_linkedin_unknown_templates_total{template=\"" + name + "\"} " + count;
}

}  // namespace

TEST_CASE("unknown templates are counted by name") {
  Metrics metrics;
  metrics.count_unknown_template("email_new_01");
  metrics.count_unknown_template("EMAIL_NEW_01");
  CHECK(shows(metrics, count_of("email_new_01", "2")));
}

TEST_CASE("no more than 50 names of templates become labels, and none that is no name") {
  Metrics metrics;
  for (std::size_t i = 0; i < Metrics::kMaxTemplates + 3; ++i)
    metrics.count_unknown_template("email_" + std::to_string(i));
  CHECK(shows(metrics, count_of("email_49", "1")));
  CHECK_FALSE(shows(metrics, count_of("email_50", "1")));
  CHECK(shows(metrics, count_of("other", "3")));
  metrics.count_unknown_template("email_49");
  CHECK(shows(metrics, count_of("email_49", "2")));
  for (const std::string& odd :
       {std::string(), std::string("a\"} 1\nb{"), std::string("a b"), std::string(81, 'a')}) {
    metrics.count_unknown_template(odd);
  }
  CHECK(shows(metrics, count_of("other", "7")));
}

namespace {

Policy policy_of(const std::string& id, const std::vector<std::string>& rules) {
  Policy policy;
  policy.id = id;
  for (const std::string& rule : rules) {
    policy.rules.emplace_back();
    policy.rules.back().id = rule;
  }
  return policy;
}

Evidence evidence_of(const std::string& policy, const std::string& rule, bool shadow = false) {
  Evidence evidence;
  evidence.policy = policy;
  evidence.rule = rule;
  evidence.shadow = shadow;
  return evidence;
}

std::string hits(const std::string& what, const std::string& policy, const std::string& rule,
                 const std::string& count) {
  return "coldpitch_rule_" + what + "_total{policy=\"" + policy + "\",rule=\"" + rule + "\"} " + count;
}

}  // namespace

TEST_CASE("a rule is counted once a message, and shadows apart") {
  Metrics metrics;
  const std::vector<Policy> policies = {policy_of("b", {"ask", "offer"}), policy_of("a", {"ask"})};
  const auto before = metrics.judging().counts_of(policies);
  Verdict verdict;
  verdict.evidence = {evidence_of("b", "ask"), evidence_of("b", "ask"), evidence_of("a", "ask"),
                      evidence_of("b", "offer", true), evidence_of("b", "unknown")};
  before->count(verdict);
  before->count(verdict);
  CHECK(shows(metrics, hits("hits", "b", "ask", "2")));
  CHECK(shows(metrics, hits("hits", "a", "ask", "2")));
  CHECK(shows(metrics, hits("shadow_hits", "b", "offer", "2")));
  CHECK_THAT(metrics.text(), !ContainsSubstring("unknown"));
  // A configuration loaded anew goes on where the one before stopped, and what still holds that one is not lost.
  const auto after = metrics.judging().counts_of({policy_of("b", {"ask"})});
  after->count(verdict);
  before->count(verdict);
  CHECK(shows(metrics, hits("hits", "b", "ask", "4")));
  CHECK(shows(metrics, hits("hits", "a", "ask", "3")));
}

TEST_CASE("rules past the bound are counted together") {
  Metrics metrics;
  std::vector<std::string> rules;
  for (std::size_t i = 0; i < JudgingMetrics::kMaxRules + 2; ++i) rules.push_back("r" + std::to_string(i));
  const auto counts = metrics.judging().counts_of({policy_of("p", rules)});
  Verdict verdict;
  for (const std::string& rule : rules) verdict.evidence.push_back(evidence_of("p", rule));
  counts->count(verdict);
  CHECK(shows(metrics, hits("hits", "p", "r" + std::to_string(JudgingMetrics::kMaxRules - 1), "1")));
  CHECK_FALSE(shows(metrics, hits("hits", "p", "r" + std::to_string(JudgingMetrics::kMaxRules), "1")));
  CHECK(shows(metrics, hits("hits", "other", "other", "2")));
}

TEST_CASE("messages and times are counted by several threads at once") {
  using namespace std::chrono_literals;
  Metrics metrics;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&metrics] {
      StageTimes stages{};
      stages[static_cast<std::size_t>(Stage::parse)] = 2ms;
      for (int n = 0; n < 1000; ++n) {
        metrics.judging().count_message(Channel::direct, Level::pitch,
                                        n % 2 == 0 ? Mode::quarantine_hold : Mode::quarantine_mailbox);
        metrics.judging().observe(3ms, stages);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(metrics.judging().messages() == 4000);
  CHECK(shows(metrics,
              "coldpitch_messages_total{action=\"quarantine\",channel=\"direct\",verdict=\"pitch\"} 4000"));
  CHECK(shows(metrics, "coldpitch_judging_seconds_bucket{le=\"0.0025\"} 0"));
  CHECK(shows(metrics, "coldpitch_judging_seconds_bucket{le=\"0.005\"} 4000"));
  CHECK(shows(metrics, "coldpitch_judging_seconds_sum 12"));
  CHECK(shows(metrics, "coldpitch_stage_seconds_bucket{stage=\"parse\",le=\"0.0025\"} 4000"));
  CHECK(shows(metrics, "coldpitch_stage_seconds_count{stage=\"verify\"} 0"));
}

TEST_CASE("the last load is told") {
  using namespace std::chrono_literals;
  Metrics metrics;
  metrics.set_load(true, TimePoint(1'760'340'000s));
  CHECK(shows(metrics, "coldpitch_config_last_load_successful 1"));
  metrics.set_load(false, TimePoint(1'760'340'900s));
  CHECK(shows(metrics, "coldpitch_config_last_load_successful 0"));
  CHECK(shows(metrics, "coldpitch_config_last_load_success_timestamp_seconds 1760340000"));
}
