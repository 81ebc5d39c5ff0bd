// SPDX-License-Identifier: MIT
#include "policies/engine.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/policies/rule_builders.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;
using Kind = Condition::Kind;

/// Whether a rule with `condition` counts for `matter`.
bool counts(const Condition& condition, const SubjectMatter& matter) {
  const auto engine = compiled({policy({rule("r", "ask", 1, condition)})});
  return !judged(*engine, matter).evidence.empty();
}

TEST_CASE("a condition is a tree of expressions and facts", "[engine]") {
  const std::string text = "A quick CALL about\nyour website";
  SubjectMatter matter = body_of(text);
  matter.signals["fake-reply"] = {};
  const Condition yes = pattern("quick call");
  const Condition no = pattern("demo");
  const struct {
    const char* name;
    Condition condition;
    bool expected;
  } kRows[] = {
      {"pattern", yes, true},
      {"pattern that misses", no, false},
      {"pattern over a line end", pattern("about your"), true},
      {"pattern in another field", pattern("quick call", {"subject"}), false},
      {"pattern in one of the fields", pattern("quick call", {"subject", "body"}), true},
      {"signal", signal("fake-reply"), true},
      {"signal that is absent", signal("bounce"), false},
      {"any", combine(Kind::any, {no, yes}), true},
      {"any of none", combine(Kind::any, {no, signal("bounce")}), false},
      {"all", combine(Kind::all, {yes, signal("fake-reply")}), true},
      {"all but one", combine(Kind::all, {yes, no}), false},
      {"none", combine(Kind::none, {no, signal("bounce")}), true},
      {"none but one", combine(Kind::none, {no, yes}), false},
      {"at least one of three", combine(Kind::at_least, {no, yes, no}, 1), true},
      {"at least two of three", combine(Kind::at_least, {yes, no, signal("fake-reply")}, 2), true},
      {"at least three of three", combine(Kind::at_least, {yes, no, signal("fake-reply")}, 3), false},
      {"nested", combine(Kind::all, {combine(Kind::any, {no, yes}), combine(Kind::none, {no})}), true},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(counts(row.condition, matter) == row.expected);
  }
}

TEST_CASE("near: all expressions begin within so many words of each other", "[engine]") {
  const struct {
    const char* name;
    std::size_t words;
    std::vector<std::string> expressions;
    std::string text;
    bool expected;
  } kRows[] = {
      {"in reach", 3, {"open to", "call"}, "open to a call", true},
      {"just out of reach", 2, {"open to", "call"}, "open to a call", false},
      {"the other way round", 3, {"call", "open to"}, "open to a call", true},
      {"one is missing", 9, {"open to", "demo"}, "open to a call", false},
      {"a later hit is near", 2, {"open", "call"}, "open the door, later be open to call", true},
      {"an earlier hit is near", 1, {"open", "call"}, "call open and then and then open", true},
      {"a word of every mail beside it",
       2,
       {R"(\b(?:we|our)\b)", "software"},
       "we x x x x our new software",
       true},
      {"such a word behind it", 2, {R"(\b(?:we|our)\b)", "software"}, "software that we", true},
      {"such words too far from it", 1, {R"(\b(?:we|our)\b)", "software"}, "we x software x our", false},
      {"such a word beside a later hit",
       1,
       {R"(\b(?:we|our)\b)", "software"},
       "software x x our software",
       true},
      {"two such words beside it",
       2,
       {R"(\b(?:we|our)\b)", R"(\d+ ?%)", "software"},
       "our software: 5 %",
       true},
      {"one of two such words too far",
       2,
       {R"(\b(?:we|our)\b)", R"(\d+ ?%)", "software"},
       "our software x x 5 %",
       false},
      {"such words alone", 2, {R"(\b(?:we|our)\b)", R"(\d+ ?%)"}, "we x 5 % x our", true},
      {"such words alone, too far", 1, {R"(\b(?:we|our)\b)", R"(\d+ ?%)"}, "we x 5 % x our", false},
      {"one that begins with a blank", 0, {" software", "our"}, "our software", true},
      {"one of many words", 1, {R"(\bwe (?:\w+ ){0,3}do\b)", "software"}, "software we x x x do", true},
      {"one of many words before it",
       4,
       {R"(\bwe (?:\w+ ){0,3}do\b)", "software"},
       "we x x do software",
       true},
      {"one of many words too far before it",
       3,
       {R"(\bwe (?:\w+ ){0,3}do\b)", "software"},
       "we x x do software",
       false},
      {"a far pair, then a near one", 1, {"open", "call"}, "open x x x call x x x open call", true},
      {"three within", 4, {"a1", "b1", "c1"}, "a1 x b1 x c1", true},
      {"three, one too far", 3, {"a1", "b1", "c1"}, "a1 x b1 x c1", false},
      {"pairs are near, never all three",
       4,
       {"a1", "b1", "c1"},
       "a1 b1 x x x x x b1 c1 x x x x x c1 a1",
       false},
      {"same word", 0, {"back", "backlink"}, "a backlink", true},
      {"line ends are blanks", 2, {"open", "call"}, "open\n\n  to\tcall", true},
      {"more words than there are", 1U << 31U, {"open", "call"}, "open to call", true},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(counts(near(row.words, row.expressions), body_of(row.text)) == row.expected);
  }
}

TEST_CASE("near never joins two texts", "[engine]") {
  const std::string subject = "open to";
  const std::string body = "a call";
  SubjectMatter matter = body_of(body);
  matter.fields["subject"] = {subject, "subject", subject, {}};
  CHECK_FALSE(counts(near(100, {"open", "call"}, {"subject", "body"}), matter));

  const Header header(std::vector<HeaderField>{{"X-Note", "call x x x open"}, {"X-Note", "call x x x open"}});
  matter.header = &header;
  CHECK_FALSE(counts(near(3, {"open", "call"}, {"header X-Note"}), matter));
  CHECK(counts(near(4, {"open", "call"}, {"header X-Note"}), matter));
}

TEST_CASE("near looks at the first fifty hits of the rarer expression", "[engine]") {
  const auto repeated = [](std::string_view text, int times) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const Condition beside = near(1, {"open", "call"});
  CHECK(counts(beside, body_of(repeated("open ", 300) + "call")));
  CHECK(counts(beside, body_of("call open " + repeated("x x x open", 300))));
  CHECK(counts(beside, body_of(repeated("open x x call x x ", 49) + "open call")));
  CHECK_FALSE(counts(beside, body_of(repeated("open x x call x x ", 50) + "open call")));
}

TEST_CASE("header fields are looked at by name, case ignored, all of a name", "[engine]") {
  const Header header(std::vector<HeaderField>{
      {"X-Mailer", "Some Mailer 1"}, {"x-mailer", "Bulk  MAILER"}, {"X-Other", "demo"}});
  SubjectMatter matter;
  matter.header = &header;
  CHECK(counts(pattern("^bulk mailer$", {"header X-MAILER"}), matter));
  CHECK_FALSE(counts(pattern("demo", {"header X-Mailer"}), matter));
  matter.header = nullptr;
  CHECK_FALSE(counts(pattern("bulk", {"header X-Mailer"}), matter));
}

/// The one piece of evidence of a rule with `condition`.
Evidence evidence_of(const Condition& condition, const SubjectMatter& matter) {
  const auto engine = compiled({policy({rule("r", "ask", 1.5, condition)})});
  const Verdict verdict = judged(*engine, matter);
  REQUIRE(verdict.evidence.size() == 1);
  return verdict.evidence.front();
}

TEST_CASE("evidence shows the words as they stand in the message", "[engine]") {
  const std::string text = "Hello,\n\nOpen  to a Quick\n CALL next week? Then call.";
  const SubjectMatter matter = body_of(text);
  const struct {
    const char* name;
    Condition condition;
    std::string words;
  } kRows[] = {
      {"first hit", pattern("call"), "CALL"},
      {"over a line end", pattern("quick call"), "Quick\n CALL"},
      {"near: from the first to the last", near(5, {"call", "open to"}), "Open  to a Quick\n CALL"},
      {"words before facts", combine(Kind::all, {signal("bounce"), pattern("next week")}), "next week"},
      {"what stands first in the rule", combine(Kind::any, {pattern("week"), pattern("hello")}), "week"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    SubjectMatter with_fact = matter;
    with_fact.signals["bounce"] = {};
    const Evidence evidence = evidence_of(row.condition, with_fact);
    CHECK(evidence.text == row.words);
    CHECK(evidence.where == "body");
    CHECK(evidence.offset == text.find(row.words));
    CHECK(evidence.length == row.words.size());
  }
}

TEST_CASE("evidence names rule, clause, policy, group and weight", "[engine]") {
  const std::string text = "call";
  const Evidence expected{"r", "commercial", "house-rules", "ask", 1.5, false, "body", 0, 4, "call"};
  CHECK(evidence_of(pattern("call"), body_of(text)) == expected);
}

TEST_CASE("evidence of human words has its place in the whole text", "[engine]") {
  const std::string text = "> Call\nCall me";
  SubjectMatter matter;
  FoldedText folded = fold_text(std::string_view(text).substr(7));
  OffsetMap cut;
  cut.add(0, 7);
  matter.fields["human"] = {text, "body", std::move(folded.text), folded.source.then(cut)};
  const Evidence evidence = evidence_of(pattern("call", {"human"}), matter);
  CHECK(evidence.where == "body");
  CHECK(evidence.offset == 7);
  CHECK(evidence.length == 4);
  CHECK(evidence.text == "Call");
}

TEST_CASE("evidence from header, links and hidden text has words but no place", "[engine]") {
  const Header header(std::vector<HeaderField>{{"X-Mailer", "Bulk Mailer"}});
  const std::string hidden = "Some Words";
  SubjectMatter matter;
  matter.header = &header;
  matter.fields["links"] = {{}, "links", "calendar.example/jane", {}};
  matter.fields["hidden"] = {hidden, "hidden", "some words", {}};
  matter.fields["hidden"].to_seen.add(0, 0);
  const struct {
    Condition condition;
    std::string where, text;
  } kRows[] = {
      {pattern("bulk", {"header x-mailer"}), "header", "bulk"},
      {pattern(R"(calendar\.example/)", {"links"}), "links", "calendar.example/"},
      {pattern("words", {"hidden"}), "hidden", "Words"},
  };
  for (const auto& row : kRows) {
    const Evidence evidence = evidence_of(row.condition, matter);
    CHECK(evidence.where == row.where);
    CHECK(evidence.text == row.text);
    CHECK(evidence.offset == 0);
    CHECK(evidence.length == 0);
  }
}

TEST_CASE("evidence of facts is what the fact says", "[engine]") {
  const std::string subject = "Re: Hello";
  SubjectMatter matter;
  matter.fields["subject"] = {subject, "subject", "re: hello", {}};
  matter.signals["fake-reply"] = {"subject", {0, 3}, "detail"};
  matter.signals["told-to-stop"] = {"history", {}, "2023-11-14"};
  matter.signals["no-place"] = {"body", {0, 3}, "not in a field"};
  CHECK(evidence_of(signal("fake-reply"), matter) ==
        Evidence{"r", "commercial", "house-rules", "ask", 1.5, false, "subject", 0, 3, "Re:"});
  CHECK(evidence_of(signal("told-to-stop"), matter) ==
        Evidence{"r", "commercial", "house-rules", "ask", 1.5, false, "history", 0, 0, "2023-11-14"});
  CHECK(evidence_of(signal("no-place"), matter) ==
        Evidence{"r", "commercial", "house-rules", "ask", 1.5, false, "body", 0, 0, "not in a field"});
  CHECK(evidence_of(combine(Kind::none, {signal("bounce")}), matter) ==
        Evidence{"r", "commercial", "house-rules", "ask", 1.5, false, "body", 0, 0, ""});
}

TEST_CASE("evidence is cut between letters", "[engine]") {
  std::string text = "x";
  for (int i = 0; i < 300; ++i) text += "ü";
  const Evidence evidence = evidence_of(pattern("x(?:\\x{fc}+)"), body_of(text));
  CHECK(evidence.length == 399);
  CHECK(evidence.text == text.substr(0, 399));
}

TEST_CASE("hits of another engine do no harm", "[engine]") {
  const std::string text = "call";
  const auto engine =
      compiled({policy({rule("a", "ask", 1, pattern("call")), rule("b", "ask", 1, near(1, {"c", "a"}))})});
  CHECK(engine->expressions() == 3);
  CHECK(engine->judge(body_of(text), PatternHits{}).evidence.empty());
}

TEST_CASE("an expression is kept once for a field", "[engine]") {
  const auto engine = compiled({policy({rule("a", "ask", 1, pattern("call", {"body", "subject"})),
                                        rule("b", "ask", 1, near(3, {"call", "demo"})),
                                        rule("c", "ask", 1, pattern("call", {"header X-A"})),
                                        rule("d", "ask", 1, pattern("call", {"header x-a"}))})});
  CHECK(engine->expressions() == 4);
}

std::vector<std::string> errors_of(Policy policy) {
  std::vector<Diagnostic> diagnostics;
  const auto engine = Engine::compile({std::move(policy)}, diagnostics);
  std::vector<std::string> messages;
  bool is_error = false;
  for (const Diagnostic& diagnostic : diagnostics) {
    is_error = is_error || diagnostic.severity == Diagnostic::Severity::error;
    messages.push_back(std::to_string(diagnostic.location.line) + ": " + diagnostic.message);
  }
  CHECK((engine == nullptr) == is_error);
  return messages;
}

Condition at_line(std::size_t line, Condition condition) {
  condition.location = {"test.yaml", line, 1};
  return condition;
}

Condition nested(int depth) {
  Condition condition = pattern("x");
  for (int i = 0; i < depth; ++i) condition = combine(Kind::any, {std::move(condition)});
  return condition;
}

TEST_CASE("conditions may be nested to a depth", "[engine]") {
  CHECK(errors_of(policy({rule("deep", "g", 1, nested(32))})).empty());
  CHECK(errors_of(policy({rule("deep", "g", 1, nested(33))})) ==
        std::vector<std::string>{"0: conditions nested too deeply"});
}

TEST_CASE("conditions that mean nothing are errors, all of them", "[engine]") {
  Condition near_signal = near(3, {"x"});
  near_signal.children.push_back(signal("bounce"));
  const auto messages = errors_of(policy({
      rule("a", "g", 1, at_line(2, pattern("call("))),
      rule("b", "g", 1, at_line(3, pattern("call", {}))),
      rule("c", "g", 1, at_line(4, combine(Kind::all, {}))),
      rule("d", "g", 1, at_line(5, near(3, {}))),
      rule("e", "g", 1, at_line(6, near_signal)),
      rule("g", "g", 1, at_line(8, pattern("fine"))),
  }));
  CHECK(messages == std::vector<std::string>{
                        "3: expression without a field to look in",
                        "4: condition without parts",
                        "5: condition without parts",
                        "6: 'near' holds expressions and lists only",
                        "2: expression is refused: missing ): call(",
                    });
}

Policy with_examples(Condition condition, std::vector<std::string> hit, std::vector<std::string> miss) {
  Rule tried = rule("tried", "ask", 1, std::move(condition));
  tried.examples_hit = std::move(hit);
  tried.examples_miss = std::move(miss);
  tried.location = {"test.yaml", 7, 3};
  return policy({std::move(tried)});
}

TEST_CASE("examples must do what they say", "[engine]") {
  const Condition call = pattern("quick call", {"subject", "header X-Note"});
  using Messages = std::vector<std::string>;
  CHECK(errors_of(with_examples(call, {"A Quick Call?"}, {"a call"})).empty());
  CHECK(errors_of(with_examples(call, {"A call\x01"}, {})) ==
        Messages{"7: rule 'tried': example should hit but does not: \"A call\\x01\""});
  CHECK(errors_of(with_examples(call, {}, {"quick call"})) ==
        Messages{"7: rule 'tried': example should miss but hits: \"quick call\""});
  CHECK(errors_of(with_examples(signal("bounce"), {"text"}, {"text"})) ==
        Messages{"7: rule 'tried': examples without an expression to try them on"});
}

TEST_CASE("examples have the facts a rule asks for, and not those it excludes", "[engine]") {
  const Condition mixed =
      combine(Kind::all, {pattern("call"), signal("fake-reply"),
                          combine(Kind::none, {signal("genuine-reply"), pattern("patch")})});
  CHECK(errors_of(with_examples(mixed, {"a call"}, {"a patch call", "nothing"})).empty());
  CHECK(errors_of(with_examples(near(2, {"open", "call"}, {"human"}), {"open to call"}, {"open to a call"}))
            .empty());
}

TEST_CASE("a policy judges its channels, and the most severe speaks", "[engine]") {
  Policy mild = policy({rule("mild", "ask", 4, signal("s"))});
  mild.id = "mild";
  Policy severe = policy({rule("one", "structure", 3, signal("s")), rule("two", "ask", 2, signal("s"))});
  severe.id = "severe";
  severe.channels = {Channel::direct, Channel::list};
  Policy high_score = policy({rule("high", "ask", 9, signal("s"))});
  high_score.id = "high";
  const auto engine = compiled({mild, severe, high_score});
  CHECK(engine->policies().size() == 3);

  SubjectMatter matter = signals_of({"s"});
  Verdict verdict = judged(*engine, matter);
  CHECK(verdict.level == Level::pitch);
  CHECK(verdict.score == 5.0);
  CHECK(verdict.evidence.front().policy == "severe");

  const auto without_severe = compiled({mild, high_score});
  verdict = judged(*without_severe, matter);
  CHECK(verdict.level == Level::suspect);
  CHECK(verdict.evidence.front().policy == "high");

  matter.channel = Channel::list;
  CHECK(judged(*engine, matter).evidence.front().policy == "severe");
  CHECK(judged(*engine, matter).channel == Channel::list);

  matter.channel = Channel::linkedin;
  Verdict unjudged;
  unjudged.channel = Channel::linkedin;
  CHECK(judged(*engine, matter) == unjudged);
}

TEST_CASE("no policies judge nothing", "[engine]") {
  const auto engine = compiled({});
  CHECK(engine->expressions() == 0);
  CHECK(judged(*engine, body_of("call")) == Verdict{});
}

}  // namespace
}  // namespace coldpitch
