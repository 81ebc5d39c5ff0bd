// SPDX-License-Identifier: MIT
#include "policies/exact_texts.h"

#include <re2/re2.h>
#include <re2/stringpiece.h>

#include <string>
#include <vector>

#include "policies/automata.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// Each as it is written in an expression.
std::vector<std::string> texts(std::string_view expression) {
  std::vector<std::string> written;
  for (const AtomFinder::Atom& atom : exact_texts(expression)) {
    written.push_back((atom.border_before ? "\\b" : "") + atom.text + (atom.border_behind ? "\\b" : ""));
  }
  return written;
}
using Texts = std::vector<std::string>;

TEST_CASE("an expression that is a list of texts is written out, the preferred first", "[exact_texts]") {
  CHECK(texts("quick call") == Texts{"quick call"});
  CHECK(texts("(?:quick|short) calls?") == Texts{"quick calls", "quick call", "short calls", "short call"});
  CHECK(texts(R"(\b(?:we|our)\b)") == Texts{R"(\bwe\b)", R"(\bour\b)"});
  CHECK(texts("optimi[sz]e") == Texts{"optimise", "optimize"});
  CHECK(texts("ab[a-c-]") == Texts{"aba", "abb", "abc", "ab-"});
  CHECK(texts("(quick (?:short )?)?call") == Texts{"quick short call", "quick call", "call"});
  CHECK(texts(R"(price\.|e-mail)") == Texts{"price.", "e-mail"});
  CHECK(texts("büro[sä]?") == Texts{"büros", "büroä", "büro"});
  CHECK(texts("call|demo|call") == Texts{"call", "demo"});
  // A border beside a blank always holds, one between letters never.
  CHECK(texts(R"(\bquick\b \bcall)") == Texts{R"(\bquick call)"});
  CHECK(texts(R"(quick(?:\b|ly\b)(?: call|er))") == Texts{"quick call", "quickly call"});
}

TEST_CASE("every other expression is left to RE2", "[exact_texts]") {
  for (const char* expression : {"",
                                 "a",
                                 "call|a",
                                 "a?b?",
                                 "call+",
                                 "calls*",
                                 "calls??",
                                 "calls?+",
                                 "call.",
                                 "^call",
                                 "call$",
                                 R"(call\d)",
                                 R"(\Bcall)",
                                 "[^a]b",
                                 "call[[:alpha:]]",
                                 "(?i)call",
                                 "(?P<name>call)",
                                 "call{2}",
                                 R"(\Qcall\E)",
                                 R"(\x63all)",
                                 "[a-zà-ž]b",
                                 "[a-z]b",
                                 R"(a\bb)",
                                 R"(\b\b)",
                                 "(?:ab|)",
                                 "aa[b-]c-e]",
                                 "\xff\xff"}) {
    CAPTURE(expression);
    CHECK(texts(expression).size() == (std::string_view(expression) == "aa[b-]c-e]" ? 2 : 0));
  }
  std::string many = "(?:a|b|c|d|e|f|g)(?:a|b|c|d|e|f|g)(?:a|b|c|d|e|f|g)";
  CHECK(texts(many).empty());
  CHECK(texts(std::string(300, '(') + "call" + std::string(300, ')')).empty());
  Automata automata;
  CHECK(automata.add("[a-z]b").texts().empty());
  CHECK(automata.add("call|demo").texts().size() == 2);
}

TEST_CASE("what RE2 refuses is refused", "[exact_texts]") {
  for (const char* expression :
       {"(", ")", "call)", "[call", "*call", "?call", "call|*", "a{2000}", R"(call\)", R"(\_call)",
        R"(ca\ll)", "(?P<>call)", "[b-a]call", "[a-c-e]call"}) {
    CAPTURE(expression);
    const re2::RE2 expected(expression, re2::RE2::Quiet);
    Automata automata;
    CHECK(automata.add(expression).refusal().empty() == expected.ok());
  }
}

TEST_CASE("lists of texts are found as RE2 finds them", "[exact_texts]") {
  const std::vector<std::string> expressions{
      "ab|abc",       "abc|ab",      R"(\bab\b|b a)",        "(?:a|ab)(?:c|bcd)", "aba",
      "(?:ab|ba)?cd", "[ab]c|a[cd]", R"(\b(?:ab|abc|b)c\b)", "bü|üb?a",           R"(\bü?ab\b)",
      R"( \bab|c b)", "ab?a|cc",     R"(a\b,? b|aa)",        R"(\b,a|a,\b)"};
  const std::vector<std::string> letters{"a", "b", "c", "d", " ", "ü", ",", "ab"};
  unsigned bits = 11;
  const auto random = [&bits](std::size_t count) {
    bits = bits * 1103515245U + 12345U;
    return (bits >> 16U) % count;
  };
  std::size_t hits = 0;
  for (const std::string& expression : expressions) {
    CAPTURE(expression);
    const re2::RE2 automaton(expression);
    Automata automata;
    const Automata::Expression& exact = automata.add(expression);
    CHECK_FALSE(exact.texts().empty());
    for (int round = 0; round < 400; ++round) {
      std::string text;
      for (std::size_t left = random(14); left > 0; --left) text += letters[random(letters.size())];
      CAPTURE(text);
      Span window{random(text.size() + 1), 0};
      window.end = window.begin + random(text.size() - window.begin + 1);
      re2::StringPiece hit;
      const bool is_hit = automaton.Match(text, window.begin, window.end, re2::RE2::UNANCHORED, &hit, 1);
      const std::vector<Span> found = exact.spans(text, {&window, 1}, 1);
      if (found.empty() == is_hit || exact.hits(text, {&window, 1}) != is_hit) FAIL("other than RE2");
      if (!is_hit) continue;
      ++hits;
      const auto begin = static_cast<std::size_t>(hit.data() - text.data());
      re2::StringPiece rest;
      std::vector<Span> expected;
      for (std::size_t from = window.begin;
           automaton.Match(text, from, window.end, re2::RE2::UNANCHORED, &rest, 1);
           from = expected.back().end) {
        const auto at = static_cast<std::size_t>(rest.data() - text.data());
        expected.push_back({at, at + rest.size()});
      }
      if (exact.spans(text, {&window, 1}, 50) != expected) FAIL("other places than RE2");
      if (found.front() != Span{begin, begin + hit.size()}) FAIL("elsewhere than RE2");
    }
  }
  CHECK(hits > 200);
}

}  // namespace
}  // namespace coldpitch
