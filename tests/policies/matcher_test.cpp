// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Indices = std::vector<std::size_t>;
using Spans = std::vector<Span>;

std::unique_ptr<const Matcher> compiled(const std::vector<Expression>& expressions) {
  std::vector<Matcher::Refusal> refusals;
  auto matcher = Matcher::compile(expressions, refusals);
  REQUIRE(refusals.empty());
  REQUIRE(matcher != nullptr);
  return matcher;
}

/// The candidates that do hit.
Indices hits(const Matcher& matcher, std::string_view field, std::string_view text,
             std::string_view language = {}) {
  Indices found = matcher.candidates(field, text, language);
  std::erase_if(found, [&](std::size_t index) { return !matcher.is_hit(index, text); });
  return found;
}

TEST_CASE("expressions are found in their field alone", "[matcher]") {
  const auto matcher = compiled({{"body", "call"}, {"subject", "call"}, {"body", "demo"}});
  CHECK(matcher->fields() == std::vector<std::string>{"body", "subject"});
  CHECK(hits(*matcher, "body", "a demo call") == Indices{0, 2});
  CHECK(hits(*matcher, "subject", "a demo call") == Indices{1});
  CHECK(hits(*matcher, "human", "a demo call").empty());
  CHECK(hits(*matcher, "body", "nothing").empty());
  CHECK(hits(*matcher, "body", "").empty());
}

TEST_CASE("expressions are found in mail of their languages", "[matcher]") {
  const auto matcher = compiled({{"body", "call", {"en"}},
                                 {"body", "anruf", {"de"}},
                                 {"body", "demo", {"de", "en"}},
                                 {"subject", "demo", {"de", "en"}},
                                 {"body", "seo"}});
  const std::string text = "call anruf demo seo";
  CHECK(hits(*matcher, "body", text) == Indices{0, 1, 2, 4});
  CHECK(hits(*matcher, "body", text, "en") == Indices{0, 2, 4});
  CHECK(hits(*matcher, "body", text, "de") == Indices{1, 2, 4});
  CHECK(hits(*matcher, "body", text, "fr") == Indices{4});
  CHECK(hits(*matcher, "subject", text, "de") == Indices{3});
  CHECK(hits(*matcher, "subject", text, "fr").empty());
}

TEST_CASE("places of an expression, as many as wanted", "[matcher]") {
  const auto matcher = compiled({{"body", "a+"}, {"body", "b"}});
  CHECK(matcher->spans(0, "xaa a bb", 1) == Spans{{1, 3}});
  CHECK(matcher->spans(0, "xaa a bb", 2) == Spans{{1, 3}, {4, 5}});
  CHECK(matcher->spans(1, "xaa a bb", 50) == Spans{{6, 7}, {7, 8}});
  CHECK(matcher->spans(1, "xaa a", 50).empty());
  CHECK(matcher->spans(1, "", 50).empty());
  CHECK(matcher->spans(1, "b", 0).empty());
}

TEST_CASE("a later place knows what stands before it", "[matcher]") {
  const auto matcher = compiled({{"body", R"(\bab|b\b)"}, {"body", "^x"}});
  CHECK(matcher->spans(0, "abab", 50) == Spans{{0, 2}, {3, 4}});
  CHECK(matcher->spans(1, "xxx", 50) == Spans{{0, 1}});
}

TEST_CASE("word boundaries are of ASCII words", "[matcher]") {
  const auto matcher = compiled({{"body", R"(\bber\b)"}});
  CHECK(matcher->spans(0, "über uns", 50) == Spans{{2, 5}});
}

TEST_CASE("texts that are no UTF-8 and empty hits do no harm", "[matcher]") {
  const auto matcher = compiled({{"body", "x*"}, {"body", "call"}});
  const std::string text("\xff\0call", 6);
  CHECK(hits(*matcher, "body", "") == Indices{0});
  CHECK(hits(*matcher, "body", text) == Indices{0, 1});
  CHECK(matcher->spans(0, "", 50) == Spans{{0, 0}});
  CHECK(matcher->spans(0, "ax", 50) == Spans{{0, 0}, {1, 2}, {2, 2}});
  CHECK(matcher->spans(1, text, 50) == Spans{{2, 6}});
}

TEST_CASE("what is no expression is refused, each with its reason", "[matcher]") {
  std::vector<Matcher::Refusal> refusals;
  CHECK(Matcher::compile({{"body", "("}, {"body", "good"}, {"human", "a{2000}"}}, refusals) == nullptr);
  REQUIRE(refusals.size() == 2);
  CHECK(refusals[0].expression == 0);
  CHECK_THAT(refusals[0].reason, ContainsSubstring("missing )"));
  CHECK(refusals[1].expression == 2);
  CHECK_THAT(refusals[1].reason, ContainsSubstring("repetition"));
}

TEST_CASE("of many expressions those that hit are found", "[matcher]") {
  std::vector<Expression> expressions;
  for (int i = 0; i < 300; ++i) expressions.push_back({"body", "word" + std::to_string(i) + "[a-z]{1,4}"});
  const auto matcher = compiled(expressions);
  const std::string text = "word299abc then word0x and word150hello, but not word77";
  CHECK(hits(*matcher, "body", text) == Indices{0, 150, 299});
}

TEST_CASE("only expressions whose fixed pieces stand in the text are run", "[matcher]") {
  const auto matcher = compiled({{"body", "(?:quick|short) call"},
                                 {"body", "we .{0,8}help"},
                                 {"body", R"(\bseo\b)"},
                                 {"body", R"(\d{2} ?%)"},
                                 {"subject", "quick call"},
                                 {"body", ""}});
  CHECK(matcher->candidates("body", "a short call") == Indices{0, 3});
  CHECK(matcher->candidates("body", "short of a call") == Indices{3});
  CHECK(matcher->candidates("body", "we can help") == Indices{1, 3});
  CHECK(matcher->candidates("body", "help") == Indices{3});
  CHECK(matcher->candidates("body", "museo") == Indices{2, 3});
  CHECK(hits(*matcher, "body", "museo, help, 20 %") == Indices{3});
  CHECK(matcher->is_always_candidate(3));
  CHECK_FALSE(matcher->is_always_candidate(0));
  CHECK_FALSE(matcher->is_always_candidate(5));
  CHECK(matcher->has(4));
  CHECK_FALSE(matcher->has(5));
}

TEST_CASE("a filtered search finds what running every expression finds", "[matcher]") {
  // Alternatives, options, classes, repeats, borders, letters beyond ASCII, pieces within pieces and across the end.
  const std::vector<std::string> patterns{
      "ab",          "abc",        "abcd|bcda", "(?:ab)+c",  "a[bc]d?a",     "a{3}",          "b.d",
      "(?:ü|ue)ber", R"(\babc\b)", "^abc",      "abc$",      "(?:x|abcabc)", "d(?:ab|ba)?cd", "[^a]bca",
      "über|abcü",   "c(?:a|b)*d", "abab|baba", "(?:abc|)d", R"(\PLabc)",    "aabb"};
  std::vector<Expression> expressions;
  for (const std::string& pattern : patterns) expressions.push_back({"body", pattern});
  const auto matcher = compiled(expressions);
  const std::vector<std::string> letters{"a", "b", "c", "d", " ", "ü"};
  unsigned bits = 7;
  for (int round = 0; round < 3000; ++round) {
    std::string text;
    for (int i = round % 40; i > 0; --i) {
      bits = bits * 1103515245U + 12345U;
      text += letters[(bits >> 16U) % letters.size()];
    }
    Indices expected;
    for (std::size_t index = 0; index < patterns.size(); ++index) {
      if (matcher->is_hit(index, text)) expected.push_back(index);
    }
    CAPTURE(text);
    REQUIRE(hits(*matcher, "body", text) == expected);
  }
}

TEST_CASE("an expression whose memory is full again and again finds the same", "[matcher]") {
  // Nearly every octet leads to a new state of the first expression.
  const auto matcher = compiled({{"body", "(?:a|b)*a(?:a|b){14}c"}, {"body", "end"}});
  std::string text;
  unsigned bits = 1;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 1103515245U + 12345U;
    text += (bits >> 16U) % 2 == 0 ? 'a' : 'b';
  }
  text += " end";
  CHECK(hits(*matcher, "body", text) == Indices{1});
  CHECK(hits(*matcher, "body", text.substr(0, 15000) + "c end") == Indices{0, 1});
}

TEST_CASE("a pool may hold more than is looked for, and what it refused", "[matcher]") {
  ExpressionPool pool;
  CHECK(pool.add("not asked for").compiled != nullptr);
  CHECK(pool.add("call").compiled != nullptr);
  CHECK(pool.add("call").compiled == pool.add("call").compiled);
  CHECK(pool.add("(").compiled == nullptr);
  CHECK_THAT(pool.add("(").refusal, ContainsSubstring("missing )"));
  CHECK(pool.size() == 2);
  std::vector<Matcher::Refusal> refusals;
  const auto matcher = Matcher::compile({{"body", "demo"}, {"body", "call"}}, refusals, std::move(pool));
  REQUIRE(matcher != nullptr);
  CHECK(hits(*matcher, "body", "not asked for: a call") == Indices{1});
}

}  // namespace
}  // namespace coldpitch
