// SPDX-License-Identifier: MIT
#include "parsers/content_type.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace std::string_literals;
using Parameters = std::vector<std::pair<std::string, std::string>>;
using Names = std::vector<std::string>;

const Names kMalformed = {"parameter-malformed"};

struct Case {
  const char* name;
  std::string body;
  std::string value;
  Parameters parameters;
  Names problems;
};

void check(const Case& expected) {
  INFO(expected.name);
  Problems problems;
  const ParameterisedValue parsed = parse_parameterised(expected.body, problems);
  CHECK(parsed.value == expected.value);
  CHECK(parsed.parameters == expected.parameters);
  CHECK(problems.names() == expected.problems);
}

TEST_CASE("values are read without what surrounds them", "[content_type]") {
  const Case cases[] = {
      {"nothing", "", "", {}, {}},
      {"type", "Text/HTML", "text/html", {}, {}},
      {"disposition", " Attachment ", "attachment", {}, {}},
      {"blanks around the slash", "multipart / mixed", "multipart/mixed", {}, {}},
      {"blank before the slash", "Multipart /mixed; a=b", "multipart/mixed", {{"a", "b"}}, {}},
      {"tab and line end", "text/\r\n\tplain", "text/plain", {}, {}},
      {"comments", "(a) text (b) / (c(d)) html (e\\)) ; a=b", "text/html", {{"a", "b"}}, {}},
      {"NUL", "text/html\0; a=b"s, "text/html", {{"a", "b"}}, {}},
      {"NUL as the header reads it", "text/html?; a=b", "text/html", {{"a", "b"}}, kMalformed},
      {"quoted", "\"text/html\"", "text/html", {}, kMalformed},
      {"comma", "text/html, text/plain", "text/html", {}, kMalformed},
      {"missing value", "; a=b", "", {{"a", "b"}}, {}},
      {"parameters only", "charset=utf-8", "", {{"charset", "utf-8"}}, kMalformed},
      {"no subtype", "text; a=b", "text", {{"a", "b"}}, {}},
      {"8-bit octets", "te\xFCxt/plain", "text/plain", {}, kMalformed},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("parameters are told apart and unquoted", "[content_type]") {
  const Case cases[] = {
      {"several", "a/b; x=1;y = 2 ; Z=\"3\"", "a/b", {{"x", "1"}, {"y", "2"}, {"z", "3"}}, {}},
      {"semicolon in quotes", "a/b; boundary=\"x;y\"; z=1", "a/b", {{"boundary", "x;y"}, {"z", "1"}}, {}},
      {"escapes in quotes", R"(a/b; x="q\"u\\o")", "a/b", {{"x", "q\"u\\o"}}, {}},
      {"parenthesis in quotes", "a/b; x=\"(y)\"", "a/b", {{"x", "(y)"}}, {}},
      {"equal signs in a value", "a/b; boundary=----=_Part=1", "a/b", {{"boundary", "----=_Part=1"}}, {}},
      {"empty quotes", "a/b; x=\"\"", "a/b", {{"x", ""}}, {}},
      {"comment behind a value", "a/b; charset=us-ascii (plain; text)", "a/b", {{"charset", "us-ascii"}}, {}},
      {"parenthesis within a word", "a/b; name=report(1).pdf", "a/b", {{"name", "report(1).pdf"}}, {}},
      {"empty parameters", "a/b;; ;x=1;", "a/b", {{"x", "1"}}, {}},
      {"first of duplicates", "a/b; x=1; X=2", "a/b", {{"x", "1"}}, kMalformed},
      {"forgotten semicolon before the first",
       "text/html charset=utf-8",
       "text/html",
       {{"charset", "utf-8"}},
       kMalformed},
      {"forgotten semicolon", "a/b; x=1 y=2", "a/b", {{"x", "1"}, {"y", "2"}}, kMalformed},
      {"forgotten semicolon behind quotes", "a/b; x=\"1\"y=2", "a/b", {{"x", "1"}, {"y", "2"}}, kMalformed},
      {"unquoted blanks",
       "a; filename=my  price list.pdf",
       "a",
       {{"filename", "my price list.pdf"}},
       kMalformed},
      {"no value", "a/b; x; y=1", "a/b", {{"y", "1"}}, kMalformed},
      {"no name", "a/b; =x; y=1", "a/b", {{"y", "1"}}, kMalformed},
      {"a quote for a name", "a/b; \"x\"; y=1", "a/b", {{"y", "1"}}, kMalformed},
      {"equal sign and no more", "a/b; x=", "a/b", {{"x", ""}}, {}},
      {"open quote", "a/b; boundary=\"x; y=1", "a/b", {{"boundary", "x; y=1"}}, kMalformed},
      {"open quote and backslash", "a/b; x=\"y\\", "a/b", {{"x", "y\\"}}, kMalformed},
      {"open comment", "a/b (x; boundary=y", "a/b", {{"boundary", "y"}}, kMalformed},
      {"boundary octets kept",
       "a/b; boundary=\"=?utf-8?q?x?= \xE9 \"",
       "a/b",
       {{"boundary", "=?utf-8?q?x?= \xE9 "}},
       {}},
      {"encoded-word",
       "a/b; name=\"=?iso-8859-1?q?gr=FC=DFe?=\"",
       "a/b",
       {{"name",
         "gr\xC3\xBC\xC3\x9F"
         "e"}},
       {}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("RFC 2231 parameters are joined and decoded", "[content_type]") {
  const Case cases[] = {
      {"extended", "a; filename*=UTF-8''caf%C3%A9.txt", "a", {{"filename", "caf\xC3\xA9.txt"}}, {}},
      {"other charset and language", "a; x*=iso-8859-1'fr'caf%e9", "a", {{"x", "caf\xC3\xA9"}}, {}},
      {"continued", "a; x*0=\"one \"; x*1=two", "a", {{"x", "one two"}}, {}},
      {"out of order", "a; x*1=b; y=1; x*0=a", "a", {{"x", "ab"}, {"y", "1"}}, {}},
      {"ten and more sections",
       "a; x*9=j; x*10=k; x*0=a; x*1=b; x*2=c; x*3=d; x*4=e; x*5=f; x*6=g; x*7=h; x*8=i",
       "a",
       {{"x", "abcdefghijk"}},
       {}},
      {"continued and extended", "a; x*0*=utf-8''a%C3; x*1*=%A9; x*2=%20", "a", {{"x", "a\xC3\xA9%20"}}, {}},
      {"continued boundary",
       "a/b; boundary*0=\"one;\"; boundary*1=two",
       "a/b",
       {{"boundary", "one;two"}},
       {}},
      {"extended boundary stays octets",
       "a/b; boundary*=utf-8''%E9b",
       "a/b",
       {{"boundary",
         "\xE9"
         "b"}},
       {}},
      {"a gap", "a; x*0=a; x*2=c", "a", {{"x", "ac"}}, kMalformed},
      {"a section twice", "a; x*0=a; x*0=b; x*1=c", "a", {{"x", "ac"}}, kMalformed},
      {"plain first", "a; x=plain; x*=utf-8''ext", "a", {{"x", "plain"}}, {}},
      {"extended first", "a; x*=utf-8''ext; x=plain", "a", {{"x", "ext"}}, {}},
      {"plain before sections", "a; x=plain; x*0=a; x*1=b", "a", {{"x", "plain"}}, {}},
      {"bad percent", "a; x*=utf-8''1%zz%4", "a", {{"x", "1%zz%4"}}, kMalformed},
      {"no charset", "a; x*=value", "a", {{"x", "value"}}, kMalformed},
      {"names that are none", "a; x*y=1; *=2; x*1234567=3; x**=4", "a", {}, kMalformed},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("values know their halves and parameters", "[content_type]") {
  Problems problems;
  const ParameterisedValue html = parse_parameterised("text/html; charset=utf-8; x=\"\"", problems);
  CHECK(html.type() == "text");
  CHECK(html.subtype() == "html");
  CHECK(html.parameter("charset") == "utf-8");
  CHECK(html.has_parameter("x"));
  CHECK_FALSE(html.has_parameter("y"));
  CHECK(html.parameter("y").empty());
  const ParameterisedValue inline_value = parse_parameterised("inline", problems);
  CHECK(inline_value.type() == "inline");
  CHECK(inline_value.subtype().empty());
}

TEST_CASE("encoding tokens", "[content_type]") {
  const std::pair<std::string, std::string> cases[] = {
      {"", ""},
      {"base64", "base64"},
      {" Base64 (x) ", "base64"},
      {"(x) QUOTED-Printable", "quoted-printable"},
      {"\"base64\"", "base64"},
      {"base64; charset=utf-8", "base64"},
      {"7bit\0"s, "7bit"},
      {"8bit 7bit", "8bit"},
      {"(open", "open"},
      {";", ""},
  };
  for (const auto& [body, token] : cases) {
    INFO(body);
    CHECK(parse_encoding_token(body) == token);
  }
}

std::string repeat(const std::string& text, std::size_t times) {
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

TEST_CASE("parameters are counted", "[content_type][limits]") {
  for (const std::size_t count : {std::size_t{200}, std::size_t{201}}) {
    std::string body = "a/b";
    for (std::size_t i = 0; i < count; ++i) body += ";p" + std::to_string(i) + "=1";
    Problems problems;
    CHECK(parse_parameterised(body + "; p0*=x", problems).parameters.size() == 200);
    CHECK(problems.has("parameter-malformed") == (count > 200));
  }
}

TEST_CASE("hostile values take linear time", "[content_type][hostile]") {
  constexpr std::size_t kTimes = 100'000;
  const std::pair<std::string, std::size_t> cases[] = {
      {repeat("(", kTimes), 0},
      {"a/b" + repeat("(x)", kTimes) + ";x=1", 1},
      {"a/b" + repeat(";x=1", kTimes), 1},
      {"a/b;x=" + repeat("y ", kTimes), 1},
      {"a/b;x=" + repeat(" (y", kTimes), 1},
      {"a/b;" + repeat("x*0=1;", kTimes), 1},
      {"a/b;x=\"" + repeat("\\\"", kTimes), 1},
      {repeat(";=\"", kTimes), 0},
      {std::string(kTimes, '\0'), 0},
      {repeat("a=b ", kTimes), 1},
      {repeat("/", kTimes), 0},
  };
  for (const auto& [body, parameters] : cases) {
    INFO(body.substr(0, 10));
    Problems problems;
    CHECK(parse_parameterised(body, problems).parameters.size() == parameters);
    CHECK(parse_encoding_token(body).size() <= body.size());
  }
}

}  // namespace
}  // namespace coldpitch
