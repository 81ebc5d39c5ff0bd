// SPDX-License-Identifier: MIT
#include "parsers/authentication.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Properties = std::vector<std::pair<std::string, std::string>>;

struct ResultsCase {
  const char* name;
  std::string body;
  AuthenticationResults expected;
};

const ResultsCase kResultsCases[] = {
    {"empty", "", {}},
    {"id alone", "mx.example.org", {"mx.example.org", {}}},
    {"none", "mx.example.org; none", {"mx.example.org", {}}},
    {"version and none", "MX.Example.ORG 1; none", {"mx.example.org", {}}},
    {"quoted id", "\"mx example\"; spf=pass", {"mx example", {{"spf", "pass", "", {}}}}},
    {"one result",
     "mx.example.org; dkim=pass header.d=example.net",
     {"mx.example.org", {{"dkim", "pass", "", {{"header.d", "example.net"}}}}}},
    {"letters in any case",
     "mx.example.org; DKIM=PASS Header.D=Example.NET",
     {"mx.example.org", {{"dkim", "pass", "", {{"header.d", "Example.NET"}}}}}},
    {"several results and properties",
     "mx.example.org; dkim=pass header.i=@example.net header.s=s1 header.b=ab+/=; spf=fail "
     "smtp.mailfrom=a@example.net",
     {"mx.example.org",
      {{"dkim", "pass", "", {{"header.i", "@example.net"}, {"header.s", "s1"}, {"header.b", "ab+/="}}},
       {"spf", "fail", "", {{"smtp.mailfrom", "a@example.net"}}}}}},
    {"comments anywhere, nested and quoted",
     "(a) mx.example.org (b (c; d\\)) ) 1 ; (e) dmarc (f) = (g) pass (p=reject; x) header (h) . (i) from (j) "
     "= (k) "
     "example.net (l)",
     {"mx.example.org", {{"dmarc", "pass", "", {{"header.from", "example.net"}}}}}},
    {"method version", "mx.example.org; dkim/1=pass", {"mx.example.org", {{"dkim", "pass", "", {}}}}},
    {"blanks around the version",
     "mx.example.org; dkim / 1 = pass",
     {"mx.example.org", {{"dkim", "pass", "", {}}}}},
    {"leading zeros of the version",
     "mx.example.org 01; spf=pass",
     {"mx.example.org", {{"spf", "pass", "", {}}}}},
    {"another version", "mx.example.org 10; spf=pass", {"mx.example.org", {}}},
    {"version nought", "mx.example.org 0; spf=pass", {"mx.example.org", {}}},
    {"another method version, and one more result",
     "mx.example.org; dkim/3=pass header.d=a.example; spf/1=fail",
     {"mx.example.org", {{"spf", "fail", "", {}}}}},
    {"folded, with property types of all kinds",
     "mx.example.org;\t dkim=pass\t header.d=a.example\t body.x=y policy.z=q;\t iprev=pass "
     "policy.iprev=192.0.2.1",
     {"mx.example.org",
      {{"dkim", "pass", "", {{"header.d", "a.example"}, {"body.x", "y"}, {"policy.z", "q"}}},
       {"iprev", "pass", "", {{"policy.iprev", "192.0.2.1"}}}}}},
    {"reason",
     "mx.example.org; dkim=fail reason=\"bad \\\"body\\\"; hash\" header.d=example.net",
     {"mx.example.org", {{"dkim", "fail", "bad \"body\"; hash", {{"header.d", "example.net"}}}}}},
    {"quoted local part",
     "mx.example.org; spf=pass smtp.mailfrom=\"a; b\"@example.net",
     {"mx.example.org", {{"spf", "pass", "", {{"smtp.mailfrom", "a; b@example.net"}}}}}},
    {"property without a type",
     "mx.example.org; dmarc=pass action=none header.from=example.net",
     {"mx.example.org", {{"dmarc", "pass", "", {{"action", "none"}, {"header.from", "example.net"}}}}}},
    {"id left out", "spf=pass (sender) smtp.mailfrom=example.net; dkim=pass header.d=example.net", {}},
    {"stops in the second result",
     "mx.example.org; spf=pass; ?; dkim=pass header.d=example.net",
     {"mx.example.org", {{"spf", "pass", "", {}}}}},
    {"stops in the properties, what is before stays",
     "mx.example.org; spf=pass smtp.helo=a.example \x01; dkim=pass",
     {"mx.example.org", {{"spf", "pass", "", {{"smtp.helo", "a.example"}}}}}},
    {"result without method", "mx.example.org; =pass", {"mx.example.org", {}}},
    {"method without result", "mx.example.org; dkim=", {"mx.example.org", {}}},
    {"unclosed comment hides the rest",
     "mx.example.org; spf=pass (oops; dkim=pass header.d=example.net",
     {"mx.example.org", {{"spf", "pass", "", {}}}}},
    {"unclosed quote",
     "mx.example.org; spf=pass reason=\"x; dkim=pass",
     {"mx.example.org", {{"spf", "pass", "x; dkim=pass", {}}}}},
    {"last semicolon", "mx.example.org; spf=pass;", {"mx.example.org", {{"spf", "pass", "", {}}}}},
};

TEST_CASE("Authentication-Results bodies are taken apart", "[authentication]") {
  for (const ResultsCase& row : kResultsCases) {
    CAPTURE(row.name);
    const std::string exact(row.body);
    CHECK(parse_authentication_results(exact) == row.expected);
  }
}

TEST_CASE("a property that is absent is empty, the first of several counts", "[authentication]") {
  const AuthenticationResult result{
      "dkim", "pass", "", {{"header.d", "a.example"}, {"header.d", "b.example"}}};
  CHECK(result.property("header.d") == "a.example");
  CHECK(result.property("header.i").empty());
}

TEST_CASE("at most 100 results are kept", "[authentication]") {
  for (const std::size_t count : {99U, 100U, 101U}) {
    std::string body = "mx.example.org";
    for (std::size_t i = 0; i < count; ++i) body += "; spf=pass";
    CHECK(parse_authentication_results(body).results.size() == std::min<std::size_t>(count, 100));
  }
}

TEST_CASE("hostile bodies are read in linear time", "[authentication]") {
  const std::size_t size = 300'000;
  std::string labels;
  for (std::size_t i = 0; i < size / 8; ++i) labels += " a.b=c";
  CHECK(parse_authentication_results("x; spf=pass " + std::string(size, '(')).results.size() == 1);
  CHECK(parse_authentication_results("x; spf=pass " + std::string(size, '"')).results.size() == 1);
  CHECK(parse_authentication_results("x;" + std::string(size, ';')).results.empty());
  CHECK(parse_authentication_results("x; spf=pass" + labels).results.at(0).properties.size() == size / 8);
}

Header header_of(std::vector<HeaderField> fields) { return Header(std::move(fields)); }

const std::vector<std::string> kTrusted = {"mx.example.org", "edge.example.org"};

HeaderField results(std::string body) { return {"Authentication-Results", std::move(body)}; }

struct TrustCase {
  const char* name;
  std::vector<HeaderField> fields;
  Authentication expected;
};

Authentication authentication(std::vector<std::string> domains, std::string dmarc = "",
                              std::string dmarc_from = "", std::string spf = "", std::string spf_domain = "",
                              std::string dkim = "pass") {
  std::vector<DkimPass> passed;
  for (const std::string& domain : domains) passed.push_back({domain, "", ""});
  return {true,           std::move(domains),    std::move(dmarc), std::move(dmarc_from),
          std::move(spf), std::move(spf_domain), std::move(dkim),  std::move(passed)};
}

Authentication with_passes(std::vector<std::string> domains, std::vector<DkimPass> passed) {
  Authentication found = authentication(std::move(domains));
  found.dkim_passed = std::move(passed);
  return found;
}

const TrustCase kTrustCases[] = {
    {"no field", {{"Subject", "x"}}, {}},
    {"ours on top",
     {results("mx.example.org; dkim=pass header.d=Example.NET; dmarc=pass header.from=Example.NET; spf=pass "
              "smtp.mailfrom=bounce@Mail.Example.NET"),
      {"Received", "from a (b [192.0.2.1]) by mx.example.org with ESMTP; Mon, 5 Oct 2026 10:00:00 +0000"}},
     authentication({"example.net"}, "pass", "example.net", "pass", "mail.example.net")},
    {"id in another case",
     {results("MX.Example.Org; dkim=pass header.d=a.example")},
     authentication({"a.example"})},
    {"somebody else's", {results("mx.example.com; dkim=pass header.d=a.example")}, {}},
    {"a name below ours is not ours", {results("a.mx.example.org; dkim=pass header.d=a.example")}, {}},
    {"none", {results("mx.example.org; none")}, authentication({}, "", "", "", "", "")},
    {"under our own Received",
     {{"Received", "from edge.example.org by mx.example.org (Postfix)"},
      results("edge.example.org; dkim=pass header.d=a.example")},
     authentication({"a.example"})},
    {"Received without from",
     {{"received", "by mx.example.org (Postfix, from userid 1)"}, results("mx.example.org; spf=none")},
     authentication({}, "", "", "none", "", "")},
    {"under a stranger's Received",
     {{"Received", "from a by mx.example.com"}, results("mx.example.org; dkim=pass header.d=a.example")},
     {}},
    {"under a Received whose client calls itself by",
     {{"Received", "from by (by mx.example.org [192.0.2.1]) by mx.example.com"},
      results("mx.example.org; dkim=pass header.d=a.example")},
     {}},
    {"under a Received that names our host in a comment",
     {{"Received", "from x (by mx.example.org) by mx.example.com"},
      results("mx.example.org; dkim=pass header.d=a.example")},
     {}},
    {"under a Received without by",
     {{"Received", "x"}, results("mx.example.org; dkim=pass header.d=a.example")},
     {}},
    {"the second under a stranger's Received does not add",
     {results("mx.example.org; dkim=pass header.d=a.example"),
      {"Received", "from b by c.example"},
      results("mx.example.org; dkim=pass header.d=b.example; dmarc=pass header.from=b.example")},
     authentication({"a.example"})},
    {"two of ours add up",
     {results("mx.example.org; dkim=pass header.d=a.example"),
      results("edge.example.org; dmarc=fail header.from=b.example")},
     authentication({"a.example"}, "fail", "b.example")},
    {"of two answers about DMARC the upper",
     {results("mx.example.org; dmarc=fail header.from=a.example"),
      results("mx.example.org; dmarc=pass header.from=a.example")},
     authentication({}, "fail", "a.example", "", "", "")},
    {"domain of header.i",
     {results("mx.example.org; dkim=pass header.i=jane@A.example")},
     authentication({"a.example"})},
    {"header.d before header.i",
     {results("mx.example.org; dkim=pass header.i=@mail.a.example header.d=a.example")},
     authentication({"a.example"})},
    {"only passing signatures, each domain once",
     {results("mx.example.org; dkim=fail header.d=b.example; dkim=pass header.d=a.example; dkim=pass "
              "header.d=a.example; "
              "dkim=neutral header.d=c.example")},
     with_passes({"a.example"}, {{"a.example", "", ""}, {"a.example", "", ""}})},
    {"which signature passed",
     {results("mx.example.org; dkim=pass header.d=A.example header.s=S1 header.b=aB+/=; dkim=pass "
              "header.i=@b.example")},
     with_passes({"a.example", "b.example"}, {{"a.example", "S1", "aB+/="}, {"b.example", "", ""}})},
    {"of two fields about DKIM the upper: the lower may be forged",
     {results("mx.example.org; dkim=none; dmarc=fail header.from=a.example"),
      results("mx.example.org; dkim=pass header.d=a.example; spf=pass smtp.mailfrom=a.example")},
     authentication({}, "fail", "a.example", "pass", "a.example", "none")},
    {"the lower of two servers of ours adds no signature",
     {results("mx.example.org; dkim=pass header.d=a.example"),
      results("edge.example.org; dkim=pass header.d=b.example")},
     authentication({"a.example"})},
    {"a version nobody knows",
     {results("mx.example.org 2; dkim=pass header.d=a.example")},
     authentication({}, "", "", "", "", "")},
    {"a method in a version nobody knows",
     {results("mx.example.org; dkim/2=pass header.d=a.example; dmarc/1=pass header.from=a.example")},
     authentication({}, "pass", "a.example", "", "", "")},
    {"no passing signature",
     {results("mx.example.org; dkim=fail header.d=b.example; dkim=neutral header.d=c.example")},
     authentication({}, "", "", "", "", "fail")},
    {"a pass for nobody", {results("mx.example.org; dkim=pass")}, authentication({})},
    {"spf of MAIL FROM before the one of HELO",
     {results("mx.example.org; spf=none smtp.helo=h.example; spf=pass smtp.mailfrom=<a@M.example>; spf=fail "
              "smtp.mailfrom=n.example")},
     authentication({}, "", "", "pass", "m.example", "")},
    {"spf of HELO alone",
     {results("mx.example.org; spf=softfail smtp.helo=H.example; spf=pass smtp.helo=i.example")},
     authentication({}, "", "", "softfail", "h.example", "")},
};

TEST_CASE("only results of our own edge are believed", "[authentication]") {
  for (const TrustCase& row : kTrustCases) {
    CAPTURE(row.name);
    CHECK(trusted_authentication(header_of(row.fields), kTrusted) == row.expected);
  }
}

TEST_CASE("without trusted ids nothing is believed", "[authentication]") {
  const Header header =
      header_of({results("; dkim=pass header.d=a.example"), results("mx; dkim=pass header.d=a.example")});
  CHECK(trusted_authentication(header, {}) == Authentication{});
  CHECK(trusted_authentication(header, {""}) == Authentication{});
}

TEST_CASE("passing domains are bounded", "[authentication]") {
  for (const std::size_t count : {99U, 100U, 101U}) {
    std::string body = "mx.example.org";
    for (std::size_t i = 0; i < count; ++i) body += "; dkim=pass header.d=d" + std::to_string(i) + ".example";
    const Authentication found = trusted_authentication(header_of({results(body)}), kTrusted);
    CHECK(found.dkim_domains.size() == std::min<std::size_t>(count, 100));
    CHECK(found.dkim_passed.size() == found.dkim_domains.size());
  }
}

struct SignatureCase {
  const char* name;
  std::string body;
  DkimSignature expected;
};

const SignatureCase kSignatureCases[] = {
    {"empty", "", {}},
    {"usual",
     "v=1; a=rsa-sha256; c=relaxed/relaxed; d=Example.NET; s=s1; t=1; h=From:To:Subject; bh=a=; b=c=",
     {"example.net", "s1", {"from", "to", "subject"}, "c="}},
    {"blanks from folding",
     "d = exam\t ple.net ;\t s= s 1; h=From :\tX-Some-Field :  Date",
     {"example.net", "s1", {"from", "x-some-field", "date"}}},
    {"empty names in h", "d=example.net; s=s1; h=From::To:", {"example.net", "s1", {"from", "to"}}},
    {"a field signed twice", "d=example.net; s=s1; h=From:From", {"example.net", "s1", {"from", "from"}}},
    {"tags are case-sensitive", "D=example.net; S=s1; H=From", {}},
    {"a tag given twice makes it void", "d=a.example; s=s1; h=From; d=b.example", {}},
    {"selector given twice", "d=a.example; s=s1; s=s2; h=From", {}},
    {"h given twice", "d=a.example; s=s1; h=From; h=To", {}},
    {"folded b", "d=a.example; b=ab\t cd\t =", {"a.example", "", {}, "abcd="}},
    {"b given twice", "d=a.example; s=s1; h=From; b=a; b=b", {}},
    {"no tags", "nonsense;;=;", {}},
};

TEST_CASE("DKIM-Signature bodies are taken apart", "[authentication]") {
  for (const SignatureCase& row : kSignatureCases) {
    CAPTURE(row.name);
    CHECK(parse_dkim_signature(row.body) == row.expected);
  }
}

TEST_CASE("a signature covers the fields it names, whatever their case", "[authentication]") {
  const DkimSignature signature = parse_dkim_signature("d=a.example; s=s; h=From:X-LinkedIn-Class");
  CHECK(signature.covers("x-linkedin-class"));
  CHECK(signature.covers("FROM"));
  CHECK_FALSE(signature.covers("X-LinkedIn-Template"));
  CHECK_FALSE(signature.covers("X-LinkedIn"));
}

TEST_CASE("a result speaks of the signature it names", "[authentication]") {
  const DkimSignature signature = parse_dkim_signature("d=a.example; s=s1; h=From; b=abcdef");
  CHECK(signature.may_be({"a.example", "", ""}));
  CHECK(signature.may_be({"a.example", "S1", "abcd"}));
  CHECK(signature.may_be({"mail.a.example", "", ""}));  // the domain of i= may stand below
  CHECK_FALSE(signature.may_be({"b.example", "", ""}));
  CHECK_FALSE(signature.may_be({"example", "", ""}));
  CHECK_FALSE(signature.may_be({"a.example", "s2", ""}));
  CHECK_FALSE(signature.may_be({"a.example", "s1", "abcx"}));
  CHECK_FALSE(signature.may_be({"a.example", "s1", "abcdefg"}));
}

TEST_CASE("what two verifiers found adds up", "[authentication]") {
  Authentication before{true,   {"a.example"}, "fail", "b.example",
                        "pass", "a.example",   "pass", {{"a.example", "s", ""}}};
  Authentication here;
  here.checked = true;
  here.dkim = "pass";
  here.dkim_domains = {"a.example", "b.example"};
  here.dkim_passed = {{"a.example", "s", "x"}, {"b.example", "t", "y"}};
  add_authentication(before, here);
  CHECK(before.dkim_domains == std::vector<std::string>{"a.example", "b.example"});
  CHECK(before.dkim_passed.size() == 3);
  CHECK(before.dmarc == "fail");

  Authentication nothing;
  here = {};
  here.checked = true;
  here.dkim = "none";
  add_authentication(nothing, here);
  CHECK((nothing.checked && nothing.dkim == "none"));
  Authentication told{true, {}, "", "", "", "", "fail", {}};
  here.dkim = "temperror";
  add_authentication(told, here);
  CHECK(told.dkim == "fail");
}

}  // namespace
}  // namespace coldpitch
