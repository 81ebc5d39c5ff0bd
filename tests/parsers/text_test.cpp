// SPDX-License-Identifier: MIT
#include "parsers/text.h"

#include <string>
#include <string_view>
#include <vector>

#include "parsers/utf8.h"
#include "tests/support/catch.h"

namespace {

using namespace coldpitch;

constexpr std::size_t kNone = std::string_view::npos;
const std::string kFffd = "\xEF\xBF\xBD";

TEST_CASE("octets are classified by ASCII alone") {
  for (int i = 0; i < 256; ++i) {
    const char octet = static_cast<char>(i);
    const bool upper = i >= 'A' && i <= 'Z';
    const bool lower = i >= 'a' && i <= 'z';
    const bool digit = i >= '0' && i <= '9';
    CAPTURE(i);
    CHECK(is_ascii_alpha(octet) == (upper || lower));
    CHECK(is_ascii_digit(octet) == digit);
    CHECK(is_ascii_alnum(octet) == (upper || lower || digit));
    CHECK(is_ascii_space(octet) == (i == ' ' || (i >= 9 && i <= 13)));
    CHECK(ascii_lower(octet) == (upper ? static_cast<char>(i + 32) : octet));
  }
}

TEST_CASE("letters are compared without case") {
  CHECK(to_ascii_lower("AbZ\xC3\x84[0") == "abz\xC3\x84[0");
  CHECK(equals_ignoring_case("", ""));
  CHECK(equals_ignoring_case("AbC", "aBc"));
  CHECK_FALSE(equals_ignoring_case("abc", "ab"));
  CHECK_FALSE(equals_ignoring_case("ab", "abc"));
  CHECK_FALSE(equals_ignoring_case("[", "{"));
  CHECK(starts_with_ignoring_case("AbC", "aB"));
  CHECK(starts_with_ignoring_case("x", ""));
  CHECK_FALSE(starts_with_ignoring_case("a", "ab"));
  CHECK(ends_with_ignoring_case("AbC", "bc"));
  CHECK(ends_with_ignoring_case("x", ""));
  CHECK_FALSE(ends_with_ignoring_case("c", "bc"));
  CHECK_FALSE(ends_with_ignoring_case("abx", "bc"));
}

TEST_CASE("needles are found without case") {
  struct Row {
    std::string_view text;
    std::string_view needle;
    std::size_t from;
    std::size_t at;
  };
  const Row kRows[] = {
      {"Hello hello", "HELLO", 0, 0},
      {"Hello hello", "HELLO", 1, 6},
      {"Hello hello", "HELLO", 7, kNone},
      {"abc", "c", 2, 2},
      {"abc", "c", 3, kNone},
      {"abc", "c", 4, kNone},
      {"abc", "", 0, 0},
      {"abc", "", 3, 3},
      {"abc", "", 4, kNone},
      {"", "a", 0, kNone},
      {"", "", 0, 0},
      {"ab", "abc", 0, kNone},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.text, row.needle, row.from);
    CHECK(find_ignoring_case(row.text, row.needle, row.from) == row.at);
  }
}

TEST_CASE("texts are trimmed and split") {
  CHECK(trim(" \t\r\n\v\f a b \n") == "a b");
  CHECK(trim(" \t").empty());
  CHECK(trim("").empty());
  CHECK(trim("\xC2\xA0") == "\xC2\xA0");
  using Pieces = std::vector<std::string_view>;
  CHECK(split("", ',') == Pieces{""});
  CHECK(split("a", ',') == Pieces{"a"});
  CHECK(split(",a,,b,", ',') == Pieces{"", "a", "", "b", ""});
}

TEST_CASE("ill-formed UTF-8 is found and replaced, one mark for each maximal subpart") {
  struct Row {
    const char* name;
    std::string in;
    std::string out;
  };
  const Row kRows[] = {
      {"empty", "", ""},
      {"ASCII with NUL", std::string("a\0\x7F", 3), std::string("a\0\x7F", 3)},
      {"two octets, ends of the range", "\xC2\x80\xDF\xBF", "\xC2\x80\xDF\xBF"},
      {"three octets, ends of the range", "\xE0\xA0\x80\xEF\xBF\xBF", "\xE0\xA0\x80\xEF\xBF\xBF"},
      {"around the surrogates", "\xED\x9F\xBF\xEE\x80\x80", "\xED\x9F\xBF\xEE\x80\x80"},
      {"four octets, ends of the range", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
       "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
      {"lone continuation",
       "a\x80"
       "b",
       "a" + kFffd + "b"},
      {"overlong of two", "\xC0\x80\xC1\xBF", kFffd + kFffd + kFffd + kFffd},
      {"overlong of three", "\xE0\x9F\xBF", kFffd + kFffd + kFffd},
      {"overlong of four", "\xF0\x8F\xBF\xBF", kFffd + kFffd + kFffd + kFffd},
      {"surrogate", "\xED\xA0\x80", kFffd + kFffd + kFffd},
      {"above U+10FFFF", "\xF4\x90\x80\x80", kFffd + kFffd + kFffd + kFffd},
      {"no lead octet", "\xF5\xFF", kFffd + kFffd},
      {"cut at the end of two", "\xC3", kFffd},
      {"cut at the end of three", "a\xE2\x82", "a" + kFffd},
      {"cut at the end of four", "\xF0\x9F\x98", kFffd},
      {"cut by ASCII",
       "\xE2\x82"
       "a\xF0\x9F"
       "b",
       kFffd + "a" + kFffd + "b"},
      {"cut by a lead octet", "\xE2\xE2\x82\xAC", kFffd + "\xE2\x82\xAC"},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(is_valid_utf8(row.in) == (row.in == row.out));
    CHECK(to_valid_utf8(row.in) == row.out);
    CHECK(is_valid_utf8(row.out));
  }
}

TEST_CASE("code points are read and written") {
  for (const char32_t value :
       {0x0U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xD7FFU, 0xE000U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
    CAPTURE(static_cast<unsigned>(value));
    std::string utf8 = "x";
    append_utf8(value, utf8);
    CHECK(utf8.size() == 1 + utf8_size(value));
    CHECK(code_point_at(utf8, 1).value == value);
    CHECK(code_point_at(utf8, 1).octets == utf8_size(value));
  }
  CHECK(code_point_at("\xE2\x82z", 0).value == kReplacementCharacter);
  CHECK(code_point_at("\xE2\x82z", 0).octets == 2);
}

TEST_CASE("a prefix cuts no sequence") {
  const std::string_view text = "a\xE2\x82\xAC\xF0\x9F\x98\x80";
  const std::size_t kEnds[] = {0, 1, 1, 1, 4, 4, 4, 4, 8, 8};
  for (std::size_t octets = 0; octets < 10; ++octets) {
    CAPTURE(octets);
    CHECK(utf8_prefix(text, octets).size() == kEnds[octets]);
  }
  CHECK(utf8_prefix("\x80\x80\x80\x80\x80\x80", 5).size() >= 2);
}

TEST_CASE("texts become printable") {
  struct Row {
    const char* name;
    std::string in;
    std::string out;
  };
  const Row kRows[] = {
      {"plain", "Jane \"Doe\"", "Jane \"Doe\""},
      {"UTF-8", "Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x98\x80", "Z\xC3\xBCrich \xE2\x82\xAC \xF0\x9F\x98\x80"},
      {"line end, tab, backslash", "a\nb\tc\\d", "a\\nb\\tc\\\\d"},
      {"CR, NUL, escape, delete", std::string("\r\0\x1B\x7F", 4), "\\x0d\\x00\\x1b\\x7f"},
      {"ill-formed",
       "a\xFF\xE2\x82"
       "b",
       "a\\xff\\xe2\\x82b"},
      {"C1 control", "\xC2\x80\xC2\x9F\xC2\xA0", "\\xc2\\x80\\xc2\\x9f\xC2\xA0"},
      {"line separators", "\xE2\x80\xA8\xE2\x80\xA9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"},
      {"bidi override", "\xE2\x80\xAE", "\\xe2\\x80\\xae"},
      {"bidi isolates", "\xE2\x81\xA6\xE2\x81\xA9", "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"},
      {"bidi marks", "\xE2\x80\x8E\xE2\x80\x8F\xD8\x9C", "\\xe2\\x80\\x8e\\xe2\\x80\\x8f\\xd8\\x9c"},
      {"zero width", "\xE2\x80\x8B\xEF\xBB\xBF", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf"},
      {"dashes stay", "\xE2\x80\x93\xE2\x81\xA5", "\xE2\x80\x93\xE2\x81\xA5"},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(printable(row.in) == row.out);
  }
}

TEST_CASE("ill-formed UTF-8 is found and replaced wherever it stands") {
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string front = std::string(before, 'a');
    for (const std::size_t behind : {0U, 1U, 7U, 8U, 9U}) {
      CAPTURE(before, behind);
      const std::string end = std::string(behind, 'b');
      CHECK(is_valid_utf8(front + "\u20AC" + end));
      CHECK(to_valid_utf8(front + "\u20AC" + end) == front + "\u20AC" + end);
      CHECK_FALSE(is_valid_utf8(front + "\xE2\x82" + end));
      CHECK(to_valid_utf8(front + "\xE2\x82" + end + "\xFF") == front + "\uFFFD" + end + "\uFFFD");
    }
  }
}

TEST_CASE("find_ignoring_case finds either case") {
  CHECK(find_ignoring_case("WwW www.", "www.") == 4);
  CHECK(find_ignoring_case("wWwWwW.", "wwW.") == 3);
  CHECK(find_ignoring_case("a[B", "[b") == 1);
  CHECK(find_ignoring_case("aXbx", "x", 2) == 3);
  CHECK(find_ignoring_case("ab", "abc") == std::string_view::npos);
  CHECK(find_ignoring_case("ab", "") == 0);
  CHECK(find_ignoring_case("ab", "", 3) == std::string_view::npos);
}

TEST_CASE("printable texts have a limit") {
  CHECK(printable(std::string(200, 'a')) == std::string(200, 'a'));
  CHECK(printable(std::string(201, 'a')) == std::string(200, 'a') + "...");
  CHECK(printable("abc", 3) == "abc");
  CHECK(printable("abcd", 3) == "abc...");
  CHECK(printable("ab\xE2\x82\xAC", 4) == "ab...");
  CHECK(printable("a", 0) == "...");
}

TEST_CASE("domains lie below their parents") {
  CHECK(is_domain_or_below("example.org", "example.org"));
  CHECK(is_domain_or_below("a.b.example.org", "example.org"));
  CHECK_FALSE(is_domain_or_below("badexample.org", "example.org"));
  CHECK_FALSE(is_domain_or_below("org", "example.org"));
  CHECK_FALSE(is_domain_or_below("example.org.evil.example", "example.org"));
  CHECK_FALSE(is_domain_or_below("example.org", ""));
  CHECK_FALSE(is_domain_or_below("", "example.org"));
}

}  // namespace
