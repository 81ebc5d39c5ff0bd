// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "parsers/message.h"
#include "parsers/text.h"
#include "tests/parsers/multipart.h"
#include "tests/support/catch.h"

namespace coldpitch::test {
namespace {

using Names = std::vector<std::string>;
using std::string_literals::operator""s;

TEST_CASE("parse_message keeps the judged text within its limit", "[message]") {
  Limits limits;
  limits.text_octets = 20;
  struct Case {
    const char* name;
    std::string message;
    std::string text;
    Names problems;
  };
  const std::string utf8 = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
  const Case cases[] = {
      {"at the limit", utf8 + std::string(20, 'a'), std::string(20, 'a'), {}},
      {"above", utf8 + std::string(21, 'a'), std::string(20, 'a'), {"text-octets"}},
      {"between characters", utf8 + std::string(19, 'a') + "ä", std::string(19, 'a'), {"text-octets"}},
      {"a body much longer", utf8 + std::string(100'000, 'a'), std::string(20, 'a'), {"text-octets"}},
      {"HTML above",
       "Content-Type: text/html\r\n\r\n" + std::string(21, 'a'),
       std::string(20, 'a'),
       {"text-octets"}},
      {"two parts at the limit",
       multipart("mixed", plain(std::string(9, 'a')) + plain(std::string(9, 'b'))),
       std::string(9, 'a') + "\n\n" + std::string(9, 'b'),
       {}},
      {"two parts above",
       multipart("mixed", plain(std::string(9, 'a')) + html(std::string(10, 'b'))),
       std::string(9, 'a') + "\n\n" + std::string(9, 'b'),
       {"text-octets"}},
      {"no room for a second part",
       multipart("mixed", plain(std::string(19, 'a')) + html("<a href='http://x.example'>b")),
       std::string(19, 'a'),
       {"text-octets"}},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const Message message = parse_message(c.message, limits);
    CHECK(message.text == c.text);
    CHECK(message.problems.names() == c.problems);
    for (const Link& link : message.links) CHECK(link.text.end <= message.text.size());
  }
}

TEST_CASE("each limit is noted just above it, and only there", "[message][limits]") {
  struct Case {
    std::size_t Limits::*limit;
    const char* problem;
    std::string (*message)(std::size_t);  ///< that has so many of what is limited
  };
  const Case cases[] = {
      {&Limits::message_octets, "message-octets",
       [](std::size_t n) { return "\r\n" + std::string(n - 2, 'a'); }},
      {&Limits::mime_depth, "mime-depth",
       [](std::size_t n) {
         return repeated("Content-Type: message/rfc822\r\n\r\n", n) + "Subject: x\r\n\r\n";
       }},
      {&Limits::mime_parts, "mime-parts",
       [](std::size_t n) { return multipart("mixed", repeated(plain("a"), n - 1)); }},
      {&Limits::header_octets, "header-octets",
       [](std::size_t n) { return "A: " + std::string(n - 5, 'a') + "\r\n\r\n"; }},
      {&Limits::header_fields, "header-fields",
       [](std::size_t n) { return repeated("A: b\r\n", n) + "\r\n"; }},
      {&Limits::part_header_octets, "header-octets",
       [](std::size_t n) { return multipart("mixed", part("A: " + std::string(n - 5, 'a'), "b")); }},
      {&Limits::field_octets, "field-octets",
       [](std::size_t n) { return "A: " + std::string(n, 'a') + "\r\n\r\n"; }},
      {&Limits::boundary_octets, "boundary-octets",
       [](std::size_t n) {
         const std::string boundary(n, 'b');
         return "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary +
                "\r\n\r\na\r\n--" + boundary + "--\r\n";
       }},
      {&Limits::text_octets, "text-octets", [](std::size_t n) { return "\r\n" + std::string(n, 'a'); }},
      {&Limits::html_octets, "html-octets",
       [](std::size_t n) { return "Content-Type: text/html\r\n\r\n" + std::string(n, 'a'); }},
      {&Limits::mailboxes, "mailboxes",
       [](std::size_t n) { return "To: " + repeated("a@b.example,", n) + "\r\n\r\n"; }},
      {&Limits::urls, "urls",
       [](std::size_t n) {
         std::string text = "\r\n";
         for (std::size_t i = 0; i < n; ++i) text += "http://a" + std::to_string(i) + ".example/ ";
         return text;
       }},
  };
  constexpr std::size_t kLimit = 25;
  for (const Case& c : cases) {
    Limits limits;
    limits.*c.limit = kLimit;
    for (const std::size_t size : {kLimit - 1, kLimit, kLimit + 1}) {
      CAPTURE(c.problem, size);
      CHECK(parse_message(c.message(size), limits).problems.names() ==
            (size > kLimit ? Names{c.problem} : Names{}));
    }
  }
}

TEST_CASE("HTML parts share the limit of HTML read", "[message]") {
  Limits limits;
  limits.html_octets = 10;
  const Message message =
      parse_message(multipart("mixed", html("<b>1234") + html("5678") + html("9")), limits);
  CHECK(message.text == "1234\n\n567");
  CHECK(message.problems.names() == Names{"html-octets"});
}

TEST_CASE("parse_message reads hostile mail", "[message][hostile]") {
  const std::string hostile[] = {
      "\0\xff\r\n\r\n\0\xff"s,
      "Content-Type: text/html\r\n\r\n" + repeated("<div>", 50'000) + "x",
      multipart("mixed", repeated(html("<b>x"), 600)),
      multipart("alternative", repeated(plain("x"), 300) + repeated(html("y"), 300)),
      repeated("Subject: =?utf-8?q?=?=\r\n", 3000) + "\r\nx",
      "From: " + repeated("<", 50'000) + "\r\nReferences: " + repeated("<a", 20'000) + "\r\n\r\n" +
          repeated("> ", 50'000),
      "Content-Type: text/html\r\n\r\n<meta " + repeated("charset", 20'000) + repeated("<meta", 20'000),
  };
  for (const std::string& octets : hostile) {
    INFO(printable(octets, 60));
    const Message message = parse_message(octets, Limits{});
    CHECK(is_valid_utf8(message.text));
    CHECK(is_valid_utf8(message.subject));
    CHECK(message.text.size() <= Limits{}.text_octets);
    CHECK(message.links.size() <= Limits{}.urls);
  }
}

}  // namespace
}  // namespace coldpitch::test
