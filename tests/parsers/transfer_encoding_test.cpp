// SPDX-License-Identifier: MIT
#include "parsers/transfer_encoding.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace {

using coldpitch::Problems;
using Names = std::vector<std::string>;

struct Case {
  const char* name;
  std::string in;
  std::string out;
  Names problems = {};
};

TEST_CASE("base64 is decoded") {
  const Case kCases[] = {
      {"empty", "", ""},
      {"one octet", "QQ==", "A"},
      {"two octets", "QUI=", "AB"},
      {"three octets", "QUJD", "ABC"},
      {"all bits", "////", "\xFF\xFF\xFF"},
      {"missing padding of two", "QQ", "A"},
      {"missing padding of one", "QUI", "AB"},
      {"half the padding", "QQ=", "A"},
      {"a lone symbol holds no octet", "QUJDQ", "ABC"},
      {"line ends and blanks", "QU\r\nJD\n \tREVG\r", "ABCDEF"},
      {"foreign octets are skipped", "Q|U-J\xFF" + std::string(1, '\0') + "D", "ABC"},
      {"padding and line end", "QQ==\r\n", "A"},
      {"too much padding", "QQ=====", "A"},
      {"padding split over lines", "QQ=\r\n=\r\n", "A"},
      {"'=' before any symbol is no padding", "=QUJD", "ABC"},
      {"'=' behind one symbol is no padding", "Q=UJD", "ABC"},
      {"'=' behind a full group is no padding", "QUJD=REVG", "ABCDEF"},
      {"more behind the padding", "QQ==\r\nQUJD\r\n", "A", {"base64-after-padding"}},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.name);
    Problems problems;
    CHECK(coldpitch::decode_base64(c.in, problems) == c.out);
    CHECK(problems.names() == c.problems);
  }
}

TEST_CASE("what follows the base64 padding is handed back") {
  Problems problems;
  std::string tail = "untouched";
  CHECK(coldpitch::decode_base64("QQ==\r\n", problems, &tail) == "A");
  CHECK(tail == "untouched");
  CHECK(coldpitch::decode_base64("QQ==\r\n\r\n-- \r\nThe list\r\n", problems, &tail) == "A");
  CHECK(tail == "-- \r\nThe list");
  CHECK(problems.names() == Names{"base64-after-padding"});
}

TEST_CASE("has_base64_tail tells what decode_base64 would note") {
  for (const char* octets :
       {"", "Q2F0", "Q2E=", "Q2E=\r\n", "Q2E=\r\n=\r\n", "Q2E= more", "Q2E=\r\n-- \r\nlist", "=Q2F0", "Q=2F0",
        "=Q2E=x", "Q2E==\t\v\f", "Q2F0 words"}) {
    CAPTURE(octets);
    Problems problems;
    static_cast<void>(coldpitch::decode_base64(octets, problems));
    CHECK(coldpitch::has_base64_tail(octets) == problems.has("base64-after-padding"));
  }
}

TEST_CASE("long base64 is decoded") {
  for (const std::size_t groups : {63U, 64U, 65U, 1000U}) {
    std::string octets;
    std::string expected;
    for (std::size_t i = 0; i < groups; ++i) {
      octets += i % 19 == 18 ? "Q2F0\r\n" : "Q2F0";
      expected += "Cat";
    }
    Problems problems;
    CHECK(coldpitch::decode_base64(octets, problems) == expected);
  }
}

TEST_CASE("quoted-printable is decoded") {
  const Case kCases[] = {
      {"empty", "", ""},
      {"plain", "plain_text\r\n", "plain_text\r\n"},
      {"upper and lower case digits", "=4A=6f=6F", "Joo"},
      {"NUL and high octets", "=00=FF", std::string("\0\xFF", 2)},
      {"soft break CRLF", "ab=\r\ncd", "abcd"},
      {"soft break LF", "ab=\ncd", "abcd"},
      {"soft break CR", "ab=\rcd", "abcd"},
      {"soft break with blanks", "ab= \t \r\ncd", "abcd"},
      {"soft break keeps what stands before it", "ab =\r\n cd", "ab  cd"},
      {"two soft breaks", "ab=\r\n=\r\ncd", "abcd"},
      {"soft break at the end", "ab=", "ab"},
      {"soft break with blanks at the end", "ab=  ", "ab"},
      {"line ends stay", "a\nb\r\nc\rd", "a\nb\r\nc\rd"},
      {"blanks before a line end stay", "-- \r\n", "-- \r\n"},
      {"not hexadecimal", "a=ZZb", "a=ZZb", {"qp-malformed"}},
      {"half hexadecimal", "a=4Zb", "a=4Zb", {"qp-malformed"}},
      {"cut off", "a=4", "a=4", {"qp-malformed"}},
      {"'=' before a blank and text", "a= b", "a= b", {"qp-malformed"}},
      {"'==' before digits", "a==41", "a=A", {"qp-malformed"}},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.name);
    Problems problems;
    CHECK(coldpitch::decode_quoted_printable(c.in, problems) == c.out);
    CHECK(problems.names() == c.problems);
  }
}

TEST_CASE("the Q encoding has an underscore for a blank") {
  Problems problems;
  CHECK(coldpitch::decode_quoted_printable("a_b=5Fc_", problems, true) == "a b_c ");
  CHECK(problems.names().empty());
}

TEST_CASE("uuencode is decoded") {
  const Case kCases[] = {
      {"one file", "begin 644 a.txt\n#0V%T\n`\nend\n", "Cat"},
      {"CRLF and four digit mode", "begin 0644 a.txt\r\n#0V%T\r\n`\r\nend\r\n", "Cat"},
      {"blank for zero", "begin 644 a\n!  \n \nend\n", std::string(1, '\0')},
      {"text around it goes", "hello\nbegin 644 a\n#0V%T\nend\nbye\n", "Cat"},
      {"two files", "begin 644 a\n#0V%T\nend\nbegin 644 b\n#0V%T\nend\n", "CatCat"},
      {"short line", "begin 644 a\n#0V\nend\n", "C"},
      {"empty lines inside", "begin 644 a\n\n#0V%T\n\nend\n", "Cat"},
      {"no end", "begin 644 a\n#0V%T\n", "Cat", {"uuencode-malformed"}},
      {"no begin", "#0V%T\n`\nend\n", "#0V%T\n`\nend\n", {"uuencode-malformed"}},
      {"begin without a mode", "begin with this\n", "begin with this\n", {"uuencode-malformed"}},
      {"begin with a long mode", "begin 00644 a\n", "begin 00644 a\n", {"uuencode-malformed"}},
      {"begin without a name", "begin 644", "begin 644", {"uuencode-malformed"}},
      {"empty", "", "", {"uuencode-malformed"}},
  };
  for (const Case& c : kCases) {
    for (const char* encoding : {"x-uuencode", "uuencode", "x-uue"}) {
      CAPTURE(c.name, encoding);
      Problems problems;
      CHECK(coldpitch::decode_transfer_encoding(c.in, encoding, problems) == c.out);
      CHECK(problems.names() == c.problems);
    }
  }
}

TEST_CASE("the encoding's name chooses the decoder") {
  struct Row {
    const char* encoding;
    std::string out;
    Names problems = {};
  };
  const std::string octets = "=41QUJD";
  const Row kRows[] = {
      {"base64", "\xE3\x54\x14\x24"},
      {"quoted-printable", "AQUJD"},
      {"", octets},
      {"7bit", octets},
      {"8bit", octets},
      {"binary", octets},
      {"zip", octets, {"encoding-unknown"}},
      {"BASE64", octets, {"encoding-unknown"}},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.encoding);
    Problems problems;
    CHECK(coldpitch::decode_transfer_encoding(octets, row.encoding, problems) == row.out);
    CHECK(problems.names() == row.problems);
  }
}

TEST_CASE("decoding hostile octets takes linear time") {
  const std::size_t kOctets = 2'000'000;
  std::string equals;
  for (std::size_t i = 0; i < kOctets / 2; ++i) equals += "= ";
  Problems problems;
  CHECK(coldpitch::decode_quoted_printable(equals + "x", problems).size() == kOctets + 1);
  CHECK(coldpitch::decode_base64(std::string(kOctets, '='), problems).empty());
  CHECK(coldpitch::decode_transfer_encoding(std::string(kOctets, '\n'), "uuencode", problems).size() ==
        kOctets);
}

}  // namespace
