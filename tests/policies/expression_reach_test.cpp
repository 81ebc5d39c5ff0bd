// SPDX-License-Identifier: MIT
#include "policies/expression_reach.h"

#include "policies/expression_checks.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// The faults, joined.
std::string told(std::string_view expression) {
  std::string text;
  for (const std::string& fault : reach_faults(expression)) text += (text.empty() ? "" : "; ") + fault;
  return text;
}

std::string border(const std::string& letter) {
  return "has '\\b' beside '" + letter +
         "', where RE2 sees no border of a word (write '(?:^|\\PL)' before it, '(?:\\PL|$)' behind it, or "
         "nothing)";
}

constexpr const char* kBehindEnd = "can never hit: characters stand behind '$'";
constexpr const char* kBeforeStart = "can never hit: '^' stands behind characters";
constexpr const char* kTwoSpaces =
    "asks for two white spaces in a row, which folded text never holds (it has single blanks)";

TEST_CASE("expression reach: anchors") {
  for (const char* sound : {"^a", "a$", "^$", "^(?:a|b)$", "(?:^|,)a", "a(?:,|$)", "(?:^a|b)c", "\\Aa\\z",
                            "a?^b", "^^a", "(?m)a$b", "[$^]a", "a\\$b", "a(?:$|b)"}) {
    CAPTURE(sound);
    CHECK(told(sound).empty());
  }
  for (const char* dead : {"a^", "a^b", "a(?:b|^c)", "(?:a)\\Ab", "a+^", "x{2}^"}) {
    CAPTURE(dead);
    CHECK(told(dead) == kBeforeStart);
  }
  for (const char* dead : {"$a", "a$b", "(?:a$|b)c", "\\za"}) {
    CAPTURE(dead);
    CHECK(told(dead) == kBehindEnd);
  }
}

TEST_CASE("expression reach: white space") {
  for (const char* sound :
       {"a b", "a\\sb", "a\\s?b", " ?a", "a +b", "a( b)?", "a {1}b", "(?:a |b ) ?c", "a { b"}) {
    CAPTURE(sound);
    CHECK(told(sound).empty());
  }
  for (const char* dead : {"a  b", "a \\sb", "a {2}b", "\\s{2,}", "a\\s{3}b"}) {
    CAPTURE(dead);
    CHECK(told(dead) == kTwoSpaces);
  }
  CHECK(told("a\\nb") == "holds '\\n', which folded text never holds (white space is a single blank)");
  CHECK(told("a[\\n ]b").empty());
}

TEST_CASE("expression reach: borders beside letters beyond ASCII") {
  for (const char* sound : {"\\bunter", "über\\w", "\\b(?:unter|auf)\\b", "(?:^|\\PL)über", "grün(?:er)?",
                            "\\b\\w+über", "\\bx\\b", "\\b[a-z]", "\\b", "café(?:\\PL|$)"}) {
    CAPTURE(sound);
    CHECK(told(sound).empty());
  }
  const struct {
    const char *expression, *letter;
  } kRows[] = {
      {"\\büber", "ü"},          {"\\b(?:unter|über)", "ü"}, {"café\\b", "é"},
      {"(?:caf|café)\\b", "é"},  {"\\b[äa]pfel", "ä"},       {"\\bп", "п"},
      {"(?:a|(?:b|ż))\\b", "ż"}, {"zażółć?\\b", "ć"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.expression);
    CHECK(told(row.expression) == border(row.letter));
  }
}

TEST_CASE("expression reach: every expression is read to its end") {
  for (const char* odd :
       {"(", "[", "\\", "a{", "(?", "(?P<x", "[[:", "\\p{", "\\x", "\\Q", "a|", "|", ")", "[]", "[^]"}) {
    CAPTURE(odd);
    CHECK(reach_faults(odd).size() < 9);
  }
  CHECK(told(std::string(100'000, 'a') + "$b") == kBehindEnd);
}

TEST_CASE("expressions that hit almost any text") {
  for (const char* broad :
       {"\\w", ".", "[a-z]", "[aeiou]", "\\S", "a|e|i|o|u|y", "^", "\\b", "\\w+(?: \\w+)?"}) {
    CAPTURE(broad);
    CHECK(hits_almost_any_text(broad));
  }
  for (const char* telling : {"call", "\\d", "the", "[?]", "\\bu", "  "}) {
    CAPTURE(telling);
    CHECK_FALSE(hits_almost_any_text(telling));
  }
  CHECK_FALSE(hits_almost_any_text("("));
}

}  // namespace
}  // namespace coldpitch
