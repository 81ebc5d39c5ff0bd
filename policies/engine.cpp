// SPDX-License-Identifier: MIT
#include "policies/engine.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "policies/condition.h"
#include "policies/examples.h"
#include "policies/judge.h"
#include "policies/matcher.h"
#include "policies/offers.h"
#include "policies/scan.h"

namespace coldpitch {
namespace {

CompiledPolicy compile_policy(const Policy& policy, ExpressionTable& table,
                              std::vector<Diagnostic>& diagnostics) {
  CompiledPolicy compiled{&policy, {}};
  table.policy = &policy;
  compiled.rules.reserve(policy.rules.size());
  for (const Rule& rule : policy.rules) {
    table.languages = rule.languages;
    compiled.rules.push_back({&rule, compile_condition(rule.condition, table, diagnostics)});
  }
  return compiled;
}

std::unique_ptr<const Matcher> compile_matcher(const ExpressionTable& table, ExpressionPool expressions,
                                               std::vector<Diagnostic>& diagnostics) {
  std::vector<Matcher::Refusal> refusals;
  auto matcher = Matcher::compile(table.expressions, refusals, std::move(expressions));
  for (Matcher::Refusal& refusal : refusals) {
    diagnostics.push_back({Diagnostic::Severity::error,
                           table.locations[refusal.expression],
                           "expression is refused: " + std::move(refusal.reason),
                           {}});
  }
  return matcher;
}

bool judges(const Policy& policy, Channel channel) {
  return std::find(policy.channels.begin(), policy.channels.end(), channel) != policy.channels.end();
}

bool has_error(const std::vector<Diagnostic>& diagnostics, std::size_t from) {
  return std::any_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(from), diagnostics.end(),
                     [](const Diagnostic& one) { return one.severity == Diagnostic::Severity::error; });
}

}  // namespace

struct Engine::Parts {
  std::vector<Policy> policies;
  std::vector<CompiledPolicy> compiled;  ///< point into `policies`
  std::unique_ptr<const Scanner> scanner;
};

Engine::Engine() : parts_(std::make_unique<Parts>()) {}
Engine::~Engine() = default;

std::shared_ptr<const Engine> Engine::compile(std::vector<Policy> policies,
                                              std::vector<Diagnostic>& diagnostics,
                                              std::vector<ExampleResult>* examples,
                                              ExpressionPool expressions) {
  const std::size_t before = diagnostics.size();
  const std::shared_ptr<Engine> engine(new Engine);
  Parts& parts = *engine->parts_;
  parts.policies = std::move(policies);
  ExpressionTable table;
  for (const Policy& policy : parts.policies) {
    parts.compiled.push_back(compile_policy(policy, table, diagnostics));
  }
  auto matcher = compile_matcher(table, std::move(expressions), diagnostics);
  if (has_error(diagnostics, before)) return nullptr;
  parts.scanner = std::make_unique<const Scanner>(table, std::move(matcher));
  for (const CompiledPolicy& policy : parts.compiled) {
    std::vector<ExampleResult> results = run_examples(policy, *parts.scanner, diagnostics);
    if (examples == nullptr) {
      report_examples(results, diagnostics);
    } else {
      std::move(results.begin(), results.end(), std::back_inserter(*examples));
    }
  }
  if (has_error(diagnostics, before)) return nullptr;
  return engine;
}

PatternHits Engine::scan(const SubjectMatter& matter, const StopCheck& is_over) const {
  return parts_->scanner->scan(matter, is_over);
}

Verdict Engine::judge(const SubjectMatter& matter, const PatternHits& hits, const Thresholds& thresholds,
                      const RuleIds& without) const {
  std::vector<Verdict> verdicts;
  for (const CompiledPolicy& compiled : parts_->compiled) {
    if (!judges(*compiled.policy, matter.channel)) continue;
    verdicts.push_back(judge_by(compiled, matter, hits, thresholds, without));
  }
  const auto worst =
      std::max_element(verdicts.begin(), verdicts.end(), [](const Verdict& left, const Verdict& right) {
        return std::tie(left.level, left.score) < std::tie(right.level, right.score);
      });
  if (worst != verdicts.end()) return std::move(*worst);
  Verdict unjudged;
  unjudged.channel = matter.channel;
  return unjudged;
}

const std::vector<Policy>& Engine::policies() const { return parts_->policies; }

void Engine::add_offer_signals(SubjectMatter& matter, const PatternHits& hits, const Site& site) const {
  for (const CompiledPolicy& compiled : parts_->compiled) {
    if (judges(*compiled.policy, matter.channel)) add_offers(compiled, hits, matter);
  }
  add_site_signals(site, matter);
}

std::size_t Engine::expressions() const { return parts_->scanner->expressions(); }

}  // namespace coldpitch
