// SPDX-License-Identifier: MIT
#include "milter/log.h"

#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("a log value is quoted and escaped where it must be") {
  CHECK(log_value("plain-1.5") == "plain-1.5");
  CHECK(log_value("") == "\"\"");
  CHECK(log_value("two words") == "\"two words\"");
  CHECK(log_value("a\"b") == "\"a\\\"b\"");
  CHECK(log_value("a\nfake=1") == "\"a\\nfake=1\"");
  CHECK(log_value("\x1b[31mred") == "\"\\x1b[31mred\"");
}

TEST_CASE("the line of a message names verdict and rules, and no address unless asked") {
  Judgement judgement;
  judgement.recipients.emplace_back();
  Verdict& verdict = judgement.recipients.front().verdict;
  verdict.level = Level::pitch;
  verdict.score = 6.25;
  verdict.clauses = {{"commercial", "p", 6}, {"unwanted", "p", 1}};
  Evidence ask;
  ask.rule = "meeting-ask";
  Evidence trial;
  trial.rule = "trial";
  trial.shadow = true;
  verdict.evidence = {ask, trial};
  judgement.faults = {"history"};
  judgement.message.message_id = "id@outside.example";
  Envelope envelope;
  envelope.queue_id = "4ABC";
  envelope.client_address = "192.0.2.44";
  envelope.envelope_sender = "who@outside.example";
  const std::string expected =
      "qid=4ABC verdict=pitch score=6.2 channel=direct action=annotate clauses=commercial,unwanted "
      "rules=meeting-ask,trial:shadow recipients=1 net=192.0.2.0/24 fault=history ms=1.50";
  CHECK(judgement_line(judgement, envelope, std::chrono::microseconds(1500), false) == expected);
  CHECK(judgement_line(judgement, envelope, std::chrono::microseconds(1500), true) ==
        expected + " from=who@outside.example message_id=id@outside.example");
}

TEST_CASE("the line of a message names every rule, however many") {
  Judgement judgement;
  judgement.recipients.emplace_back();
  std::string expected;
  for (int number = 0; number < 100; ++number) {
    Evidence rule;
    rule.rule = "a-long-name-of-a-rule-" + std::to_string(number);
    rule.shadow = number == 99;
    expected += (expected.empty() ? " rules=" : ",") + rule.rule;
    judgement.recipients.front().verdict.evidence.push_back(rule);
  }
  const std::string line = judgement_line(judgement, {}, std::chrono::microseconds(1), false);
  CHECK(line.find(expected + ":shadow recipients=1 ") != std::string::npos);
}
