// SPDX-License-Identifier: MIT
#include "policies/matcher.h"

#include <memory>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Indices = std::vector<std::size_t>;
using Spans = std::vector<Span>;

std::unique_ptr<const Matcher> compiled(const std::vector<Expression>& expressions,
                                        const Matcher::Options& options = {}) {
  std::vector<Matcher::Refusal> refusals;
  auto matcher = Matcher::compile(expressions, options, refusals);
  REQUIRE(refusals.empty());
  REQUIRE(matcher != nullptr);
  return matcher;
}

TEST_CASE("expressions are found in their field alone", "[matcher]") {
  const auto matcher = compiled({{"body", "call"}, {"subject", "call"}, {"body", "demo"}});
  CHECK(matcher->fields() == std::vector<std::string>{"body", "subject"});
  CHECK(matcher->hits("body", "a demo call") == Indices{0, 2});
  CHECK(matcher->hits("subject", "a demo call") == Indices{1});
  CHECK(matcher->hits("human", "a demo call").empty());
  CHECK(matcher->hits("body", "nothing").empty());
  CHECK(matcher->hits("body", "").empty());
}

TEST_CASE("expressions are found in mail of their languages", "[matcher]") {
  const auto matcher = compiled({{"body", "call", {"en"}},
                                 {"body", "anruf", {"de"}},
                                 {"body", "demo", {"de", "en"}},
                                 {"subject", "demo", {"de", "en"}},
                                 {"body", "seo"}});
  const std::string text = "call anruf demo seo";
  CHECK(matcher->hits("body", text) == Indices{0, 1, 2, 4});
  CHECK(matcher->hits("body", text, "en") == Indices{0, 2, 4});
  CHECK(matcher->hits("body", text, "de") == Indices{1, 2, 4});
  CHECK(matcher->hits("body", text, "fr") == Indices{4});
  CHECK(matcher->hits("subject", text, "de") == Indices{3});
  CHECK(matcher->hits("subject", text, "fr").empty());
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
  CHECK(matcher->hits("body", "") == Indices{0});
  CHECK(matcher->hits("body", text) == Indices{0, 1});
  CHECK(matcher->spans(0, "", 50) == Spans{{0, 0}});
  CHECK(matcher->spans(0, "ax", 50) == Spans{{0, 0}, {1, 2}, {2, 2}});
  CHECK(matcher->spans(1, text, 50) == Spans{{2, 6}});
}

TEST_CASE("what is no expression is refused, each with its reason", "[matcher]") {
  std::vector<Matcher::Refusal> refusals;
  CHECK(Matcher::compile({{"body", "("}, {"body", "good"}, {"human", "a{2000}"}}, {}, refusals) == nullptr);
  REQUIRE(refusals.size() == 2);
  CHECK(refusals[0].expression == 0);
  CHECK_THAT(refusals[0].reason, ContainsSubstring("missing )"));
  CHECK(refusals[1].expression == 2);
  CHECK_THAT(refusals[1].reason, ContainsSubstring("repetition"));
}

/// 300 expressions and a text that holds some of them.
std::vector<Expression> many_expressions() {
  std::vector<Expression> expressions;
  for (int i = 0; i < 300; ++i) expressions.push_back({"body", "word" + std::to_string(i) + "[a-z]{1,4}"});
  return expressions;
}

TEST_CASE("shards and sets without memory find the same", "[matcher]") {
  const std::string text = "word299abc then word0x and word150hello, but not word77";
  const Indices expected{0, 150, 299};
  const struct {
    const char* name;
    Matcher::Options options;
  } kRows[] = {
      {"one set", {}},
      {"a shard of the exact number", {1U << 26U, 300}},
      {"two shards", {1U << 26U, 299}},
      {"a shard each", {1U << 26U, 1}},
      {"no shard size", {1U << 26U, 0}},
      {"sets that fit only in pieces", {60000, 2000}},
      {"no memory for any set", {1, 2000}},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(compiled(many_expressions(), row.options)->hits("body", text) == expected);
  }
}

TEST_CASE("a set whose memory is full again and again finds the same", "[matcher]") {
  // Nearly every octet leads to a new state of the first expression.
  const std::vector<Expression> expressions{{"body", "(?:a|b)*a(?:a|b){14}c"}, {"body", "end"}};
  std::string text;
  unsigned bits = 1;
  for (int i = 0; i < 20000; ++i) {
    bits = bits * 1103515245U + 12345U;
    text += (bits >> 16U) % 2 == 0 ? 'a' : 'b';
  }
  text += " end";
  for (const std::size_t octets : {std::size_t{1}, std::size_t{6000}, std::size_t{1} << 26U}) {
    CAPTURE(octets);
    CHECK(compiled(expressions, {octets, 2000})->hits("body", text) == Indices{1});
  }
}

}  // namespace
}  // namespace coldpitch
