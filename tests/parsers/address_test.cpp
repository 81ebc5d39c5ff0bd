// SPDX-License-Identifier: MIT
#include "parsers/address.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace coldpitch {
std::ostream& operator<<(std::ostream& out, const Mailbox& mailbox) {
  return out << '{' << printable(mailbox.display_name) << " | " << printable(mailbox.local_part) << " | "
             << printable(mailbox.domain) << '}';
}
}  // namespace coldpitch

namespace {

using coldpitch::Limits;
using coldpitch::Mailbox;
using coldpitch::Problems;
using Names = std::vector<std::string>;

const Names kMalformed = {"address-malformed"};

struct Case {
  const char* name;
  std::string in;
  std::vector<Mailbox> out;
  Names problems = {};
};

void check(const Case& c) {
  CAPTURE(c.name);
  Problems problems;
  CHECK(coldpitch::parse_address_list(c.in, Limits{}, problems) == c.out);
  CHECK(problems.names() == c.problems);
}

TEST_CASE("well-formed address lists are read") {
  const Case kCases[] = {
      {"empty", "", {}},
      {"blank", " \r\n\t", {}},
      {"bare addr-spec", "jane@example.org", {{"", "jane", "example.org"}}},
      {"angle brackets alone", "<jane@example.org>", {{"", "jane", "example.org"}}},
      {"name", "Jane Doe <jane@example.org>", {{"Jane Doe", "jane", "example.org"}}},
      {"case", "Jane <Jane.Doe@Example.ORG>", {{"Jane", "Jane.Doe", "example.org"}}},
      {"quoted name", "\"Doe, Jane\" <jane@example.org>", {{"Doe, Jane", "jane", "example.org"}}},
      {"escapes in the name",
       "\"Jane \\\"J\\\\D\\\" Doe\" <j@example.org>",
       {{"Jane \"J\\D\" Doe", "j", "example.org"}}},
      {"dots in the name", "Jane Q. Doe <j@example.org>", {{"Jane Q. Doe", "j", "example.org"}}},
      {"no blank before the bracket", "Jane<j@example.org>", {{"Jane", "j", "example.org"}}},
      {"encoded name", "=?utf-8?Q?J=C3=A4ne?= <j@example.org>", {{"J\xC3\xA4ne", "j", "example.org"}}},
      {"encoded name of two words",
       "=?utf-8?Q?J=C3?= =?utf-8?Q?=A4ne?= <j@example.org>",
       {{"J\xC3\xA4ne", "j", "example.org"}}},
      {"encoded name with specials inside",
       "=?utf-8?Q?Doe, Jane <a@b.example>?= <j@example.org>",
       {{"Doe, Jane <a@b.example>", "j", "example.org"}}},
      {"encoded name in quotes", "\"=?utf-8?B?SmFuZQ==?=\" <j@example.org>", {{"Jane", "j", "example.org"}}},
      {"quotes inside the encoded name",
       "=?utf-8?Q?=22Jane=22?= <j@example.org>",
       {{"Jane", "j", "example.org"}}},
      {"raw UTF-8",
       "J\xC3\xA4ne <j\xC3\xA4@ex\xC3\xA4mple.org>",
       {{"J\xC3\xA4ne", "j\xC3\xA4", "ex\xC3\xA4mple.org"}}},
      {"quoted local part", "\"jane doe\"@example.org", {{"", "jane doe", "example.org"}}},
      {"quoted local part with specials", "<\"a@b,\\\"c\"@example.org>", {{"", "a@b,\"c", "example.org"}}},
      {"obsolete local part", "jane . \"q\" .doe @ example . org", {{"", "jane.q.doe", "example.org"}}},
      {"comments", "(a) Jane (b) <(c) j (d) @ (e) example.org (f)> (g)", {{"Jane", "j", "example.org"}}},
      {"name in a comment", "j@example.org (Jane Doe)", {{"Jane Doe", "j", "example.org"}}},
      {"nested and encoded comment",
       "j@example.org (=?utf-8?Q?J=C3=A4ne?= (at \\) work))",
       {{"J\xC3\xA4ne (at ) work)", "j", "example.org"}}},
      {"a name goes before a comment", "Jane <j@example.org> (Sales)", {{"Jane", "j", "example.org"}}},
      {"domain literal", "j@[192.0.2.1]", {{"", "j", "[192.0.2.1]"}}},
      {"domain literal of IPv6", "<j@[IPv6:2001:DB8::1]>", {{"", "j", "[ipv6:2001:db8::1]"}}},
      {"trailing dot", "j@example.org.", {{"", "j", "example.org"}}},
      {"route", "<@a.example,@b.example:j@example.org>", {{"", "j", "example.org"}}},
      {"two",
       "a@example.org, Jane <b@example.org>",
       {{"", "a", "example.org"}, {"Jane", "b", "example.org"}}},
      {"empty members",
       ",, a@example.org,,b@example.org,",
       {{"", "a", "example.org"}, {"", "b", "example.org"}}},
      {"group",
       "Team: a@example.org, Jane <b@example.org>; c@example.org",
       {{"", "a", "example.org"}, {"Jane", "b", "example.org"}, {"", "c", "example.org"}}},
      {"empty group", "undisclosed-recipients:;", {}},
      {"two groups",
       "\"A B\": a@example.org;, C: c@example.org;",
       {{"", "a", "example.org"}, {"", "c", "example.org"}}},
      {"only a comment", "(nobody)", {}},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("malformed address lists are kept as well as can be") {
  const Case kCases[] = {
      {"word behind the brackets",
       "Sam <sam@example.org> trailing",
       {{"Sam trailing", "sam", "example.org"}},
       kMalformed},
      {"name without brackets",
       "Jane Doe jane@example.org",
       {{"Jane Doe", "jane", "example.org"}},
       kMalformed},
      {"name behind", "jane@example.org Jane Doe", {{"Jane Doe", "jane", "example.org"}}, kMalformed},
      {"local user", "root", {{"", "root", ""}}, kMalformed},
      {"local user in brackets", "Root <root>", {{"Root", "root", ""}}, kMalformed},
      {"name alone", "Jane Doe", {{"Jane Doe", "", ""}}, kMalformed},
      {"quoted name alone", "\"Jane\"", {{"Jane", "", ""}}, kMalformed},
      {"encoded name alone", "=?utf-8?Q?Jane?=", {{"Jane", "", ""}}, kMalformed},
      {"empty brackets", "Jane <>", {{"Jane", "", ""}}, kMalformed},
      {"only empty brackets", "<>", {}, kMalformed},
      {"address as a name",
       "jane@example.org <eve@example.net>",
       {{"jane@example.org", "eve", "example.net"}},
       kMalformed},
      {"double brackets", "<<jane@example.org>>", {{"", "jane", "example.org"}}, kMalformed},
      {"two addresses without a comma",
       "<a@example.org> <b@example.org>",
       {{"", "a", "example.org"}, {"", "b", "example.org"}},
       kMalformed},
      {"two names without a comma",
       "Ann <a@example.org> Bob <b@example.org>",
       {{"Ann", "a", "example.org"}, {"Bob", "b", "example.org"}},
       kMalformed},
      {"comma in a name nobody quoted",
       "Doe, Jane <jane@example.org>, max@example.org",
       {{"Doe, Jane", "jane", "example.org"}, {"", "max", "example.org"}},
       kMalformed},
      {"commas in a name",
       "Doe, Jane (Sales), PhD <jane@example.org>",
       {{"Doe, Jane, PhD", "jane", "example.org"}},
       kMalformed},
      {"comma behind a name", "Jane , <jane@example.org>", {{"Jane", "jane", "example.org"}}, kMalformed},
      {"encoded word, comma, name",
       "=?utf-8?Q?J=C3=A4ne?=, Sales <jane@example.org>",
       {{"J\xC3\xA4ne, Sales", "jane", "example.org"}},
       kMalformed},
      {"local users before an address",
       "root, admin, jane@example.org",
       {{"", "root", ""}, {"", "admin", ""}, {"", "jane", "example.org"}},
       kMalformed},
      {"local users alone", "root, admin", {{"", "root", ""}, {"", "admin", ""}}, kMalformed},
      {"a group ends a name",
       "team: root; Jane <jane@example.org>",
       {{"", "root", ""}, {"Jane", "jane", "example.org"}},
       kMalformed},
      {"bracket not closed", "Jane <jane@example.org", {{"Jane", "jane", "example.org"}}, kMalformed},
      {"bracket not closed before a comma",
       "<a@example.org, <b@example.org>",
       {{"", "a", "example.org"}, {"", "b", "example.org"}},
       kMalformed},
      {"words in a literal", "j@[192.0.2.1, x@y]", {{"", "j", ""}}, kMalformed},
      {"bracket not opened", "jane@example.org>", {{"", "jane", "example.org"}}, kMalformed},
      {"quote not closed", "\"Jane <jane@example.org>", {{"\"Jane", "jane", "example.org"}}, kMalformed},
      {"quote not closed but escaped",
       "\"Jane \\\" <jane@example.org>",
       {{"Jane \\", "jane", "example.org"}},
       kMalformed},
      {"comment not closed", "jane@example.org (Jane", {{"(Jane", "jane", "example.org"}}, kMalformed},
      {"comment not opened", "Jane) <jane@example.org>", {{"Jane)", "jane", "example.org"}}, kMalformed},
      {"literal not closed", "jane@[192.0.2.1", {{"", "jane", ""}}, kMalformed},
      {"empty literal", "jane@[]", {{"", "jane", ""}}, kMalformed},
      {"blank in the literal", "jane@[192.0. 2.1]", {{"", "jane", ""}}, kMalformed},
      {"two at signs", "<jane@corp@example.org>", {{"", "jane@corp", "example.org"}}, kMalformed},
      {"no local part", "<@example.org>", {{"", "", "example.org"}}, kMalformed},
      {"no domain", "jane@", {{"", "jane", ""}}, kMalformed},
      {"only an at sign", "@", {}, kMalformed},
      {"blank in the local part", "<jane doe@example.org>", {{"", "jane doe", "example.org"}}, kMalformed},
      {"two dots in the local part",
       "<jane..doe@example.org>",
       {{"", "jane..doe", "example.org"}},
       kMalformed},
      {"dot before the at sign", "<jane.@example.org>", {{"", "jane.", "example.org"}}, kMalformed},
      {"two dots in the domain", "jane@example..org", {{"", "jane", ""}}, kMalformed},
      {"dot first in the domain", "jane@.example.org", {{"", "jane", ""}}, kMalformed},
      {"odd octet in the domain", "jane@exa!mple.org", {{"", "jane", ""}}, kMalformed},
      {"NUL in the domain", std::string("jane@exa\0mple.org", 17), {{"", "jane", ""}}, kMalformed},
      {"no UTF-8 in the domain", "jane@ex\xE4mple.org", {{"", "jane", ""}}, kMalformed},
      {"scheme", "<mailto:jane@example.org>", {{"", "jane", "example.org"}}, kMalformed},
      {"semicolon as a comma",
       "a@example.org; b@example.org",
       {{"", "a", "example.org"}, {"", "b", "example.org"}},
       kMalformed},
      {"group not closed", "Team: a@example.org", {{"", "a", "example.org"}}, kMalformed},
      {"group without a name", ":a@example.org;", {{"", "a", "example.org"}}, kMalformed},
      {"raw windows-1252 name",
       "J\xE4ne <j@example.org>",
       {{"J\xC3\xA4ne", "j", "example.org"}},
       {"header-8bit"}},
      {"encoded name without its end",
       "=?utf-8?Q?Jane <j@example.org>",
       {{"=?utf-8?Q?Jane", "j", "example.org"}},
       {"encoded-word-malformed"}},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("a domain has its limits") {
  const std::string label(63, 'a');
  const std::string domain = label + '.' + label + '.' + label + '.' + label;  // 255 octets
  check({"at the limit", "j@" + domain, {{"", "j", domain}}});
  check({"dot behind the limit", "j@" + domain + '.', {{"", "j", domain}}});
  check({"above the limit", "j@" + domain + 'a', {{"", "j", ""}}, kMalformed});
}

TEST_CASE("mailboxes past the limit are not read") {
  Limits limits;
  limits.mailboxes = 2;
  for (const bool is_above : {false, true}) {
    Problems problems;
    const auto mailboxes = coldpitch::parse_address_list(
        std::string("a@example.org, b@example.org,") + (is_above ? "c@example.org, (" : ""), limits,
        problems);
    CHECK(mailboxes == std::vector<Mailbox>{{"", "a", "example.org"}, {"", "b", "example.org"}});
    CHECK(problems.names() == (is_above ? Names{"mailboxes"} : Names{}));
  }
}

TEST_CASE("the address of a mailbox") {
  CHECK(Mailbox{"Jane", "jane", "example.org"}.address() == "jane@example.org");
  CHECK(Mailbox{"", "jane", ""}.address() == "jane");
  CHECK(Mailbox{}.address().empty());
}

TEST_CASE("envelope addresses are read") {
  struct Row {
    std::string in;
    Mailbox out;
  };
  const Row kRows[] = {
      {"", {}},
      {"<>", {}},
      {" < > ", {}},
      {"<Jane@Example.org>", {"", "Jane", "example.org"}},
      {"jane@example.org", {"", "jane", "example.org"}},
      {"<jane@example.org> SIZE=100", {"", "jane", "example.org"}},
      {"<\"jane >doe\"@example.org>", {"", "jane >doe", "example.org"}},
      {"<@relay.example:jane@example.org>", {"", "jane", "example.org"}},
      {"<jane@[192.0.2.1]>", {"", "jane", "[192.0.2.1]"}},
      {"<postmaster>", {"", "postmaster", ""}},
      {"<jane@example.org", {"", "jane", "example.org"}},
      {"<SRS0=a=b=example.net=jane@example.org>", {"", "SRS0=a=b=example.net=jane", "example.org"}},
      {"<a@b@example.org>", {"", "a@b", "example.org"}},
      {"<jane@exa mple.org>", {"", "jane", "exa"}},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.in);
    CHECK(coldpitch::parse_envelope_address(row.in) == row.out);
  }
}

TEST_CASE("message ids are read") {
  struct Row {
    const char* name;
    std::string in;
    Names out;
  };
  const Row kRows[] = {
      {"empty", "", {}},
      {"one", "<a@example.org>", {"a@example.org"}},
      {"several, any gap", "<a@b>\r\n <c@d><e@f>", {"a@b", "c@d", "e@f"}},
      {"blanks inside", "<a @\r\n\tb>", {"a@b"}},
      {"words outside", "Your mail of <a@b> today \"x\" c@d", {"a@b"}},
      {"empty ids", "<> < > <a@b>", {"a@b"}},
      {"not closed", "<a@b> <c@d", {"a@b"}},
      {"closed twice", "<a@b>> <c@d>", {"a@b", "c@d"}},
      {"opened twice", "<x <a@b>", {"a@b"}},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(coldpitch::parse_message_ids(row.in) == row.out);
  }
}

TEST_CASE("of many message ids the ends are kept") {
  for (const std::size_t count : {199U, 200U, 201U, 5000U}) {
    CAPTURE(count);
    std::string body;
    for (std::size_t i = 0; i < count; ++i) body += '<' + std::to_string(i) + "> ";
    const Names ids = coldpitch::parse_message_ids(body);
    REQUIRE(ids.size() == std::min<std::size_t>(count, 200));
    CHECK(ids.front() == "0");
    CHECK(ids[99] == "99");
    CHECK(ids[ids.size() - 100] == std::to_string(count - 100));
    CHECK(ids.back() == std::to_string(count - 1));
  }
}

TEST_CASE("hostile address lists take linear time") {
  for (const char* piece :
       {"\"\\", "(",  ")",    "<",     ">",      "@",  "@[", ",", ":",  ";",    "\"",
        "a ",   "a.", "<@a,", "<a@b>", "=?u?Q?", "\\", "a:", "[", "<(", "a@b ", "\"a\"@"}) {
    CAPTURE(piece);
    std::string body;
    while (body.size() < 30'000) body += piece;
    Problems problems;
    CHECK(coldpitch::parse_address_list(body, Limits{}, problems).size() <= Limits{}.mailboxes);
    CHECK(coldpitch::parse_envelope_address(body).local_part.size() <= body.size());
    CHECK(coldpitch::parse_message_ids(body).size() <= 200);
  }
}

}  // namespace
