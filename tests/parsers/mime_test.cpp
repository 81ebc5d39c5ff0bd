// SPDX-License-Identifier: MIT
#include "parsers/mime.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace std::string_literals;
using Names = std::vector<std::string>;

std::string repeat(const std::string& text, std::size_t times) {
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char octet : text) {
    if (octet == '\n') result += '\r';
    result += octet;
  }
  return result;
}

std::string without_cr(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  return text;
}

/// The tree on one line: "multipart/mixed(text/plain[words] image/png[...])", line ends of bodies as LF.
std::string tree(const MimeMessage& message) {
  std::string text;
  std::size_t depth = 0;
  for (const MimePart& part : message.parts) {
    for (; depth > part.depth; --depth) text += ')';
    if (!text.empty() && text.back() != '(') text += ' ';
    text += part.content_type.value;
    if (part.is_container()) {
      text += '(';
      ++depth;
    } else {
      text += '[' + without_cr(part.body) + ']';
    }
  }
  return text + std::string(depth, ')');
}

struct Parsed {
  MimeMessage message;
  Names problems;
};

Parsed parse(const std::string& octets, const Limits& limits = {}) {
  // A block of exactly this size, so that a sanitizer sees an octet read behind it.
  const std::vector<char> block(octets.begin(), octets.end());
  Problems problems;
  Parsed parsed{parse_mime({block.data(), block.size()}, limits, problems), {}};
  parsed.problems = problems.names();
  return parsed;
}

struct Case {
  const char* name;
  std::string octets;  ///< LF line ends
  std::string tree;
  Names problems;
};

void check(const Case& expected, const Limits& limits = {}) {
  INFO(expected.name);
  for (const std::string& octets : {expected.octets, with_crlf(expected.octets)}) {
    const Parsed parsed = parse(octets, limits);
    CHECK(tree(parsed.message) == expected.tree);
    CHECK(parsed.problems == expected.problems);
  }
}

/// A multipart with boundary `b` and the given body.
std::string mixed(const std::string& body) { return "Content-Type: multipart/mixed; boundary=b\n\n" + body; }

TEST_CASE("messages without parts", "[mime]") {
  const Case cases[] = {
      {"nothing", "", "text/plain[]", {}},
      {"header only", "Subject: x\n", "text/plain[]", {}},
      {"body only", "\nwords\n", "text/plain[words\n]", {}},
      {"plain", "Subject: x\n\nwords\n\nmore", "text/plain[words\n\nmore]", {}},
      {"html", "Content-Type: Text/HTML\n\n<p>", "text/html[<p>]", {}},
      {"quoted-printable", "Content-Transfer-Encoding: Quoted-Printable\n\na=3Db", "text/plain[a=b]", {}},
      {"base64", "Content-Transfer-Encoding: base64 (x)\n\nd29yZHM=\n", "text/plain[words]", {}},
      {"base64 and a footer",
       "Content-Transfer-Encoding: base64\n\nd29yZHM=\n-- \nthe list\n",
       "text/plain[words\n-- \nthe list]",
       {"base64-after-padding"}},
      {"base64 attachment and a footer",
       "Content-Type: image/png\nContent-Transfer-Encoding: base64\n\nd29yZHM=\nthe list\n",
       "image/png[words]",
       {"base64-after-padding"}},
      {"unknown encoding",
       "Content-Transfer-Encoding: x\n\na=3Db",
       "text/plain[a=3Db]",
       {"encoding-unknown"}},
      {"type without subtype", "Content-Type: text\n\nwords", "text/plain[words]", {}},
      {"empty type", "Content-Type: ; charset=utf-8\n\nwords", "text/plain[words]", {}},
      {"no header at all", "words\n\nmore", "text/plain[words\nmore]", {"header-junk"}},
      {"dashes", "\n--\n--b--\n", "text/plain[--\n--b--\n]", {}},
      {"NUL", "Subject: a\0b\n\nc\0d"s, "text/plain[c\0d]"s, {"header-nul"}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("multiparts are split at their delimiters", "[mime]") {
  const std::string nested =
      "--b\nContent-Type: multipart/alternative; boundary=\"i\"\n\n"
      "--i\n\nplain\n--i\nContent-Type: text/html\n\n<p>\n--i--\n";
  const Case cases[] = {
      {"two parts",
       mixed("pre\n--b\n\none\n--b\nContent-Type: text/html\n\n<p>\n--b--\npost\n"),
       "multipart/mixed(text/plain[one] text/html[<p>])",
       {}},
      {"no blank line at the end", mixed("--b\n\none\n--b--"), "multipart/mixed(text/plain[one])", {}},
      {"blanks behind delimiters", mixed("--b \t\n\none\n--b--  \n"), "multipart/mixed(text/plain[one])", {}},
      {"only the last line end is the delimiter's",
       mixed("--b\n\none\n\n\n--b--\n"),
       "multipart/mixed(text/plain[one\n\n])",
       {}},
      {"empty parts",
       mixed("--b\n\n--b\n--b\n\n\n--b--\n"),
       "multipart/mixed(text/plain[] text/plain[] text/plain[])",
       {}},
      {"what only looks like a delimiter",
       mixed("--b\n\n--bb\n-b\n --b\nx--b\n--B\n--b-\n--b--x\n--b--\n"),
       "multipart/mixed(text/plain[--bb\n-b\n --b\nx--b\n--B\n--b-\n--b--x])",
       {}},
      {"a delimiter ends a header",
       mixed("--b\nContent-Type: text/html\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(text/html[] text/plain[two])",
       {}},
      {"nested",
       mixed(nested + "--b\n\nlast\n--b--\n"),
       "multipart/mixed(multipart/alternative(text/plain[plain] text/html[<p>]) text/plain[last])",
       {}},
      {"text behind an inner multipart",
       mixed(nested + "not shown\n--b\n\nlast\n--b--\n"),
       "multipart/mixed(multipart/alternative(text/plain[plain] text/html[<p>]) text/plain[last])",
       {}},
      {"boundary with blanks and semicolon",
       "Content-Type: multipart/mixed; boundary=\"a ;b \"\n\n--a ;b\n\none\n--a ;b--\n",
       "multipart/mixed(text/plain[one])",
       {}},
      {"inner boundary begins with the outer",
       mixed("--b\nContent-Type: multipart/related; boundary=bb\n\n--bb\n\none\n--bb--\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(multipart/related(text/plain[one]) text/plain[two])",
       {}},
      {"same boundary inside",
       mixed("--b\nContent-Type: multipart/related; boundary=b\n\n--b\n\none\n--b--\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(multipart/related(text/plain[one]) text/plain[two])",
       {}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("messages are read inside of messages", "[mime]") {
  const std::string digest = "Content-Type: multipart/digest; boundary=d\n\n";
  const Case cases[] = {
      {"message",
       "Content-Type: message/rfc822\n\nSubject: in\n\nwords",
       "message/rfc822(text/plain[words])",
       {}},
      {"message/global",
       "Content-Type: message/global\n\nSubject: in\n\nwords",
       "message/global(text/plain[words])",
       {}},
      {"message in a part",
       mixed("--b\nContent-Type: message/rfc822\n\nSubject: in\n\nwords\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(message/rfc822(text/plain[words]) text/plain[two])",
       {}},
      {"multipart in a message in a part",
       mixed("--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; "
             "boundary=i\n\n--i\n\nwords\n--i--\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(message/rfc822(multipart/mixed(text/plain[words])) text/plain[two])",
       {}},
      {"header of an inner message cut by a delimiter",
       mixed("--b\nContent-Type: message/rfc822\n\nSubject: in\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(message/rfc822(text/plain[]) text/plain[two])",
       {}},
      {"digest",
       digest + "--d\n\nSubject: in\n\nwords\n--d\nContent-Type: text/html\n\n<p>\n--d--\n",
       "multipart/digest(message/rfc822(text/plain[words]) text/html[<p>])",
       {}},
      {"digest default ends in a message",
       digest + "--d\n\n" + mixed("--b\n\nwords\n--b--\n") + "--d--\n",
       "multipart/digest(message/rfc822(multipart/mixed(text/plain[words])))",
       {}},
      {"a part of a message of a digest",
       digest + "--d\n\nSubject: in\nContent-Type: text\n\nwords\n--d--\n",
       "multipart/digest(message/rfc822(text/plain[words]))",
       {}},
      {"other message types",
       "Content-Type: message/delivery-status\n\nAction: failed\n",
       "message/delivery-status[Action: failed\n]",
       {}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("what was left open loses nothing", "[mime]") {
  const std::string open_inner = "--b\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\none\n";
  const Names unclosed = {"boundary-unclosed"};
  const Case cases[] = {
      {"end without close", mixed("--b\n\none\n"), "multipart/mixed(text/plain[one\n])", unclosed},
      {"delimiter at the end", mixed("--b\n\none\n--b"), "multipart/mixed(text/plain[one] text/plain[])",
       unclosed},
      {"inner multipart", mixed(open_inner + "--b\n\ntwo\n--b--\n"),
       "multipart/mixed(multipart/mixed(text/plain[one]) text/plain[two])", unclosed},
      {"inner multipart at the outer close", mixed(open_inner + "--b--\nnot shown\n"),
       "multipart/mixed(multipart/mixed(text/plain[one]))", unclosed},
      {"three levels at once",
       mixed("--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; "
             "boundary=d\n\n--d\n\none\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(multipart/mixed(multipart/mixed(text/plain[one])) text/plain[two])", unclosed},
      {"two of three levels",
       mixed("--b\nContent-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: multipart/mixed; "
             "boundary=d\n\n--d\n\none\n--c\n\ntwo\n--c--\n--b--\n"),
       "multipart/mixed(multipart/mixed(multipart/mixed(text/plain[one]) text/plain[two]))", unclosed},
      {"in a message",
       mixed("--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; "
             "boundary=i\n\n--i\n\none\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(message/rfc822(multipart/mixed(text/plain[one])) text/plain[two])", unclosed},
      {"no boundary",
       "Content-Type: multipart/mixed\n\n--\none\n",
       "text/plain[--\none\n]",
       {"boundary-missing"}},
      {"empty boundary",
       "Content-Type: multipart/mixed; boundary=\" \"\n\n--\none\n",
       "text/plain[--\none\n]",
       {"boundary-missing"}},
      {"boundary that never comes",
       mixed("words\n--c\n"),
       "text/plain[words\n--c\n]",
       {"boundary-unclosed", "boundary-missing"}},
      {"close delimiter only", mixed("one\n--b--\ntwo\n"), "text/plain[one\ntwo\n]", {"boundary-missing"}},
      {"inner boundary that never comes",
       mixed("--b\nContent-Type: multipart/related; boundary=i\n\nwords\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(text/plain[words] text/plain[two])",
       {"boundary-unclosed", "boundary-missing"}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("encoded containers are read again", "[mime]") {
  const std::string base64 = "Content-Transfer-Encoding: base64\n";
  const std::string qp = "Content-Transfer-Encoding: quoted-printable\n";
  const std::string message = "Content-Type: message/rfc822\n";
  const std::string multipart = "Content-Type: multipart/mixed; boundary=b\n";
  const Case cases[] = {
      // "Subject: x\n\nwords"
      {"message",
       message + base64 + "\nU3ViamVjdDogeAoKd29yZHM=\n",
       "message/rfc822(text/plain[words])",
       {"encoded-message"}},
      {"message with a footer",
       message + base64 + "\nU3ViamVjdDogeAoKd29yZHM=\nfooter\n",
       "message/rfc822(text/plain[words\nfooter])",
       {"encoded-message", "base64-after-padding"}},
      {"quoted-printable message",
       message + qp + "\nSubject: x=\n y\n\na=3Db",
       "message/rfc822(text/plain[a=b])",
       {"encoded-message"}},
      {"message that is not base64",
       message + base64 + "\nSubject: x\n\nwords",
       "message/rfc822(text/plain[words])",
       {"encoded-message"}},
      {"message encoded twice",
       message + base64 +
           "\nQ29udGVudC1UeXBlOiBtZXNzYWdlL3JmYzgyMgpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiBiYXNlNjQKClUzVmlhbVZ"
           "qZERvZ2VBb0tkMjl5WkhNPQo=\n",
       "message/rfc822(message/rfc822(text/plain[words]))",
       {"encoded-message"}},
      {"message in a part",
       mixed("--b\n" + message + base64 + "\nU3ViamVjdDogeAoKd29yZHM=\n--b\n\ntwo\n--b--\n"),
       "multipart/mixed(message/rfc822(text/plain[words]) text/plain[two])",
       {"encoded-message"}},
      // "--b\n\nwords\n--b--\n"
      {"multipart",
       multipart + base64 + "\nLS1iCgp3b3JkcwotLWItLQo=\n",
       "multipart/mixed(text/plain[words])",
       {"encoded-multipart", "boundary-unclosed"}},
      {"multipart that is not encoded",
       multipart + qp + "\n--b\n\na=3Db\n--b--\n",
       "multipart/mixed(text/plain[a=3Db])",
       {"encoded-multipart"}},
      {"multipart without delimiters",
       multipart + qp + "\na=3Db\n",
       "text/plain[a=b\n]",
       {"encoded-multipart", "boundary-unclosed", "boundary-missing"}},
      {"multipart without delimiters that is not base64",
       multipart + base64 + "\nplain words\n",
       "text/plain[plain words\n]",
       {"encoded-multipart", "boundary-unclosed", "boundary-missing"}},
      {"digest",
       "Content-Type: multipart/digest; boundary=b\n" + base64 +
           "\nLS1iCgpTdWJqZWN0OiB4Cgp3b3JkcwotLWItLQo=\n",
       "multipart/digest(message/rfc822(text/plain[words]))",
       {"encoded-multipart", "boundary-unclosed"}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("header junk is kept as text", "[mime]") {
  const std::string junk = "Buy now\n";
  const Names noted = {"header-junk"};
  const Case cases[] = {
      {"text", "Subject: x\n" + junk + "\nwords", "text/plain[Buy now\nwords]", noted},
      {"part without header", mixed("--b\nBuy now\nand here\n--b--\n"),
       "multipart/mixed(text/plain[Buy now\nand here\n])", noted},
      {"before decoded text", "Content-Transfer-Encoding: base64\n" + junk + "\nd29yZHM=\n",
       "text/plain[Buy now\nwords]", noted},
      {"base64 without empty line", mixed("--b\nContent-Transfer-Encoding: base64\nd29yZHM=\n--b--\n"),
       "multipart/mixed(text/plain[words])", noted},
      {"words where base64 was said", mixed("--b\nContent-Transfer-Encoding: base64\nBuy now\n--b--\n"),
       "multipart/mixed(text/plain[Buy now\n])", noted},
      {"quoted-printable without empty line", "Content-Transfer-Encoding: quoted-printable\na=3Db\n",
       "text/plain[a=b\n]", noted},
      {"a tag before HTML hides nothing", "Content-Type: text/html\n<!-- &\n\n<p>words",
       "text/html[&lt;!-- &\n<p>words]", noted},
      {"HTML without empty line", "Content-Type: text/html\n<p>words\n", "text/html[<p>words\n]", noted},
      {"behind text whose letters take two octets",
       "Content-Type: text/plain; charset=UTF-16le\nodd\n\na\0b\0"s, "text/plain[a\0b\0odd\n]"s, noted},
      {"of a multipart",
       "Content-Type: multipart/mixed; boundary=b\n" + junk +
           "\n--b\nContent-Type: image/png\n\nx\n--b\n\nwords\n--b--\n",
       "multipart/mixed(image/png[x] text/plain[Buy now\nwords])", noted},
      {"of an alternative, to both",
       "Content-Type: multipart/alternative; boundary=b\n" + junk +
           "\n--b\n\nwords\n--b\nContent-Type: text/html\n\n<p>\n--b--\n",
       "multipart/alternative(text/plain[Buy now\nwords] text/html[Buy now\n<p>])", noted},
      {"of a picture", mixed("--b\nContent-Type: image/png\n" + junk + "\nx\n--b\n\nwords\n--b--\n"),
       "multipart/mixed(image/png[x] text/plain[Buy now\nwords])", noted},
      {"not to an attachment",
       mixed("--b\nContent-Disposition: attachment\n" + junk + "\nx\n--b\n\nwords\n--b--\n"),
       "multipart/mixed(text/plain[x] text/plain[Buy now\nwords])", noted},
      {"with no text to go to", mixed("--b\nContent-Type: image/png\n" + junk + "\nx\n--b--\n"),
       "multipart/mixed(image/png[x] text/plain[Buy now\n])", noted},
      {"of two entities",
       "Content-Type: multipart/mixed; boundary=b\nfirst\n\n--b\nContent-Type: "
       "message/rfc822\nsecond\n\n\nwords\n--b--\n",
       "multipart/mixed(message/rfc822(text/plain[first\nsecond\nwords]))", noted},
      {"behind the last text",
       "Content-Type: multipart/mixed; boundary=b\nfirst\n\n--b\n\nwords\n--b\nContent-Type: "
       "image/png\nsecond\n\nx\n--b--\n",
       "multipart/mixed(text/plain[first\nwords] image/png[x] text/plain[second\n])", noted},
      {"of encoded containers",
       "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n" + junk +
           "\nU3ViamVjdDogeAoKd29yZHM=\n",
       "message/rfc822(text/plain[Buy now\nwords])",
       {"header-junk", "encoded-message"}},
  };
  for (const Case& expected : cases) check(expected);
}

TEST_CASE("of repeated fields the one that would hide text counts", "[mime]") {
  const Names repeated{"header-repeated"};
  const std::string parts = "MIME-Version: 1.0\n\n--b\n\none\n--b--\n";
  check({"a multipart behind a text",
         "Content-Type: text/plain\nContent-Type: multipart/mixed; boundary=b\n" + parts,
         "multipart/mixed(text/plain[one])", repeated});
  check({"a text behind a multipart",
         "Content-Type: multipart/mixed; boundary=b\nContent-Type: text/plain\n" + parts,
         "multipart/mixed(text/plain[one])", repeated});
  check(
      {"two texts", "Content-Type: text/html\nContent-Type: text/plain\n\none", "text/html[one]", repeated});
  const std::string two = "Content-Transfer-Encoding: 7bit\nContent-Transfer-Encoding: ";
  check({"base64 behind 7bit", two + "base64\n\nd29yZHM=\n", "text/plain[words]", repeated});
  check({"a lie of base64", two + "base64\n\nsome words\n", "text/plain[some words\n]", repeated});
  check({"quoted-printable behind 7bit", two + "quoted-printable\n\nw=6Frds", "text/plain[words]", repeated});
  check({"one said twice",
         "Content-Transfer-Encoding: base64\nContent-Transfer-Encoding: base64\n\nd29yZHM=\n",
         "text/plain[words]", repeated});
}

TEST_CASE("parts carry their headers and places", "[mime]") {
  const Parsed parsed = parse(
      "Subject: a\n b\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: multipart/related; boundary=i\n\n--i\nX: y\n\none\n--i--\n"
      "--b\nContent-Type: application/pdf; name=\"a;b.pdf\"\nContent-Disposition: "
      "inline\nContent-Transfer-Encoding: BASE64\n\n\n"
      "--b\nContent-Type: text/plain; name=notes.txt\n\n\n"
      "--b\nContent-Type: text/plain\nContent-Disposition: Attachment\n\n\n"
      "--b\nContent-Type: image/png\nContent-Disposition: inline; filename*=utf-8''x.png\n\n\n"
      "--b\nContent-Type: image/png\n\n\n--b--\n");
  const std::vector<MimePart>& parts = parsed.message.parts;
  REQUIRE(parts.size() == 8);
  const std::size_t none = MimePart::kNoParent;
  const std::size_t parents[] = {none, 0, 1, 0, 0, 0, 0, 0};
  const std::size_t depths[] = {0, 1, 2, 1, 1, 1, 1, 1};
  const std::size_t children[] = {6, 1, 0, 0, 0, 0, 0, 0};
  const bool attachments[] = {false, false, false, true, false, true, true, false};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    INFO(i);
    CHECK(parts[i].parent == parents[i]);
    CHECK(parts[i].depth == depths[i]);
    CHECK(parts[i].children == children[i]);
    CHECK(parts[i].is_container() == (children[i] > 0));
    CHECK(parts[i].is_attachment() == attachments[i]);
  }
  CHECK(parts[0].header.get("subject") == "a b");
  CHECK(parts[0].content_type.parameter("boundary") == "b");
  CHECK(parts[2].header.get("x") == "y");
  CHECK(parts[3].content_type.parameter("name") == "a;b.pdf");
  CHECK(parts[3].encoding == "base64");
  CHECK(parts[5].disposition.value == "attachment");
}

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
}  // namespace coldpitch
