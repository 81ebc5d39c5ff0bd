// SPDX-License-Identifier: MIT
#include "policies/text_signals.h"

#include <cmath>
#include <set>
#include <string>

#include "tests/policies/rule_builders.h"
#include "tests/policies/text_models.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

bool is_near(double left, double right, double tolerance) { return std::abs(left - right) <= tolerance; }

using namespace test;

SubjectMatter mail(const std::string& subject, const std::string& text) {
  SubjectMatter matter = body_of(text);
  matter.fields["human"] = matter.fields["body"];
  FoldedText folded = fold_text(subject);
  matter.fields["subject"] = {subject, "subject", std::move(folded.text), std::move(folded.source)};
  return matter;
}

std::set<std::string> names_of(const SubjectMatter& matter) {
  std::set<std::string> names;
  for (const auto& [name, signal] : matter.signals) names.insert(name);
  return names;
}

/// What is said of a text when the model's odds are just `log_odds`.
std::set<std::string> signals_at(double log_odds) {
  const std::string text = "one two three four five six";
  SubjectMatter matter = mail("", text);
  add_text_signals(matter, model_of({}, log_odds));
  return names_of(matter);
}

TEST_CASE("signals by the odds, mild ones included in sure ones", "[text-signals]") {
  using Names = std::set<std::string>;
  CHECK(signals_at(0) == Names{"text-model.pitch"});
  CHECK(signals_at(2.1) == Names{"text-model.pitch"});
  CHECK(signals_at(2.3) == Names{"text-model.likely", "text-model.pitch"});
  CHECK(signals_at(3) == Names{"text-model.likely", "text-model.pitch", "text-model.quite-likely"});
  CHECK(signals_at(4.6) ==
        Names{"text-model.likely", "text-model.pitch", "text-model.quite-likely", "text-model.very-likely"});
  CHECK(signals_at(-0.1) == Names{"text-model.ordinary"});
  CHECK(signals_at(-2.3) == Names{"text-model.ordinary", "text-model.unlikely"});
  CHECK(signals_at(-99) == Names{"text-model.ordinary", "text-model.quite-unlikely", "text-model.unlikely",
                                 "text-model.very-unlikely"});
}

TEST_CASE("few words are not judged", "[text-signals]") {
  const std::string text = "one two three four five";
  SubjectMatter matter = mail("a subject of more than six words in all", text);
  add_text_signals(matter, model_of({}, 5));
  CHECK(matter.signals.empty());
  SubjectMatter nothing;
  add_text_signals(nothing, model_of({}, 5));
  CHECK(nothing.signals.empty());
}

TEST_CASE("a language the model has not read is not judged", "[text-signals]") {
  TextModel model({}, 5, {{Channel::direct, {1, 0}}}, {1, 1, {}, {{"en", {1, 1}}}});
  for (const auto& [language, judged] : {std::pair{"en", true}, {"", true}, {"pl", false}}) {
    CAPTURE(language);
    SubjectMatter matter = mail("", "one two three four five six");
    matter.language = language;
    add_text_signals(matter, model);
    CHECK(matter.signals.contains("text-model.pitch") == judged);
  }
}

TEST_CASE("strength grows with the odds", "[text-signals]") {
  const std::string text = "one two three four five six";
  const auto strength = [&](double log_odds) {
    SubjectMatter matter = mail("", text);
    add_text_signals(matter, model_of({}, log_odds));
    return matter.signals.begin()->second.strength;
  };
  CHECK(strength(0) == 0);
  CHECK(is_near(strength(2.1), 2.1 / TextModel::kMostLogOdds, 1e-9));
  CHECK(is_near(strength(-2.1), 2.1 / TextModel::kMostLogOdds, 1e-9));
  CHECK(strength(50) == 1);
}

TEST_CASE("the strongest words are shown as they stand", "[text-signals]") {
  const std::string subject = "On Thursday";
  const std::string text =
      "The weather holds.\nWe offer \xE2\x80\x9C\xC7\xB1rones\xE2\x80\x9D cheaply, says the gardener.\n";
  SubjectMatter matter = mail(subject, text);
  add_text_signals(matter, model_of({{"offer", 3}, {"cheaply", 2}, {"thursday", 2}, {"gardener", -4}}));
  const Signal& signal = matter.signals.at("text-model.pitch");
  const auto shown = [](const std::string& seen, Span span) { return seen.substr(span.begin, span.size()); };
  CHECK(signal.where == "body");
  CHECK_THAT(shown(text, signal.span), ContainsSubstring("offer"));
  CHECK_THAT(shown(text, signal.span), !ContainsSubstring("gardener"));
  REQUIRE_FALSE(signal.more.empty());
  for (const Signal::Place& place : signal.more) {
    const std::string& seen = place.where == "subject" ? subject : text;
    REQUIRE(place.span.end <= seen.size());
    CHECK(place.span.size() > 0);
    CHECK_THAT(shown(seen, place.span), !ContainsSubstring("gardener"));
  }
}

TEST_CASE("what speaks against a pitch is shown for an ordinary text", "[text-signals]") {
  const std::string text = "We offer nothing, says the gardener to the cat.";
  SubjectMatter matter = mail("", text);
  add_text_signals(matter, model_of({{"offer", 1}, {"gardener", -9}}));
  const Signal& signal = matter.signals.at("text-model.ordinary");
  CHECK_THAT(text.substr(signal.span.begin, signal.span.size()), ContainsSubstring("gardener"));
}

TEST_CASE("a graded rule weighs by strength, and shows all words of its signal", "[text-signals]") {
  const std::string text = "We offer cheap drones, said the gardener, and went home to offer cheap tea.";
  SubjectMatter matter = mail("", text);
  add_text_signals(matter, model_of({{"offer", 2}}, 2.0));
  const double strength = matter.signals.at("text-model.pitch").strength;
  REQUIRE(strength > 0.2);
  REQUIRE(strength < 1);
  Rule graded = rule("words", "text-model", 4, signal("text-model.pitch"));
  graded.graded = true;
  const Verdict verdict = judged(*compiled({policy({graded})}), matter);
  REQUIRE(verdict.evidence.size() >= 2);
  CHECK(is_near(verdict.score, 4 * strength, 0.006));
  CHECK(verdict.evidence[0].weight == verdict.score);
  CHECK(verdict.evidence[1].weight == 0);
  for (const Evidence& evidence : verdict.evidence) {
    CHECK(evidence.rule == "words");
    CHECK(text.substr(evidence.offset, evidence.length) == evidence.text);
    CHECK_FALSE(evidence.text.empty());
  }
}

}  // namespace
}  // namespace coldpitch
