// SPDX-License-Identifier: MIT
#include "parsers/header.h"

#include <string>
#include <string_view>
#include <vector>

#include "parsers/line.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace std::string_literals;
using Fields = std::vector<HeaderField>;
using Names = std::vector<std::string>;

struct Parsed {
  HeaderBlock block;
  Names problems;
};

Parsed parse(const std::string& octets, const Limits& limits = {}, std::size_t max_octets = 1U << 20U) {
  Problems problems;
  Parsed parsed;
  parsed.block = parse_header_block(octets, max_octets, limits, problems);
  parsed.problems = problems.names();
  return parsed;
}

struct Case {
  const char* name;
  std::string octets;
  Fields fields;
  std::string junk;
  std::string rest;  ///< what the block leaves
  bool complete;
  Names problems;
};

const Case kCases[] = {
    {"nothing", "", {}, "", "", false, {}},
    {"an empty line alone", "\r\nbody", {}, "", "body", true, {}},
    {"one field", "Subject: Hello\r\n\r\nbody", {{"Subject", "Hello"}}, "", "body", true, {}},
    {"LF line ends", "A: 1\nB: 2\n\nbody", {{"A", "1"}, {"B", "2"}}, "", "body", true, {}},
    {"CR line ends", "A: 1\rB: 2\r\rbody", {{"A", "1"}, {"B", "2"}}, "", "body", true, {}},
    {"CR CR LF line ends", "A: 1\r\r\nB: 2\r\r\n\r\r\nbody", {{"A", "1"}, {"B", "2"}}, "", "body", true, {}},
    {"mixed line ends",
     "A: 1\nB: 2\r\nC: 3\r\n\nbody",
     {{"A", "1"}, {"B", "2"}, {"C", "3"}},
     "",
     "body",
     true,
     {}},
    {"no empty line keeps the last field", "A: 1\r\nB: 2", {{"A", "1"}, {"B", "2"}}, "", "", false, {}},
    {"folded, blanks inside kept",
     "A: one\r\n two\r\n\tthree\r\n\r\n",
     {{"A", "one two\tthree"}},
     "",
     "",
     true,
     {}},
    {"folded before the first word", "A:\r\n one\r\n\r\n", {{"A", "one"}}, "", "", true, {}},
    {"a line of blanks folds", "A: one\r\n \r\nB: 2\r\n\r\n", {{"A", "one"}, {"B", "2"}}, "", "", true, {}},
    {"empty body", "A:\r\nB: \t \r\n\r\n", {{"A", ""}, {"B", ""}}, "", "", true, {}},
    {"blank before the colon", "Subject \t: x\r\n\r\n", {{"Subject", "x"}}, "", "", true, {}},
    {"case of names and colons in bodies kept",
     "sUBJECT:a:b\r\n\r\n",
     {{"sUBJECT", "a:b"}},
     "",
     "",
     true,
     {}},
    {"8-bit body kept raw", "A: \xE9\xC3\xA9\r\n\r\n", {{"A", "\xE9\xC3\xA9"}}, "", "", true, {}},
    {"a line without colon",
     "A: 1\r\nno field\r\nB: 2\r\n\r\nbody",
     {{"A", "1"}, {"B", "2"}},
     "no field\r\n",
     "body",
     true,
     {"header-junk"}},
    {"words before a colon", "dear Jane: hi\r\n\r\n", {}, "dear Jane: hi\r\n", "", true, {"header-junk"}},
    {"a line that begins with a colon", ": x\r\n\r\n", {}, ": x\r\n", "", true, {"header-junk"}},
    {"a control octet in a name", "A\x01: x\n\n", {}, "A\x01: x\n", "", true, {"header-junk"}},
    {"8-bit name",
     "Gr\xFC\xDF: x\r\n\r\n",
     {},
     "Gr\xFC\xDF: x\r\n",
     "",
     true,
     {"header-8bit-name", "header-junk"}},
    {"8-bit junk without colon is no name",
     "Gr\xFC\xDF\r\n\r\n",
     {},
     "Gr\xFC\xDF\r\n",
     "",
     true,
     {"header-junk"}},
    {"junk is folded, too",
     "junk\n more: junk\nA: 1\n\n",
     {{"A", "1"}},
     "junk\n more: junk\n",
     "",
     true,
     {"header-junk"}},
    {"a fold with nothing before it", " x: y\nA: 1\n\n", {{"A", "1"}}, " x: y\n", "", true, {"header-junk"}},
    {"junk at the end of the data", "A: 1\njunk", {{"A", "1"}}, "junk", "", false, {"header-junk"}},
    {"NUL in body, name and junk",
     "A: x\0y\nB\0: z\nj\0nk\n\n"s,
     {{"A", "x?y"}, {"B?", "z"}},
     "j?nk\n",
     "",
     true,
     {"header-nul", "header-junk"}},
    {"mbox line", "From jane@example.org Mon Oct  5 10:00:00 2026\nA: 1\n\n", {{"A", "1"}}, "", "", true, {}},
    {"mbox line without time", "From jane@example.org\nA: 1\n\n", {{"A", "1"}}, "", "", true, {}},
    {"mbox line of a quoted message",
     ">From - Mon Oct  5 10:00:00 2026\nA: 1\n\n",
     {{"A", "1"}},
     "",
     "",
     true,
     {}},
    {"mbox line only as the first",
     "A: 1\nFrom jane@example.org\n\n",
     {{"A", "1"}},
     "From jane@example.org\n",
     "",
     true,
     {"header-junk"}},
    {"a sentence is no mbox line",
     "From now on: 5 offers\n\n",
     {},
     "From now on: 5 offers\n",
     "",
     true,
     {"header-junk"}},
    {"From with a blank is a field",
     "From : jane@example.org\n\n",
     {{"From", "jane@example.org"}},
     "",
     "",
     true,
     {}},
};

TEST_CASE("header blocks are taken apart", "[header]") {
  for (const Case& expected : kCases) {
    INFO(expected.name);
    const Parsed parsed = parse(expected.octets);
    CHECK(parsed.block.header.fields() == expected.fields);
    CHECK(parsed.block.junk == expected.junk);
    CHECK(expected.octets.substr(parsed.block.octets) == expected.rest);
    CHECK(parsed.block.complete == expected.complete);
    CHECK(parsed.problems == expected.problems);
  }
}

TEST_CASE("fields are found by name", "[header]") {
  const Header header({{"To", "a"}, {"TO", "b"}, {"Subject", ""}});
  REQUIRE(header.find("to") != nullptr);
  CHECK(*header.find("to") == "a");
  CHECK(header.get("tO") == "a");
  CHECK(header.get("Subject").empty());
  CHECK(header.has("subject"));
  CHECK_FALSE(header.has("Sub"));
  CHECK(header.find("Cc") == nullptr);
  CHECK(header.get("Cc").empty());
  CHECK(header.all("to") == std::vector<std::string_view>{"a", "b"});
  CHECK(header.all("Cc").empty());
}

TEST_CASE("a header block stops growing at its limit", "[header][limits]") {
  const std::string block = "A: 1\r\nB: 22\r\n\r\n";
  const std::size_t fields_octets = block.size() - 2;

  const Parsed at = parse(block, {}, fields_octets);
  CHECK(at.block.header.fields() == Fields{{"A", "1"}, {"B", "22"}});
  CHECK(at.block.complete);
  CHECK(at.problems.empty());

  const Parsed below = parse(block + "body", {}, fields_octets - 3);
  CHECK(below.block.header.fields() == Fields{{"A", "1"}, {"B", "2"}});
  CHECK_FALSE(below.block.complete);
  CHECK(below.block.octets == block.size());
  CHECK(below.problems == Names{"header-octets"});

  const Parsed none = parse(block, {}, 0);
  CHECK(none.block.header.fields().empty());
  CHECK(none.block.octets == block.size());
  CHECK(none.problems == Names{"header-octets"});
}

TEST_CASE("the limit may fall between CR and LF", "[header][limits]") {
  const Parsed parsed = parse("A: 1\r\nB: 2\r\n\r\nbody", {}, 5);
  CHECK(parsed.block.header.fields() == Fields{{"A", "1"}});
  CHECK(parsed.block.octets == 14);
  CHECK(parsed.problems == Names{"header-octets"});
}

TEST_CASE("the front of a name the limit cuts is no junk", "[header][limits]") {
  const Parsed name = parse("A: 1\nSubject: x\n\nbody", {}, 8);
  CHECK(name.block.header.fields() == Fields{{"A", "1"}});
  CHECK(name.block.junk.empty());
  CHECK(name.problems == Names{"header-octets"});
  const Parsed junk = parse("A: 1\nwords\n\nbody", {}, 8);
  CHECK(junk.block.junk == "wor");
  CHECK(junk.problems == Names{"header-junk", "header-octets"});
}

TEST_CASE("fields past their number are dropped, with their folds; junk is kept", "[header][limits]") {
  Limits limits;
  limits.header_fields = 2;
  CHECK(parse("A: 1\nB: 2\n\n", limits).problems.empty());
  const Parsed parsed = parse("A: 1\nB: 2\nC: 3\n fold\nwords\n\n", limits);
  CHECK(parsed.block.header.fields() == Fields{{"A", "1"}, {"B", "2"}});
  CHECK(parsed.block.junk == "words\n");
  CHECK(parsed.block.complete);
  CHECK(parsed.problems == Names{"header-fields", "header-junk"});
}

TEST_CASE("a long field is cut", "[header][limits]") {
  Limits limits;
  limits.field_octets = 4;
  CHECK(parse("A: 1234\n\n", limits).problems.empty());
  const Parsed line = parse("A: 12345\nB: 6\n\n", limits);
  CHECK(line.block.header.fields() == Fields{{"A", "1234"}, {"B", "6"}});
  CHECK(line.problems == Names{"field-octets"});
  const Parsed folded = parse("A:      \n     1\n 23456\n\n", limits);
  CHECK(folded.block.header.fields() == Fields{{"A", "1 23"}});
  CHECK(folded.problems == Names{"field-octets"});
  const Parsed name = parse("Names: x\n\n", limits);
  CHECK(name.block.junk == "Names: x\n");
  CHECK(name.problems == Names{"header-junk"});
}

TEST_CASE("huge header blocks cost little", "[header][hostile]") {
  const std::size_t size = 4U << 20U;
  const Parsed field = parse("A: " + std::string(size, 'x') + "\n\nbody");
  CHECK(field.block.header.get("A").size() == Limits().field_octets);
  CHECK(field.block.octets == size + 5);
  CHECK(field.problems == Names{"field-octets", "header-octets"});
  CHECK(parse(std::string(size, '\0')).problems == Names{"header-junk", "header-nul", "header-octets"});
  CHECK(parse(std::string(size, '\r')).block.octets == 1);
  std::string lines;
  while (lines.size() < size) lines += "a\r";
  CHECK(parse(lines).block.junk.size() == 1U << 20U);
}

TEST_CASE("lines end in LF, CR or CRs and LF", "[header][line]") {
  CHECK(first_line("").octets == 0);
  CHECK(first_line("ab").octets == 2);
  CHECK(first_line("ab\ncd").octets == 3);
  CHECK(first_line("ab\r\ncd").octets == 4);
  CHECK(first_line("ab\r\r\ncd").octets == 5);
  CHECK(first_line("ab\rcd\n").octets == 3);
  CHECK(first_line("ab\r\rcd\n").octets == 3);
  CHECK(first_line("ab\r").octets == 3);
  CHECK(first_line("ab\r\r\ncd").text == "ab");
}

}  // namespace
}  // namespace coldpitch
