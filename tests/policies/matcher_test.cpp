// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/atom_finder.h"
#include "policies/expression_pieces.h"
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

struct Found {
  Indices indices;  ///< of what may hit, sorted
  Matcher::Candidates candidates;
};

Found find(const Matcher& matcher, std::string_view field, std::string_view text,
           std::string_view language = {}) {
  Found found;
  const Matcher::Languages languages = matcher.languages(language);
  matcher.find_candidates(field, text, languages, found.candidates);
  found.indices = found.candidates.expressions();
  for (const std::size_t index : matcher.always_candidates(field)) {
    if (matcher.speaks(index, languages)) found.indices.push_back(index);
  }
  std::sort(found.indices.begin(), found.indices.end());
  return found;
}

/// The candidates that do hit.
Indices hits(const Matcher& matcher, std::string_view field, std::string_view text,
             std::string_view language = {}) {
  const Found found = find(matcher, field, text, language);
  Indices hits;
  for (const std::size_t index : found.indices) {
    if (matcher.is_hit(index, text, matcher.windows(index, text, found.candidates))) hits.push_back(index);
  }
  return hits;
}

Indices candidates(const Matcher& matcher, std::string_view field, std::string_view text) {
  return find(matcher, field, text).indices;
}

/// In the whole text.
Spans spans(const Matcher& matcher, std::size_t index, std::string_view text, std::size_t most) {
  const Span whole{0, text.size()};
  return matcher.spans(index, text, {&whole, 1}, most);
}

Spans windows(const Matcher& matcher, std::size_t index, std::string_view text) {
  return matcher.windows(index, text, find(matcher, "body", text).candidates);
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

TEST_CASE("an expression that ignores case is looked for around its pieces alone", "[matcher]") {
  const auto matcher = compiled({{"body", R"((?i)Quick\sCall)"}, {"body", R"(\Qa (quick) call\E)"}});
  const std::string before(500, 'x');
  CHECK(hits(*matcher, "body", before + " a quick call") == Indices{0});
  CHECK(hits(*matcher, "body", before + " a (quick) call") == Indices{1});
  CHECK(hits(*matcher, "body", before + " quick") == Indices{});
  const Spans around = windows(*matcher, 0, before + " a quick call");
  REQUIRE(around.size() == 1);
  CHECK(around.front().size() < 60);
}

TEST_CASE("places of an expression, as many as wanted", "[matcher]") {
  const auto matcher = compiled({{"body", "a+"}, {"body", "b"}});
  CHECK(spans(*matcher, 0, "xaa a bb", 1) == Spans{{1, 3}});
  CHECK(spans(*matcher, 0, "xaa a bb", 2) == Spans{{1, 3}, {4, 5}});
  CHECK(spans(*matcher, 1, "xaa a bb", 50) == Spans{{6, 7}, {7, 8}});
  CHECK(spans(*matcher, 1, "xaa a", 50).empty());
  CHECK(spans(*matcher, 1, "", 50).empty());
  CHECK(spans(*matcher, 1, "b", 0).empty());
}

TEST_CASE("a later place knows what stands before it", "[matcher]") {
  const auto matcher = compiled({{"body", R"(\bab|b\b)"}, {"body", "^x"}});
  CHECK(spans(*matcher, 0, "abab", 50) == Spans{{0, 2}, {3, 4}});
  CHECK(spans(*matcher, 1, "xxx", 50) == Spans{{0, 1}});
}

TEST_CASE("word boundaries are of ASCII words", "[matcher]") {
  const auto matcher = compiled({{"body", R"(\bber\b)"}});
  CHECK(spans(*matcher, 0, "über uns", 50) == Spans{{2, 5}});
}

TEST_CASE("texts that are no UTF-8 and empty hits do no harm", "[matcher]") {
  const auto matcher = compiled({{"body", "x*"}, {"body", "call"}});
  const std::string text("\xff\0call", 6);
  CHECK(hits(*matcher, "body", "") == Indices{0});
  CHECK(hits(*matcher, "body", text) == Indices{0, 1});
  CHECK(spans(*matcher, 0, "", 50) == Spans{{0, 0}});
  CHECK(spans(*matcher, 0, "ax", 50) == Spans{{0, 0}, {1, 2}, {2, 2}});
  CHECK(spans(*matcher, 1, text, 50) == Spans{{2, 6}});
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
  CHECK(candidates(*matcher, "body", "a short call") == Indices{0, 3});
  CHECK(candidates(*matcher, "body", "short of a call") == Indices{3});
  CHECK(candidates(*matcher, "body", "we can help") == Indices{1, 3});
  CHECK(candidates(*matcher, "body", "help") == Indices{1, 3});
  CHECK(candidates(*matcher, "body", "we can") == Indices{3});
  CHECK(candidates(*matcher, "body", "museo") == Indices{3});
  CHECK(candidates(*matcher, "body", "üseo") == Indices{2, 3});
  CHECK(hits(*matcher, "body", "museo, help, 20 %") == Indices{3});
  CHECK(matcher->is_always_candidate(3));
  CHECK_FALSE(matcher->is_always_candidate(0));
  CHECK_FALSE(matcher->is_always_candidate(5));
  CHECK(matcher->has(4));
  CHECK_FALSE(matcher->has(5));
}

TEST_CASE("an expression is run only as far as a hit may reach", "[matcher]") {
  const auto matcher = compiled({{"body", R"(\bquick (?:demo )?call\b)"},
                                 {"body", R"(call [a-z]+\b)"},
                                 {"body", "call.*"},
                                 {"body", R"(\d\d)"},
                                 {"body", "^call"}});
  const std::string text = "hello you, a call now and one more, perhaps some time, if you like: a quick call";
  const std::size_t first = text.find("call");
  const std::size_t quick = text.find("quick");
  CHECK(windows(*matcher, 0, text) == Spans{{quick - 5, text.size()}});
  CHECK(windows(*matcher, 1, text) == Spans{{first, first + 8}});
  CHECK(windows(*matcher, 2, text) == Spans{{0, text.size()}});
  CHECK(windows(*matcher, 3, text) == Spans{{0, text.size()}});
  CHECK(windows(*matcher, 4, text) == Spans{{first, first + 4}, {text.size() - 4, text.size()}});
  CHECK(hits(*matcher, "body", text) == Indices{0, 1, 2});
  CHECK(windows(*matcher, 4, "call call callcall") == Spans{{0, 4}, {5, 9}, {10, 18}});
}

TEST_CASE("pieces that stand everywhere, and words without end, have the whole text run", "[matcher]") {
  const auto matcher = compiled({{"body", "call(?:s|ed) now"}, {"body", R"(call \w+ now)"}});
  std::string often;
  for (std::size_t i = 0; i <= AtomFinder::kMaxPlaces; ++i) often += "calls now, ok? ";
  CHECK(windows(*matcher, 0, often) == Spans{{0, often.size()}});
  CHECK(windows(*matcher, 0, often.substr(15)).size() == AtomFinder::kMaxPlaces);
  const std::string endless = "call " + std::string(499, 'a') + " now";
  CHECK(windows(*matcher, 1, endless) == Spans{{0, endless.size()}});
  CHECK(hits(*matcher, "body", endless) == Indices{1});
  CHECK(hits(*matcher, "body", std::string(600, 'x') + "call " + std::string(600, 'a') + " now") ==
        Indices{1});
}

/// Letters of few kinds, so that pieces meet and overlap.
std::string random_text(unsigned& bits, int letters) {
  static const std::vector<std::string> kLetters{"a", "b", "c", "d", " ", "ü"};
  std::string text;
  for (int i = letters; i > 0; --i) {
    bits = bits * 1103515245U + 12345U;
    text += kLetters[(bits >> 16U) % kLetters.size()];
  }
  return text;
}

TEST_CASE("a filtered search finds what running every expression finds", "[matcher]") {
  // Alternatives, options, classes, repeats, borders, letters beyond ASCII, pieces within pieces and across the end.
  const std::vector<std::string> patterns{
      "ab", "abc", "abcd|bcda", "(?:ab)+c", "a[bc]d?a", "a{3}", "b.d", "(?:ü|ue)ber", R"(\babc\b)", "^abc",
      "abc$", "(?:x|abcabc)", "d(?:ab|ba)?cd", "[^a]bca", "über|abcü", "c(?:a|b)*d", "abab|baba", "(?:abc|)d",
      R"(\PLabc)", "aabb",
      // Some that take more or less where they may, or only beside others, and some without end.
      "abc(?:d|da)?", "(?:abc|abcda)b?", "(?:abc)+?", R"(\w+abc\b)", R"(abc ?\w*\b)", R"(abc\W{0,2}(?:abc)?)",
      R"(\Babc\B)", R"((?:^|\PL)cab(?:\PL|$))", "[a-d]*bcd", "[^ ]{2,4}bca[^ ]*", "bca .+d", "ü.abc|abc.ü",
      "(?:a|ab)(?:c|bcd)(?:d*)", R"(\babc(?:d|\b))", "dab(?:c ?){1,3}", "(?i)abca"};
  std::vector<Expression> expressions;
  for (const std::string& pattern : patterns) expressions.push_back({"body", pattern});
  const auto matcher = compiled(expressions);
  unsigned bits = 7;
  Matcher::Candidates candidates;
  for (int round = 0; round < 1500; ++round) {
    const std::string text = random_text(bits, round % 40 + (round % 50 == 0 ? 600 : 0));
    matcher->find_candidates("body", text, matcher->languages(""), candidates);
    CAPTURE(text);
    for (std::size_t index = 0; index < patterns.size(); ++index) {
      CAPTURE(patterns[index]);
      const Spans found = matcher->spans(index, text, matcher->windows(index, text, candidates), 50);
      if (found != spans(*matcher, index, text, 50)) FAIL("other places");
    }
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
  CHECK(pool.add("brief (?:quick |short )+call").pieces == expression_pieces("brief (?:quick |short )+call"));
  std::vector<Matcher::Refusal> refusals;
  const auto matcher = Matcher::compile({{"body", "demo"}, {"body", "call"}}, refusals, std::move(pool));
  REQUIRE(matcher != nullptr);
  CHECK(hits(*matcher, "body", "not asked for: a call") == Indices{1});
}

}  // namespace
}  // namespace coldpitch
