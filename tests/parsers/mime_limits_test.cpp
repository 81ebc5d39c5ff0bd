// SPDX-License-Identifier: MIT
#include <string>

#include "tests/parsers/mime_tree.h"

namespace coldpitch::test {
namespace {

TEST_CASE("entities past a limit stay text", "[mime][limits]") {
  Limits depth;
  depth.mime_depth = 2;
  const std::string third = "--c\nContent-Type: multipart/mixed; boundary=d\n\n--d\n\none\n--d--\n";
  const std::string second = "--b\nContent-Type: multipart/mixed; boundary=c\n\n";
  check({"depth at the limit",
         mixed(second + "--c\n\none\n--c--\n--b--\n"),
         "multipart/mixed(multipart/mixed(text/plain[one]))",
         {}},
        depth);
  check({"depth above the limit",
         mixed(second + third + "--c\n\ntwo\n--c--\n--b--\n"),
         "multipart/mixed(multipart/mixed(text/plain[--d\n\none\n--d--] text/plain[two]))",
         {"mime-depth"}},
        depth);
  depth.mime_depth = 1;
  const std::string inner = "Content-Type: message/rfc822\n\n";
  check({"messages",
         inner + inner + "Subject: x\n\none",
         "message/rfc822(text/plain[Subject: x\n\none])",
         {"mime-depth"}},
        depth);
  check({"encoded messages",
         "Content-Type: message/rfc822\n\nContent-Type: message/rfc822\nContent-Transfer-Encoding: "
         "base64\n\nU3ViamVjdDogeAoKd29yZHM=\n",
         "message/rfc822(text/plain[Subject: x\n\nwords])",
         {"encoded-message", "mime-depth"}},
        depth);
  depth.mime_depth = 0;
  check({"none", mixed("--b\n\none\n--b--\n"), "text/plain[--b\n\none\n--b--\n]", {"mime-depth"}}, depth);

  Limits parts;
  parts.mime_parts = 3;
  check({"parts at the limit",
         mixed("--b\n\none\n--b\n\ntwo\n--b--\n"),
         "multipart/mixed(text/plain[one] text/plain[two])",
         {}},
        parts);
  check({"parts above the limit",
         mixed("--b\n\none\n--b\n\ntwo\n--b\n\nthree\n--b--\nend"),
         "multipart/mixed(text/plain[one] text/plain[two] text/plain[\nthree\n--b--\nend])",
         {"mime-parts"}},
        parts);
  check({"a container as the last",
         mixed("--b\n\none\n" + second + "--c\n\ntwo\n--c--\n--b\n\nthree\n"),
         "multipart/mixed(text/plain[one] text/plain[--c\n\ntwo\n--c--] text/plain[\nthree\n])",
         {"mime-parts"}},
        parts);
  check({"an encoded container past it",
         mixed("--b\nContent-Type: message/rfc822\nContent-Transfer-Encoding: "
               "base64\n\nU3ViamVjdDogeAoKd29yZHM=\n--b\n\ntwo\n--b--\n"),
         "multipart/mixed(text/plain[Subject: x\n\nwords] text/plain[two])",
         {"encoded-message", "mime-parts"}},
        parts);
}

TEST_CASE("limits of headers, boundaries and octets", "[mime][limits]") {
  Limits limits;
  limits.boundary_octets = 1;
  check({"boundary at the limit", mixed("--b\n\none\n--b--\n"), "multipart/mixed(text/plain[one])", {}},
        limits);
  check({"boundary above the limit",
         "Content-Type: multipart/mixed; boundary=bb\n\n--bb\n",
         "text/plain[--bb\n]",
         {"boundary-octets"}},
        limits);
  limits = {};
  limits.part_header_octets = 20;
  check({"own limit for parts", "Subject: longer than twenty\n\nwords", "text/plain[words]", {}}, limits);
  check({"part header above the limit",
         mixed("--b\nX: 4567890\nContent-Type: text/html\n\n<p>\n--b--\n"),
         "multipart/mixed(text/plain[<p>])",
         {"header-octets"}},
        limits);
  limits.header_octets = 5;
  check({"message header above the limit", "A: 123456789\n\nwords", "text/plain[words]", {"header-octets"}},
        limits);

  const std::string octets = "Subject: x\n\nwords";
  limits = {};
  limits.message_octets = octets.size();
  CHECK(parse(octets, limits).problems.empty());
  const Parsed cut = parse(octets + "more", limits);
  CHECK(tree(cut.message) == "text/plain[words]");
  CHECK(cut.problems == Names{"message-octets"});
}

TEST_CASE("many long headers in one message leave later ones a few fields", "[mime][limits]") {
  Limits limits;
  limits.header_fields = 60;
  const std::string part = "--b\n" + repeat("A: 1\n", 60) + "\n";
  const Parsed parsed = parse(mixed(repeat(part, 30)), limits);
  REQUIRE(parsed.message.parts.size() == 31);
  CHECK(parsed.message.parts[1].header.fields().size() == 60);
  CHECK(parsed.message.parts[30].header.fields().size() == 50);
  CHECK(parsed.problems == Names{"header-fields", "boundary-unclosed"});
}

TEST_CASE("containers encoded again and again stop at a multiple of the message", "[mime][limits]") {
  const std::string layer = "Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable\n\n";
  const Parsed parsed = parse(repeat(layer, 20) + "\n" + repeat("words ", 5000));
  CHECK(parsed.problems == Names{"encoded-message", "mime-depth"});
  REQUIRE(parsed.message.parts.size() == 5);
  CHECK(parsed.message.parts.back().body.size() > 30'000);
}

struct Bomb {
  const char* name;
  std::string octets;
  std::size_t parts;
  Names problems;
};

TEST_CASE("hostile mail costs linear time", "[mime][hostile]") {
  constexpr std::size_t kTimes = 100'000;
  const std::string open_part = "--b\n\n";
  std::string distinct;
  for (std::size_t i = 0; i < kTimes; ++i) {
    distinct +=
        "Content-Type: multipart/mixed; boundary=" + std::to_string(i) + "\n\n--" + std::to_string(i) + "\n";
  }
  const Bomb bombs[] = {
      {"nested multiparts", distinct, 31, {"mime-depth", "boundary-unclosed"}},
      {"nested multiparts of one boundary",
       repeat(mixed("--b\n"), kTimes),
       501,
       {"mime-depth", "mime-parts"}},
      {"parts", mixed(repeat(open_part, kTimes)), 501, {"mime-parts"}},
      {"nested messages", repeat("Content-Type: message/rfc822\n\n", kTimes), 31, {"mime-depth"}},
      {"messages in a digest",
       "Content-Type: multipart/digest; boundary=b\n\n" + repeat(open_part, kTimes),
       501,
       {"mime-parts"}},
      {"close delimiters", mixed(open_part + repeat("--b--\n", kTimes)), 2, {}},
      {"dashes", mixed(open_part + repeat("--\n", kTimes)), 2, {"boundary-unclosed"}},
      {"dashes in a header",
       mixed("--b\n" + repeat("--\n", kTimes)),
       2,
       {"header-junk", "header-octets", "boundary-unclosed"}},
      {"a long line", mixed(open_part + "--b" + std::string(1'000'000, ' ') + "x\n--b--\n"), 2, {}},
      {"a long header",
       "Subject: " + std::string(10'000'000, 'x') + "\n\nwords",
       1,
       {"field-octets", "header-octets"}},
      {"NULs", std::string(1'000'000, '\0'), 1, {"header-junk", "header-nul"}},
      {"NULs in a part",
       mixed("--b\n" + std::string(100'000, '\0')),
       2,
       {"header-junk", "header-nul", "boundary-unclosed"}},
      {"returns", std::string(1'000'000, '\r'), 1, {}},
      {"parameters",
       "Content-Type: multipart/mixed" + repeat(";a=b", 10'000) + "\n\nx",
       1,
       {"parameter-malformed", "boundary-missing"}},
  };
  for (const Bomb& bomb : bombs) {
    INFO(bomb.name);
    const Parsed parsed = parse(bomb.octets);
    CHECK(parsed.message.parts.size() == bomb.parts);
    CHECK(parsed.problems == bomb.problems);
  }
}

TEST_CASE("text in a bomb is not lost", "[mime][hostile]") {
  const Parsed nested = parse(repeat("Content-Type: message/rfc822\n\n", 1000) + "\nBuy now");
  CHECK_THAT(nested.message.parts.back().body, ContainsSubstring("Buy now"));
  const Parsed parts = parse(mixed(repeat("--b\n\n", 1000) + "Buy now\n--b--\n"));
  CHECK_THAT(parts.message.parts.back().body, ContainsSubstring("Buy now"));
}

}  // namespace
}  // namespace coldpitch::test
