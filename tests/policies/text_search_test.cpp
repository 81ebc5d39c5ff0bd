// SPDX-License-Identifier: MIT
#include "policies/text_search.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Spans = std::vector<Span>;

std::unique_ptr<const Matcher> compiled(const std::vector<std::string>& patterns) {
  std::vector<Expression> expressions;
  for (const std::string& pattern : patterns) expressions.push_back({"body", pattern});
  std::vector<Matcher::Refusal> refusals;
  auto matcher = Matcher::compile(expressions, refusals);
  REQUIRE(matcher != nullptr);
  return matcher;
}

std::size_t word_at(const std::string& text, std::size_t offset) {
  return static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), ' '));
}

/// Whether a hit of each lies within so many words, by trying all of them.
bool are_near(const std::string& text, const std::vector<Spans>& hits, std::size_t words) {
  for (const Spans& spans : hits) {
    for (const Span first : spans) {
      const std::size_t from = word_at(text, first.begin);
      const auto has_one = [&](const Spans& others) {
        return std::any_of(others.begin(), others.end(), [&](Span other) {
          const std::size_t word = word_at(text, other.begin);
          return word >= from && word - from <= words;
        });
      };
      if (std::all_of(hits.begin(), hits.end(), has_one)) return true;
    }
  }
  return false;
}

TEST_CASE("near finds what trying all hits finds", "[text_search]") {
  // Rare ones, one of every text, one of digits, one with blanks inside, one that begins with a blank.
  const std::vector<std::string> patterns{"seo", "call", R"(\bwe\b)", R"(\d+)", "quick call", " seo"};
  const std::vector<std::vector<std::size_t>> nears{{0, 1},    {2, 0},    {0, 2, 3}, {2, 3},      {4, 2},
                                                    {5, 3, 2}, {1, 4, 0}, {0, 0},    {0, 1, 2, 3}};
  const std::vector<std::string> words{"seo", "call", "we", "5", "quick", "x", "seo5", "x,", "ü"};
  const auto matcher = compiled(patterns);
  Matcher::Candidates candidates;
  const std::vector<ListFinder::Found> none;
  unsigned bits = 3;
  const auto random = [&bits](std::size_t count) {
    bits = bits * 1103515245U + 12345U;
    return (bits >> 16U) % count;
  };
  std::size_t found_some = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text;
    for (std::size_t left = random(40); left > 0; --left)
      text += words[random(words.size())] + (left > 1 ? " " : "");
    matcher->find_candidates("body", text, matcher->languages(""), candidates);
    TextSearch search(*matcher, text, &candidates, none);
    TextSearch everywhere(*matcher, text, nullptr, none);
    const Span whole{0, text.size()};
    CAPTURE(text);
    for (const std::vector<std::size_t>& near : nears) {
      std::vector<Spans> hits;
      for (const std::size_t index : near) hits.push_back(matcher->spans(index, text, {&whole, 1}, 1000));
      const std::size_t apart = random(6);
      CAPTURE(near, apart);
      const auto found = search.near(near, apart);
      found_some += found ? 1 : 0;
      if (found.has_value() != are_near(text, hits, apart)) FAIL("other than by trying all");
      const auto also = everywhere.near(near, apart);
      if (found.has_value() != also.has_value()) FAIL("other than without candidates");
      if (!found) continue;
      CHECK((found->first == also->first && found->last == also->last));
      CHECK(word_at(text, found->last.begin) - word_at(text, found->first.begin) <= apart);
    }
  }
  CHECK(found_some > 1000);
}

TEST_CASE("near tells the first stretch, from its first hit to the end of the last", "[text_search]") {
  const auto matcher = compiled({"seo", R"(\bwe\b)", "seo for years"});
  const std::string text = "we x x x our seo, which we sell: seo for years";
  Matcher::Candidates candidates;
  matcher->find_candidates("body", text, matcher->languages(""), candidates);
  const std::vector<ListFinder::Found> none;
  TextSearch search(*matcher, text, &candidates, none);
  const auto found = search.near({0, 1}, 3);
  REQUIRE(found);
  CHECK(text.substr(found->first.begin, found->last.end - found->first.begin) == "seo, which we");
  const auto longest = search.near({0, 1, 2}, 3);
  REQUIRE(longest);
  CHECK(text.substr(longest->first.begin, longest->last.end - longest->first.begin) ==
        "we sell: seo for years");
  CHECK_FALSE(search.near({0, 1}, 1));
}

TEST_CASE("what is not there is not looked for", "[text_search]") {
  const auto matcher = compiled({"seo", R"(\bwe\b)", "call"});
  const std::string text = "we offer seo";
  Matcher::Candidates candidates;
  matcher->find_candidates("body", text, matcher->languages(""), candidates);
  const std::vector<ListFinder::Found> listed{{3, {{0, 2}}}};
  const TextSearch search(*matcher, text, &candidates, listed);
  CHECK(search.may_hit(0));
  CHECK(search.may_hit(1));
  CHECK_FALSE(search.may_hit(2));
  CHECK(search.first(0) == Span{9, 12});
  CHECK(search.first(1) == Span{0, 2});
  CHECK_FALSE(search.first(2));
}

}  // namespace
}  // namespace coldpitch
