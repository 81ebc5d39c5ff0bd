// SPDX-License-Identifier: MIT
#include "parsers/charset.h"

#include <string>
#include <thread>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace {

using coldpitch::Problems;
using Names = std::vector<std::string>;

struct Case {
  const char* name;
  std::string label;
  std::string in;
  std::string out;
  Names problems = {};
};

void check(const Case& c) {
  CAPTURE(c.name, c.label);
  Problems problems;
  CHECK(coldpitch::to_utf8(c.in, c.label, problems) == c.out);
  CHECK(problems.names() == c.problems);
}

TEST_CASE("charsets become UTF-8") {
  const Case kCases[] = {
      {"empty", "utf-8", "", ""},
      {"ascii", "us-ascii", "plain", "plain"},
      {"NUL stays", "us-ascii", std::string("a\0b", 3), std::string("a\0b", 3)},
      {"no label", "", "plain", "plain"},
      {"blank label", " \t", "plain", "plain"},
      {"utf-8", "UTF-8", "Z\xC3\xBCrich", "Z\xC3\xBCrich"},
      {"latin 1", "ISO-8859-1", "Z\xFCrich", "Z\xC3\xBCrich"},
      {"latin 1 is windows-1252", "iso-8859-1",
       "\x93"
       "a\x94 \x80",
       "\xE2\x80\x9C"
       "a\xE2\x80\x9D \xE2\x82\xAC"},
      {"latin 2", "iso-8859-2", "\xB3\xB1ka", "\xC5\x82\xC4\x85ka"},
      {"latin 9", "iso-8859-15", "5 \xA4", "5 \xE2\x82\xAC"},
      {"latin 5 is windows-1254", "iso-8859-9", "\x93\xFD", "\xE2\x80\x9C\xC4\xB1"},
      {"windows-1251", "windows-1251", "\xCF\xF0\xE8\xE2\xE5\xF2",
       "\xD0\x9F\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"},
      {"koi8-r", "koi8-r", "\xF0\xD2\xC9", "\xD0\x9F\xD1\x80\xD0\xB8"},
      {"Hebrew in logical order", "iso-8859-8-i", "\xE0\xE1", "\xD7\x90\xD7\x91"},
      {"Japanese, with shifts", "iso-2022-jp", "\x1B$B$3\x1B(B!", "\xE3\x81\x93!"},
      {"Japanese, shifts without text", "iso-2022-jp", "\x1B$B$3\x1B(B\x1B$B$3\x1B(B",
       "\xE3\x81\x93\xE3\x81\x93"},
      {"Chinese, tildes without text", "hz-gb-2312", "~{Dc~}~{Dc~}", "\xE4\xBD\xA0\xE4\xBD\xA0"},
      {"Japanese, double octets", "shift_jis", "\x82\xB1", "\xE3\x81\x93"},
      {"Japanese, EUC", "euc-jp", "\xA4\xB3", "\xE3\x81\x93"},
      {"Chinese", "gb2312", "\xC4\xE3", "\xE4\xBD\xA0"},
      {"Chinese beyond gb2312 under its name", "gb2312", "\x81\x40", "\xE4\xB8\x82"},
      {"Chinese, traditional", "big5", "\xA7\x41", "\xE4\xBD\xA0"},
      {"Chinese, tilde escapes", "hz-gb-2312", "~{Dc~}", "\xE4\xBD\xA0"},
      {"Korean", "ks_c_5601-1987", "\xB0\xA1", "\xEA\xB0\x80"},
      {"Korean beyond euc-kr under its name", "euc-kr", "\x81\x41", "\xEA\xB0\x82"},
      {"utf-7", "utf-7", "a+AOQ-b",
       "a\xC3\xA4"
       "b"},
      {"utf-16 with a mark, big end first", "utf-16", std::string("\xFE\xFF\0A", 4), "A"},
      {"utf-16 with a mark, little end first", "utf-16",
       std::string("\xFF\xFE"
                   "A\0",
                   4),
       "A"},
      {"utf-16 without a mark", "utf-16", std::string("\0A", 2), "A"},
      {"utf-16 without a mark, little end first", "UTF-16", std::string("H\0i\0!\0", 6), "Hi!"},
      {"utf-16 without a mark or ASCII is little-endian", "utf-16", "\x60\x4F", "\xE4\xBD\xA0"},
      {"utf-16, big end first in most places", "ucs-2", std::string("\0H\0i\x20\0", 6), "Hi\xE2\x80\x80"},
      {"utf-16le", "utf-16le", std::string("\x3D\xD8\x00\xDE", 4), "\xF0\x9F\x98\x80"},
      {"utf-16le with a mark", "utf-16le",
       std::string("\xFF\xFE"
                   "A\0",
                   4),
       "A"},
      {"utf-8 with a mark", "utf-8",
       "\xEF\xBB\xBF"
       "A",
       "A"},
      {"only the first mark goes", "utf-8",
       "\xEF\xBB\xBF\xEF\xBB\xBF"
       "A",
       "\xEF\xBB\xBF"
       "A"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("labels are read in all spellings mail has") {
  for (const char* label :
       {"utf8", "UTF_8", " utf-8 ", "\"utf-8\"", "'utf-8'", "utf-8;", "utf-8 (Unicode)", "charset=utf-8",
        "CHARSET=\"charset=utf-8\"", "utf-8*", "=utf-8", "cp65001", "utf-8-sig", "unicode-1-1-utf-8"}) {
    check({"utf-8", label, "\xC3\xA4", "\xC3\xA4"});
    check({"broken utf-8", label, "a\xE4z", "a\xEF\xBF\xBDz", {"charset-malformed"}});
  }
  for (const char* label : {"iso8859-1", "ISO_8859-1:1987", "latin1", "l1", "cp1252", "windows-1252", "ansi",
                            "iso-8859-1'>", "x-cp1252", "win-1252"}) {
    check({"windows-1252", label, "\xE4\x80", "\xC3\xA4\xE2\x82\xAC"});
  }
  for (const char* label : {"ascii", "ANSI_X3.4-1968", "us", "ISO646-US", "us-ascii (plain)"}) {
    check({"ascii", label, "\xE4", "\xC3\xA4", {"charset-8bit"}});
  }
}

TEST_CASE("labels that say nothing are flagged and the octets looked at") {
  for (const std::string& label :
       {std::string("unknown-8bit"), std::string("x-user-defined"), std::string("default_charset"),
        std::string("8bit"), std::string("\xFF\xFE"), std::string("../../etc/passwd"), std::string("-"),
        std::string(1, '\0'), std::string(65, 'a'), std::string(1'000'000, 'a')}) {
    check({"ASCII", label, "plain", "plain", {"charset-unknown"}});
    check({"UTF-8", label, "\xC3\xA4", "\xC3\xA4", {"charset-unknown"}});
    check({"else windows-1252", label, "\xE4\x93", "\xC3\xA4\xE2\x80\x9C", {"charset-unknown"}});
  }
  check({"8-bit without a label, UTF-8", "", "\xC3\xA4", "\xC3\xA4", {"charset-8bit"}});
  check({"8-bit without a label, else windows-1252", "", "\xE4", "\xC3\xA4", {"charset-8bit"}});
}

TEST_CASE("UTF-8 under a label it does not fit is read as UTF-8") {
  const std::string mine = "\xE6\x8C\x87\xE5\xAE\x9A\xE3\x81\x95\xE3\x82\x8C\xE3\x81\x9F";
  const std::string umlauts = "Z\xC3\xBCrich, gr\xC3\xBC\xC3\x9F dich";
  check({"Japanese, with shifts", "iso-2022-jp", mine, mine, {"charset-malformed"}});
  check({"Japanese, EUC", "euc-jp", umlauts, umlauts, {"charset-malformed"}});
  Problems problems;
  CHECK(coldpitch::to_utf8(mine + "\xE6", "iso-2022-jp", problems).starts_with("\xEF\xBF\xBD"));
  check({"what fits is read by its label", "big5", "\xA7\x41", "\xE4\xBD\xA0"});
}

TEST_CASE("octets that do not fit become U+FFFD") {
  const Case kCases[] = {
      {"cut off UTF-8", "utf-8", "a\xE2\x82", "a\xEF\xBF\xBD", {"charset-malformed"}},
      {"lead octet at the end", "shift_jis", "a\x82", "a\xEF\xBF\xBD", {"charset-malformed"}},
      {"odd octet of utf-16", "utf-16be", std::string("\0A\0", 3), "A\xEF\xBF\xBD", {"charset-malformed"}},
      {"lone surrogate",
       "utf-16be",
       std::string("\xD8\x00\0A", 4),
       "\xEF\xBF\xBD"
       "A",
       {"charset-malformed"}},
      {"unassigned octet",
       "iso-8859-3",
       "\xA5"
       "b",
       "\xEF\xBF\xBD"
       "b",
       {"charset-malformed"}},
      {"8-bit octet in iso-2022-jp",
       "iso-2022-jp",
       "a\xE4"
       "b",
       "a\xEF\xBF\xBD"
       "b",
       {"charset-malformed"}},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("long texts are read in pieces without seams") {
  std::string in;
  std::string out;
  for (int i = 0; i < 20'000; ++i) {
    in +=
        "\x82\xB1"
        "a";
    out +=
        "\xE3\x81\x93"
        "a";
  }
  check({"long", "shift_jis", in, out});
  in.pop_back();
  in.pop_back();
  out.replace(out.size() - 4, 4, "\xEF\xBF\xBD");
  check({"long and cut off", "shift_jis", in, out, {"charset-malformed"}});
}

TEST_CASE("any octets under any label give UTF-8 of bounded size") {
  std::string octets;
  for (unsigned i = 0; i < 3000; ++i) octets += static_cast<char>((i * i / 7 + i * 131) & 0xFFU);
  for (const char* label : {"utf-7",
                            "utf-16",
                            "utf-32",
                            "iso-2022-jp",
                            "iso-2022-kr",
                            "iso-2022-cn",
                            "hz-gb-2312",
                            "gb18030",
                            "big5-hkscs",
                            "scsu",
                            "bocu-1",
                            "cesu-8",
                            "imap-mailbox-name",
                            "ibm037",
                            "lmbcs",
                            "iscii",
                            "x-iscii-be",
                            "x-mac-cyrillic",
                            "windows-1256",
                            "tis-620"}) {
    CAPTURE(label);
    Problems problems;
    const std::string utf8 = coldpitch::to_utf8(octets, label, problems);
    CHECK(!utf8.empty());
    CHECK(utf8.size() <= 4 * octets.size() + 16);
    CHECK(coldpitch::is_valid_utf8(utf8));
  }
}

TEST_CASE("output is cut at four times the input and sixteen") {
  // Gurmukhi of ISCII: two octets become three letters of three octets.
  const std::string letters = "\xE0\xA9\x9C\xE0\xA9\x8D\xE0\xA8\xB9";
  for (const std::size_t pairs : {16U, 17U}) {
    std::string in;
    std::string out;
    for (std::size_t i = 0; i < pairs; ++i) {
      in += "\xC0\xE9";
      out += letters;
    }
    const bool is_above = out.size() > 4 * in.size() + 16;
    CHECK(is_above == (pairs == 17));
    if (is_above) out.resize(150);  // 152 octets would cut a letter
    check({"ISCII", "x-iscii-pa", in, out, is_above ? Names{"charset-output"} : Names{}});
  }
}

TEST_CASE("threads decode side by side") {
  std::vector<std::string> results(4);
  std::vector<std::thread> threads;
  threads.reserve(results.size());
  for (std::string& result : results) {
    threads.emplace_back([&result] {
      Problems problems;
      for (int i = 0; i < 200; ++i) result = coldpitch::to_utf8("\xCF\xF0", "windows-1251", problems);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(results == std::vector<std::string>(4, "\xD0\x9F\xD1\x80"));
}

}  // namespace
