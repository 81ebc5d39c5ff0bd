// SPDX-License-Identifier: MIT
#include "parsers/url.h"

#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/text.h"
#include "parsers/url_reader.h"
#include "tests/support/catch.h"

namespace coldpitch {
std::ostream& operator<<(std::ostream& out, const Url& url) {
  return out << '{' << url.scheme << " | " << url.host << " | " << printable(url.path) << " | "
             << printable(url.query) << " | " << url.registrable_domain << '}';
}
}  // namespace coldpitch

namespace {

using coldpitch::Limits;
using coldpitch::parse_url;
using coldpitch::Problems;
using coldpitch::TextUrl;
using coldpitch::Url;
using Names = std::vector<std::string>;

struct Case {
  const char* name;
  std::string in;
  Url out;
};

TEST_CASE("URLs are read as a browser does") {
  const Case kCases[] = {
      {"host alone", "https://example.org", {"https", "example.org", "", "", "example.org"}},
      {"path, query, fragment",
       "http://www.example.org/a/b?c=d&e#f?g",
       {"http", "www.example.org", "/a/b", "c=d&e", "example.org"}},
      {"query without path", "http://example.org?a/b", {"http", "example.org", "", "a/b", "example.org"}},
      {"fragment without path", "http://example.org#a?b", {"http", "example.org", "", "", "example.org"}},
      {"case", "HTTPS://WWW.Example.ORG/Path", {"https", "www.example.org", "/Path", "", "example.org"}},
      {"blanks around",
       " \n\thttps://example.org/a b \r\n",
       {"https", "example.org", "/a b", "", "example.org"}},
      {"TAB and line ends inside",
       "ht\ttps://exam\r\nple.org/a\n/b",
       {"https", "example.org", "/a/b", "", "example.org"}},
      {"no scheme", "//example.org/a", {"https", "example.org", "/a", "", "example.org"}},
      {"back-slashes",
       "http:\\\\example.org\\a\\b?c\\d",
       {"http", "example.org", "/a/b", "c\\d", "example.org"}},
      {"back-slashes without a scheme",
       "\\\\example.org\\a",
       {"https", "example.org", "/a", "", "example.org"}},
      {"one slash", "https:/example.org/a", {"https", "example.org", "/a", "", "example.org"}},
      {"no slash", "https:example.org/a", {"https", "example.org", "/a", "", "example.org"}},
      {"many slashes", "https:////example.org/a", {"https", "example.org", "/a", "", "example.org"}},
      {"user-info", "https://user:pass@example.org/a", {"https", "example.org", "/a", "", "example.org"}},
      {"user-info that looks like a host",
       "https://example.com:80@example.org/",
       {"https", "example.org", "/", "", "example.org"}},
      {"two at signs", "https://a@b@example.org/", {"https", "example.org", "/", "", "example.org"}},
      {"back-slash before an at sign",
       "http://example.com\\@example.org/",
       {"http", "example.com", "/@example.org/", "", "example.com"}},
      {"question mark before an at sign",
       "http://example.com?@example.org",
       {"http", "example.com", "", "@example.org", "example.com"}},
      {"port", "https://example.org:8443/a", {"https", "example.org", "/a", "", "example.org"}},
      {"empty port", "https://example.org:/a", {"https", "example.org", "/a", "", "example.org"}},
      {"largest port", "https://example.org:0065535", {"https", "example.org", "", "", "example.org"}},
      {"trailing dot", "https://example.org./", {"https", "example.org", "/", "", "example.org"}},
      {"percent-encoded host",
       "https://ex%41mple%2Eorg/%41",
       {"https", "example.org", "/%41", "", "example.org"}},
      {"host without a dot", "http://localhost/", {"http", "localhost", "/", "", ""}},
      {"empty label", "http://a..example.org/", {"http", "a..example.org", "/", "", ""}},
      {"underscore", "http://a_b.example.org", {"http", "a_b.example.org", "", "", "example.org"}},
      {"double suffix", "https://www.example.co.uk", {"https", "www.example.co.uk", "", "", "example.co.uk"}},
      {"a suffix itself", "https://co.uk", {"https", "co.uk", "", "", ""}},
      {"unknown suffix",
       "https://www.coldpitch.example",
       {"https", "www.coldpitch.example", "", "", "coldpitch.example"}},
      {"U-label",
       "https://B\xC3\xBC"
       "cher.example/",
       {"https", "xn--bcher-kva.example", "/", "", "xn--bcher-kva.example"}},
      {"A-label",
       "https://XN--Bcher-kva.example/",
       {"https", "xn--bcher-kva.example", "/", "", "xn--bcher-kva.example"}},
      {"full-width",
       "https://\xEF\xBD\x85xample\xE3\x80\x82org",
       {"https", "example.org", "", "", "example.org"}},
      {"soft hyphen in the host",
       "https://exam\xC2\xADple.org",
       {"https", "example.org", "", "", "example.org"}},
      {"percent-encoded U-label",
       "https://b%C3%BCcher.example",
       {"https", "xn--bcher-kva.example", "", "", "xn--bcher-kva.example"}},
      {"sharp s stays",
       "https://fa\xC3\x9F.example",
       {"https", "xn--fa-hia.example", "", "", "xn--fa-hia.example"}},
      {"hyphens in odd places",
       "https://-a--\xC3\xBC-.example",
       {"https", "xn---a----nva.example", "", "", "xn---a----nva.example"}},
      {"IPv4", "http://192.0.2.1:80/", {"http", "192.0.2.1", "/", "", ""}},
      {"IPv4, one number", "http://3221225985/", {"http", "192.0.2.1", "/", "", ""}},
      {"IPv4, hexadecimal", "http://0xC0.0x0.0x201/", {"http", "192.0.2.1", "/", "", ""}},
      {"IPv4, octal", "http://0300.0.02.01/", {"http", "192.0.2.1", "/", "", ""}},
      {"trailing dots", "https://example.org../", {"https", "example.org", "/", "", "example.org"}},
      {"IPv4, trailing dot", "http://192.0.2.1./", {"http", "192.0.2.1", "/", "", ""}},
      {"IPv6", "http://[2001:DB8::1]:80/", {"http", "[2001:db8::1]", "/", "", ""}},
      {"mailto",
       "MAILTO:Jane@example.org?subject=a&body=b#c",
       {"mailto", "", "Jane@example.org", "subject=a&body=b", ""}},
      {"mailto without an address", "mailto:?subject=a", {"mailto", "", "", "subject=a", ""}},
  };
  for (const Case& c : kCases) {
    CAPTURE(c.name);
    const auto url = parse_url(c.in);
    REQUIRE(url.has_value());
    CHECK(*url == c.out);
  }
}

TEST_CASE("what is no URL of the web or mail is refused") {
  const std::string kRefused[] = {
      "",
      " ",
      "example.org",
      "/path",
      "#top",
      "ftp://example.org/",
      "javascript:alert(1)",
      "data:text/plain,a",
      "tel:+1555",
      "httpsx://example.org",
      "://example.org",
      "http://",
      "http:///",
      "https://?a",
      "https://#a",
      "https://user@/",
      "https://:80/",
      "https://./",
      "https://example.org:65536/",
      "https://example.org:999999999999999999999/",
      "https://example.org:80a/",
      "https://exa mple.org/",
      "https://exa<mple.org/",
      "https://exa%20mple.org/",
      "https://exa%00mple.org/",
      "https://exa%2Fmple.org/",
      "https://exa%zzmple.org/",
      std::string("https://exa\0mple.org/", 21),
      "https://\xFF\xFE.example/",
      "https://%FF.example/",
      "https://a\xE2\x84\x80"
      "b.example/",
      "https://1.2.3.4.5/",
      "https://256.0.0.1/",
      "https://1.2.3.256/",
      "https://4294967296/",
      "https://99999999999999999999999999/",
      "https://1.2.08.4/",
      "https://a.b.c.1/",
      "https://[::1/",
      "https://[]/",
      "https://[abc]/",
      "https://[::g]/",
  };
  for (const std::string& in : kRefused) {
    CAPTURE(in);
    CHECK_FALSE(parse_url(in).has_value());
  }
}

TEST_CASE("host names have the length of the DNS") {
  const std::string label(62, 'a');
  const std::string name = label + '.' + label + '.' + label + '.' + label + ".b";  // 253 octets
  CHECK(parse_url("https://" + name)->host == name);
  CHECK(parse_url("https://" + name + '.')->host == name);
  CHECK_FALSE(parse_url("https://" + name + 'b').has_value());
  CHECK_FALSE(parse_url("https://" + std::string(1'000'000, 'a')).has_value());
  std::string letters;
  for (int i = 0; i < 100'000; ++i) letters += "\xC3\xBC";
  CHECK_FALSE(parse_url("https://" + letters).has_value());
}

TEST_CASE("registrable domains follow the public suffix list") {
  struct Row {
    std::string host;
    std::string domain;
  };
  const Row kRows[] = {
      {"", ""},
      {"example.org", "example.org"},
      {"a.b.Example.ORG.", "example.org"},
      {"org", ""},
      {"localhost", ""},
      {"www.example.co.uk", "example.co.uk"},
      {"co.uk", ""},
      {"city.kawasaki.jp", "city.kawasaki.jp"},
      {"192.0.2.1", ""},
      {"[2001:db8::1]", ""},
      {"2001:db8::1", ""},
      {"a..example.org", ""},
      {".example.org", ""},
      {"example..", ""},
      {"b\xC3\xBC"
       "cher.example",
       "xn--bcher-kva.example"},
      {"www.xn--bcher-kva.example", "xn--bcher-kva.example"},
      {"exa mple.org", ""},
      {"\xFF.org", ""},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.host);
    CHECK(coldpitch::registrable_domain(row.host) == row.domain);
  }
}

TEST_CASE("what was looked up before, and what came in between, change no registrable domain") {
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 300; ++i) {
      const std::string name = "host" + std::to_string(i);
      CHECK(coldpitch::registrable_domain("www." + name + ".co.uk") == name + ".co.uk");
      CHECK(coldpitch::registrable_domain("co.uk").empty());
      CHECK(coldpitch::registrable_domain("a.b." + name + ".org") == name + ".org");
    }
  }
}

struct Found {
  const char* name;
  std::string in;
  std::vector<std::string> written;
};

TEST_CASE("URLs are found in running text") {
  const Found kCases[] = {
      {"none", "no link here: a.example, http, www, ://", {}},
      {"alone", "https://example.org", {"https://example.org"}},
      {"in a sentence",
       "See http://example.org/a, or https://example.org/b.",
       {"http://example.org/a", "https://example.org/b"}},
      {"www", "Go to www.example.org/a!", {"www.example.org/a"}},
      {"www in capitals", "WWW.EXAMPLE.ORG", {"WWW.EXAMPLE.ORG"}},
      {"www without a name", "www. www.. www... www.a www.example wwww.example.org", {}},
      {"www inside a name", "awww.example.org x.www.example.org /www.example.org me@www.example.org", {}},
      {"www inside a URL", "https://example.org/www.example.org/", {"https://example.org/www.example.org/"}},
      {"behind letters", "Websitehttps://example.org", {"https://example.org"}},
      {"in angle brackets", "<https://example.org/a>b", {"https://example.org/a"}},
      {"in quotes",
       "\"https://example.org/a\" 'https://example.org/b'",
       {"https://example.org/a", "https://example.org/b"}},
      {"in typographic quotes", "\xE2\x80\x9Chttps://example.org/a\xE2\x80\x9D", {"https://example.org/a"}},
      {"in parentheses", "(https://example.org/a)", {"https://example.org/a"}},
      {"with parentheses",
       "https://example.org/a_(b) (https://example.org/a_(b)).",
       {"https://example.org/a_(b)", "https://example.org/a_(b)"}},
      {"Markdown",
       "[text](https://example.org/a) [https://example.org/b]",
       {"https://example.org/a", "https://example.org/b"}},
      {"closing punctuation", "https://example.org/a?!...", {"https://example.org/a"}},
      {"punctuation inside", "https://example.org/a.b,c;d?e!f", {"https://example.org/a.b,c;d?e!f"}},
      {"dash behind", "https://example.org/a\xE2\x80\x94so", {"https://example.org/a"}},
      {"no-break space",
       "https://example.org/a\xC2\xA0"
       "b",
       {"https://example.org/a"}},
      {"full-width punctuation",
       "https://example.org/a\xE3\x80\x82 https://example.org/b\xEF\xBC\x89",
       {"https://example.org/a", "https://example.org/b"}},
      {"international",
       "https://b\xC3\xBC"
       "cher.example/\xC3\xA4",
       {"https://b\xC3\xBC"
        "cher.example/\xC3\xA4"}},
      {"URL inside a URL",
       "https://example.org/?u=https://example.com/a",
       {"https://example.org/?u=https://example.com/a"}},
      {"no host", "http:// https:/// http://. next https://example.org", {"https://example.org"}},
      {"other scheme", "ftp://example.org xhttp", {}},
      {"ill-formed octet ends it",
       "https://example.org/a\xFF"
       "b",
       {"https://example.org/a"}},
  };
  for (const Found& c : kCases) {
    CAPTURE(c.name);
    Problems problems;
    std::vector<std::string> written;
    for (const TextUrl& url : coldpitch::find_urls(c.in, Limits{}, problems)) {
      written.push_back(c.in.substr(url.span.begin, url.span.size()));
      CHECK_FALSE(url.url.host.empty());
    }
    CHECK(written == c.written);
    CHECK(problems.names().empty());
  }
}

TEST_CASE("a URL found says where it leads") {
  Problems problems;
  const auto urls = coldpitch::find_urls("a www.Example.org/B b", Limits{}, problems);
  REQUIRE(urls.size() == 1);
  CHECK(urls[0].span == coldpitch::Span{2, 19});
  CHECK(urls[0].url == Url{"http", "www.example.org", "/B", "", "example.org"});
}

TEST_CASE("a reader of many URLs says of each what parse_url says") {
  coldpitch::UrlReader reader;
  for (const char* text :
       {"https://a.example.org/1", "https://a.example.org/2?b#c", "https://u:p@a.example.org/",
        "https://a.example.org:8080/x", "https://a.example.org:99999/", "https://a.example.org/3", "http://",
        "mailto:a@b.example", "https://[/", "https://[/", "//a.example.org/4", "ht\ntp://b.exam\tple.org/5",
        "http:\\\\b.example.org\\6", "ftp://b.example.org/"}) {
    CAPTURE(text);
    CHECK(reader.read(text) == parse_url(text));
  }
}

TEST_CASE("URLs past the limit are not kept") {
  Limits limits;
  limits.urls = 2;
  for (const bool is_above : {false, true}) {
    std::string text = "https://a.example https://b.example http://";
    if (is_above) text += " https://c.example";
    Problems problems;
    CHECK(coldpitch::find_urls(text, limits, problems).size() == 2);
    CHECK(problems.names() == (is_above ? Names{"urls"} : Names{}));
  }
}

TEST_CASE("hostile texts are searched for URLs in linear time") {
  for (const char* piece : {"http://", "http://[", "www.", "://", "www.a.b/(", ")", "http://a.example/)",
                            "http://\xC3\xBC", "(http://a ", "hTTpS://@", "http:// ", "www.a.example "}) {
    CAPTURE(piece);
    std::string text;
    while (text.size() < 100'000) text += piece;
    Problems problems;
    CHECK(coldpitch::find_urls(text, Limits{}, problems).size() <= Limits{}.urls);
    static_cast<void>(parse_url(text));
    CHECK(coldpitch::registrable_domain(text).size() <= 253);
  }
}

}  // namespace
