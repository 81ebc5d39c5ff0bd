// SPDX-License-Identifier: MIT
#include "policies/expression_checks.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::string faults_of(const std::string& expression) {
  std::string text;
  for (const std::string& fault : expression_faults(expression)) text += (text.empty() ? "" : "; ") + fault;
  return text;
}

std::string gap(const std::string& piece) {
  return "holds a gap wider than 8 characters: '" + piece + "' (say it with 'near')";
}

TEST_CASE("expressions that may be used") {
  const char* const kExpressions[] = {
      R"(quick call)",
      R"(\b(?:10|15|20|ten|fifteen)[ -]min(?:ute)?s?\b)",
      R"((?:quick|short|intro(?:ductory)?) (?:call|chat))",
      R"(a.b)",
      R"(a.{8}b)",
      R"(a.{0,8}b)",
      R"(a.{0,8}b.{0,8}c)",
      R"(a[^.]{0,8}b)",
      R"(a.{0,4}(?:x|y).{0,4}b)",
      R"(for \w+ teams)",
      R"(\d+ ?%)",
      R"([a-z]+ing)",
      R"((?:\d{1,3},)*\d+ euros)",
      R"((?:really |very ){0,9}good)",
      R"((?:[a-z]{1,4} ){1,2}x)",
      R"(\.{3,})",
      R"([.]{9}x)",
      R"(a{0,50}b)",
      R"(x{y)",
      R"(x{1,y})",
      R"(\Qa.*b\E)",
      R"(\W\S\D\B)",
      R"(\x{e9}\x41\pL\p{Greek}\PL)",
      R"((?i)a(?s:b)(?P<name>c)(d))",
      R"([]a])",
      R"([^]a]b)",
      R"([[:alpha:]]b)",
      R"(quick[a-z'-]+call)",
      R"(a[ ,;-]+b)",
      R"(a[a-z ]{0,8}b)",
      R"(a[\s\d]+b)",
      R"(a[+-]b)",
      R"(^hello$)",
      "gr\xC3\xBC ?gott",
      "\xD0\xBF\xD1\x80\xD0\xB8",
  };
  for (const char* expression : kExpressions) {
    INFO(expression);
    CHECK(faults_of(expression).empty());
  }
}

TEST_CASE("expressions that are refused") {
  struct Row {
    std::string expression, expected;
  };
  const Row rows[] = {
      {"", "is empty"},
      {"a(", "is refused by RE2: missing ): a("},
      {"a**", "is refused by RE2: bad repetition operator: **"},
      {"(?=a)", "is refused by RE2: invalid perl operator: (?="},
      {"call(?! back)",
       "is refused by RE2: invalid perl operator: (?! (what must not be there stands under 'none')"},
      {"*call*",
       "is refused by RE2: no argument for repetition operator: * (it repeats what stands before it; text "
       "around what is looked for needs no sign)"},
      {R"((a)\1)", R"(is refused by RE2: invalid escape sequence: \1)"},
      {"a{1001}", "is refused by RE2: invalid repetition size: {1001}"},
      {R"(\pL{1000})", "is refused by RE2: pattern too large - compile failed"},
      // Without a character taken.
      {"a*", "matches the empty text"},
      {"(?:)", "matches the empty text"},
      {"a?|b", "matches the empty text"},
      {R"(\b)", "matches the empty text"},
      {"^", "matches the empty text"},
      {"$", "matches the empty text"},
      {R"(\B)", "matches the empty text"},
      // Gaps.
      {"a.*b", gap(".*")},
      {"a.+b", gap(".+")},
      {"a.*?b", gap(".*?")},
      {"a.{9}b", gap(".{9}")},
      {"a.{0,9}b", gap(".{0,9}")},
      {"a.{3,}b", gap(".{3,}")},
      {"a.{0,4}.{0,5}b", gap(".{0,5}")},
      {"a.{0,4}x?.{0,5}b", gap(".{0,5}")},
      {"a.........b", gap(".")},
      {"a[^.]*b", gap("[^.]*")},
      {"a[^]]+b", gap("[^]]+")},
      {R"(a\S+b)", gap(R"(\S+)")},
      {R"(a\W{0,20}b)", gap(R"(\W{0,20})")},
      {R"(a[\s\S]*b)", gap(R"([\s\S]*)")},
      {R"(a[[:^alpha:]]*b)", gap(R"([[:^alpha:]]*)")},
      {R"(a\PL*b)", gap(R"(\PL*)")},
      {R"(a\P{Greek}*b)", gap(R"(\P{Greek}*)")},
      {"a(?:.)*b", gap("(?:.)*")},
      {"a(?:.{3}){3}b", gap("(?:.{3}){3}")},
      {"a(?:b|.{5}){2}c", gap("(?:b|.{5}){2}")},
      {R"(a(?:\w+ ){0,5}b)", gap(R"((?:\w+ ){0,5})")},
      {R"(a(?:[a-z]{1,5} ){1,2}b)", gap(R"((?:[a-z]{1,5} ){1,2})")},
      {R"(a((\w+) )+b)", gap(R"(((\w+) )+)")},
      {R"(\Qa\E.*b)", gap(".*")},
      // Letters and blanks.
      {R"(quick[ a-z]+call)", gap("[ a-z]+")},
      {R"(quick[a-z ]{0,9}call)", gap("[a-z ]{0,9}")},
      {R"(quick[\w\s]*call)", gap(R"([\w\s]*)")},
      {R"(quick[[:alnum:] ]+call)", gap("[[:alnum:] ]+")},
      {R"(quick[[:print:]]+call)", gap("[[:print:]]+")},
      {R"(quick[ -~]+call)", gap("[ -~]+")},
      {"a(?s:.*)b", gap(".*")},
      {".*", "matches the empty text; " + gap(".*")},
      // What folding leaves nothing of.
      {"Hello", "holds 'H', which folded text never holds (write 'h')"},
      {"[A-Z]{3}", "holds 'A', which folded text never holds (write 'a')"},
      {R"(\QHi\E)", "holds 'H', which folded text never holds (write 'h')"},
      {"gr\xC3\x9Cn", "holds '\xC3\x9C', which folded text never holds (write '\xC3\xBC')"},
      {"don\xE2\x80\x99t", "holds '\xE2\x80\x99', which folded text never holds (write ''')"},
      {"a\xE2\x80\x8B"
       "b",
       "holds '?', which folded text never holds (leave it out)"},
      {"a\u00A0b", "holds a white space that is no blank, which folded text never holds (write a blank)"},
      {R"(\BA)", "holds 'A', which folded text never holds (write 'a')"},
      {"X.*", gap(".*") + "; holds 'X', which folded text never holds (write 'x')"},
      // Octets.
      {"a\bb",
       R"(holds control octet \x08 (in double quotes a backslash is an escape: write expressions in single quotes))"},
      {"a\nb",
       R"(holds control octet \n (in double quotes a backslash is an escape: write expressions in single quotes))"},
      {"a\x7F",
       R"(holds control octet \x7f (in double quotes a backslash is an escape: write expressions in single quotes))"},
  };
  for (const Row& row : rows) {
    INFO(row.expression);
    CHECK(faults_of(row.expression) == row.expected);
  }
}

TEST_CASE("expressions: length, at and above the limit") {
  CHECK(faults_of(std::string(kMaxExpressionOctets, 'a')).empty());
  CHECK(faults_of(std::string(kMaxExpressionOctets + 1, 'a')) == "is longer than 1000 octets");
}

}  // namespace
}  // namespace coldpitch
