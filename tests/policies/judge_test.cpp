// SPDX-License-Identifier: MIT
#include "policies/judge.h"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/policies/rule_builders.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

/// A rule that counts when there is a fact of its own name.
Rule fact(const std::string& id, const std::string& group, double weight) {
  return rule(id, group, weight, signal(id));
}

Verdict judged_by(Policy judging, const std::vector<std::string>& facts, const Thresholds& thresholds = {}) {
  return judged(*compiled({std::move(judging)}), signals_of(facts), thresholds);
}

/// "rule weight" of each piece of evidence.
std::vector<std::string> weights_of(const Verdict& verdict) {
  std::vector<std::string> weights;
  for (const Evidence& evidence : verdict.evidence) {
    std::string weight = std::to_string(evidence.weight);
    weight.erase(weight.find('.') + 2);
    weights.push_back(evidence.rule + " " + weight + (evidence.shadow ? " shadow" : ""));
  }
  return weights;
}

using Weights = std::vector<std::string>;

TEST_CASE("levels: score, groups, and groups with a meaning", "[judge]") {
  const Policy judging = policy({
      fact("ask", "ask", 2),
      fact("ask-too", "ask", 2),
      fact("offer", "offer", 2),
      fact("opener", "opener", 1),
      fact("heavy", "offer", 9),
      fact("form", "structure", 3),
      fact("again", "repetition", 1),
      fact("stop", "stop", 5),
      fact("quiet-stop", "stop", 1),
      fact("report", "report", 1),
      fact("sibling", "sibling", 5),
      fact("light", "light", 0.9),
      fact("known", "known", -4),
  });
  const struct {
    const char* name;
    std::vector<std::string> facts;
    double score;
    Level level;
  } kRows[] = {
      {"nothing", {}, 0, Level::none},
      {"below suspect", {"ask", "light"}, 2.9, Level::none},
      {"suspect at its threshold", {"ask", "opener"}, 3, Level::suspect},
      {"just below pitch", {"ask", "offer", "light"}, 4.9, Level::suspect},
      {"pitch at its threshold", {"ask", "offer", "opener"}, 5, Level::pitch},
      {"enough score, too few groups", {"heavy", "ask"}, 11, Level::suspect},
      {"a strong group needs one other", {"ask", "form"}, 5, Level::pitch},
      {"a strong group beside counter-evidence", {"form", "heavy", "known"}, 8, Level::pitch},
      {"two rules of one group are one group", {"ask", "ask-too", "heavy"}, 11, Level::suspect},
      {"repetition makes a pitch a repeated one", {"ask", "offer", "again"}, 5, Level::repeat_pitch},
      {"repetition alone is nothing", {"again", "ask"}, 3, Level::suspect},
      {"the user's own word needs no other", {"stop"}, 5, Level::repeat_pitch},
      {"the user's own word, spoken against", {"stop", "known"}, 5, Level::repeat_pitch},
      {"the user's own word below the threshold", {"quiet-stop"}, 1, Level::repeat_pitch},
      {"a report is a pitch", {"report", "known"}, 1, Level::pitch},
      {"a report of one who comes again", {"report", "form", "again"}, 5, Level::repeat_pitch},
      {"a stop told to others needs no other group", {"sibling"}, 5, Level::repeat_pitch},
      {"a stop told to others, spoken against", {"sibling", "known"}, 1, Level::none},
      {"counter-evidence", {"ask", "offer", "opener", "known"}, 1, Level::none},
      {"never below nothing", {"ask", "known"}, 0, Level::none},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    const Verdict verdict = judged_by(judging, row.facts);
    CHECK(verdict.score == row.score);
    CHECK(verdict.level == row.level);
    CHECK(verdict.threshold == 5.0);
    CHECK(verdict.reason.empty() == (row.level == Level::none));
  }
}

TEST_CASE("a strong group alone is no pitch", "[judge]") {
  const Verdict verdict = judged_by(policy({fact("form", "structure", 6)}), {"form"});
  CHECK(verdict.level == Level::suspect);
}

TEST_CASE("the text model alone is no pitch, whatever the policy asks for", "[judge]") {
  Policy lenient = policy({fact("words", "text-model", 9), fact("ask", "ask", 1)});
  lenient.minimum_groups = 1;
  lenient.minimum_groups_with_strong = 1;
  lenient.strong_groups = {"text-model"};
  CHECK(judged_by(lenient, {"words"}).level == Level::suspect);
  CHECK(judged_by(lenient, {"words", "ask"}).level == Level::pitch);
}

TEST_CASE("a graded rule weighs as much as its signal is strong", "[judge]") {
  Rule graded = fact("words", "text-model", 4);
  graded.graded = true;
  SubjectMatter matter = signals_of({"words"});
  const auto engine = compiled({policy({graded})});
  CHECK(judged(*engine, matter).score == 4);
  matter.signals["words"].strength = 0.126;
  CHECK(judged(*engine, matter).score == 0.5);
  matter.signals["words"].strength = 0;
  CHECK(judged(*engine, matter).score == 0);
}

TEST_CASE("numbers of groups are the policy's", "[judge]") {
  Policy judging = policy({fact("a", "a", 3), fact("b", "b", 3), fact("s", "structure", 6)});
  CHECK(judged_by(judging, {"a", "b"}).level == Level::suspect);
  judging.minimum_groups = 2;
  CHECK(judged_by(judging, {"a", "b"}).level == Level::pitch);
  judging.minimum_groups = 4;
  judging.minimum_groups_with_strong = 1;
  CHECK(judged_by(judging, {"s"}).level == Level::pitch);
  judging.minimum_groups_with_strong = 3;
  CHECK(judged_by(judging, {"s", "a"}).level == Level::suspect);
  CHECK(judged_by(judging, {"s", "a", "b"}).level == Level::pitch);
}

TEST_CASE("a pitch needs one of the groups its policy says", "[judge]") {
  Policy judging = policy({fact("a", "a", 3), fact("b", "b", 3), fact("c", "c", 3), fact("offer", "offer", 3),
                           fact("stop", "stop", 6)});
  judging.needed_groups = {"offer", "seller"};
  CHECK(judged_by(judging, {"a", "b", "c"}).level == Level::suspect);
  CHECK(judged_by(judging, {"a", "b", "offer"}).level == Level::pitch);
  CHECK(judged_by(judging, {"stop"}).level == Level::repeat_pitch);
}

TEST_CASE("thresholds: the recipient's, else the policy's, else the defaults", "[judge]") {
  Policy judging = policy({fact("a", "a", 1), fact("b", "b", 1), fact("c", "repetition", 1)});
  const std::vector<std::string> facts{"a", "b", "c"};
  const struct {
    const char* name;
    std::map<Level, double> own;
    Thresholds replaced;
    Level level;
    double threshold;
  } kRows[] = {
      {"defaults", {}, {}, Level::suspect, 5},
      {"own pitch, repeated at the same", {{Level::pitch, 3}}, {}, Level::repeat_pitch, 3},
      {"own repeat", {{Level::pitch, 3}, {Level::repeat_pitch, 3.5}}, {}, Level::pitch, 3},
      {"replaced pitch", {{Level::pitch, 9}}, {{Level::pitch, 2}}, Level::repeat_pitch, 2},
      {"replaced suspect", {}, {{Level::suspect, 3.1}}, Level::none, 5},
      {"replaced repeat", {{Level::pitch, 2}}, {{Level::repeat_pitch, 4}}, Level::pitch, 2},
      {"suspect over pitch", {{Level::suspect, 9}, {Level::pitch, 3}}, {}, Level::repeat_pitch, 3},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    judging.thresholds = row.own;
    const Verdict verdict = judged_by(judging, facts, row.replaced);
    CHECK(verdict.level == row.level);
    CHECK(verdict.threshold == row.threshold);
  }
  judging.thresholds = {{Level::suspect, 9}, {Level::pitch, 2}};
  CHECK(judged_by(judging, {"a", "b"}).level == Level::suspect);
}

TEST_CASE("of a group only the heaviest rule counts", "[judge]") {
  const Policy judging = policy({
      fact("small", "ask", 1),
      fact("big", "ask", 2),
      fact("same", "ask", 2),
      fact("other", "offer", 1.5),
  });
  CHECK(weights_of(judged_by(judging, {"small", "big", "same", "other"})) ==
        Weights{"big 2.0", "other 1.5", "small 0.0", "same 0.0"});
  CHECK(judged_by(judging, {"small", "big", "same", "other"}).score == 3.5);
  CHECK(weights_of(judged_by(judging, {"small"})) == Weights{"small 1.0"});
}

TEST_CASE("a rule without a group stands for itself", "[judge]") {
  const Policy judging = policy({fact("a", "", 2), fact("b", "", 2), fact("c", "", 2)});
  const Verdict verdict = judged_by(judging, {"a", "b", "c"});
  CHECK(verdict.score == 6);
  CHECK(verdict.level == Level::pitch);
}

TEST_CASE("counter-evidence counts beside its group, once a group", "[judge]") {
  const Policy judging = policy({
      fact("for", "ask", 6),
      fact("against", "ask", -1),
      fact("strongly", "ask", -2),
      fact("too", "other", -0.5),
  });
  const Verdict verdict = judged_by(judging, {"for", "against", "strongly", "too"});
  CHECK(verdict.score == 3.5);
  CHECK(weights_of(verdict) == Weights{"for 6.0", "against 0.0", "too -0.5", "strongly -2.0"});
}

TEST_CASE("shadow rules are shown and count nothing", "[judge]") {
  Rule shadow = fact("shadow", "ask", 9);
  shadow.shadow = true;
  Rule counter = fact("counter-shadow", "ask", -9);
  counter.shadow = true;
  const Policy judging = policy({shadow, counter, fact("real", "ask", 1), fact("minus", "x", -0.5)});
  const Verdict verdict = judged_by(judging, {"shadow", "counter-shadow", "real", "minus"});
  CHECK(verdict.score == 0.5);
  CHECK(weights_of(verdict) ==
        Weights{"real 1.0", "minus -0.5", "shadow 0.0 shadow", "counter-shadow 0.0 shadow"});

  Policy only_shadows = policy({shadow});
  only_shadows.minimum_groups = 1;
  CHECK(judged_by(only_shadows, {"shadow"}).level == Level::none);
}

Policy two_clauses(std::optional<double> cap) {
  Policy judging = policy({fact("a", "a", 4), fact("b", "b", 3), fact("c", "c", 2), fact("minus", "m", -1)});
  judging.rules[2].clause = "repetitive";
  Clause second;
  second.id = "repetitive";
  judging.clauses.push_back(second);
  judging.clauses[0].cap = cap;
  return judging;
}

TEST_CASE("a clause adds at most its cap, and counter-evidence is felt behind it", "[judge]") {
  using Clauses = std::vector<ClauseScore>;
  const std::vector<std::string> all{"a", "b", "c", "minus"};
  Verdict verdict = judged_by(two_clauses(std::nullopt), all);
  CHECK(verdict.score == 8);
  CHECK(verdict.clauses == Clauses{{"commercial", "house-rules", 6}, {"repetitive", "house-rules", 2}});

  verdict = judged_by(two_clauses(2.5), all);
  CHECK(verdict.score == 3.5);
  CHECK(verdict.clauses == Clauses{{"repetitive", "house-rules", 2}, {"commercial", "house-rules", 1.5}});

  verdict = judged_by(two_clauses(7.0), {"a", "b"});
  CHECK(verdict.score == 7);

  verdict = judged_by(two_clauses(0.5), all);
  CHECK(verdict.score == 1.5);
  CHECK(verdict.clauses == Clauses{{"repetitive", "house-rules", 2}});
}

TEST_CASE("tenths add up", "[judge]") {
  Policy judging = policy({});
  std::vector<std::string> facts;
  for (int i = 0; i < 10; ++i) {
    facts.push_back("r" + std::to_string(i));
    judging.rules.push_back(fact(facts.back(), facts.back(), 0.1));
  }
  judging.thresholds = {{Level::pitch, 1.0}};
  const Verdict verdict = judged_by(judging, facts);
  CHECK(verdict.score == 1.0);
  CHECK(verdict.level == Level::pitch);
}

TEST_CASE("a rule counts for its languages and channels", "[judge]") {
  Rule german = fact("german", "g", 1);
  german.languages = {"de", "nl"};
  Rule listed = fact("listed", "l", 1);
  listed.channels = {"list"};
  Policy judging = policy({german, listed});
  judging.channels = {Channel::direct, Channel::list};
  const auto engine = compiled({judging});
  const struct {
    std::string language;
    Channel channel;
    Weights expected;
  } kRows[] = {
      {"de", Channel::direct, {"german 1.0"}},
      {"nl", Channel::direct, {"german 1.0"}},
      {"en", Channel::direct, {}},
      {"", Channel::direct, {"german 1.0"}},
      {"en", Channel::list, {"listed 1.0"}},
      {"", Channel::list, {"german 1.0", "listed 1.0"}},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.language);
    SubjectMatter matter = signals_of({"german", "listed"});
    matter.language = row.language;
    matter.channel = row.channel;
    CHECK(weights_of(judged(*engine, matter)) == row.expected);
  }
}

TEST_CASE("the reason is that of the three heaviest rules, each said once", "[judge]") {
  Policy judging = policy(
      {fact("a", "a", 1), fact("b", "b", 4), fact("c", "c", 3), fact("d", "d", 2), fact("m", "m", -5)});
  CHECK(judged_by(judging, {"a", "b", "c", "d"}).reason == "reason of b; reason of c; reason of d");
  CHECK(judged_by(judging, {"a", "c"}).reason == "reason of c; reason of a");

  judging.rules[2].reason = judging.rules[1].reason;
  CHECK(judged_by(judging, {"a", "b", "c", "d"}).reason == "reason of b; reason of d; reason of a");
  judging.rules[1].reason.clear();
  CHECK(judged_by(judging, {"b"}).reason == "reason of the clause");
  CHECK(judged_by(judging, {"b", "m"}).reason.empty());
}

TEST_CASE("a reason may show what history knows", "[judge]") {
  Policy judging = policy({fact("told-to-stop", "stop", 4)});
  judging.rules[0].reason = "you said stop on {detail}";
  SubjectMatter matter = signals_of({"told-to-stop"});
  matter.signals["told-to-stop"] = {"history", {}, "2022-02-08"};
  CHECK(judged(*compiled({judging}), matter).reason == "you said stop on 2022-02-08");
  matter.signals["told-to-stop"] = {"header", {}, "the sender's own text"};
  CHECK(judged(*compiled({judging}), matter).reason == "you said stop on ?");
}

TEST_CASE("a reason never holds text of the message", "[judge]") {
  const std::string text = "buy my goods";
  const auto engine = compiled({policy({rule("offer", "offer", 4, pattern("buy my goods"))})});
  CHECK(judged(*engine, body_of(text)).reason == "reason of offer");
}

}  // namespace
}  // namespace coldpitch
