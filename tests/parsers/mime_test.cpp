// SPDX-License-Identifier: MIT
#include "parsers/mime.h"

#include <string>
#include <string_view>
#include <vector>

#include "tests/parsers/mime_tree.h"

namespace coldpitch::test {
namespace {

using namespace std::string_literals;

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

TEST_CASE("parse_mime leaves out bodies that are no text when asked to", "[mime]") {
  const std::string octets = with_crlf(
      "List-Id: <a.example>\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\nQ2F0\n"
      "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nQ2F0Q2E=\nfooter\n"
      "--b\nContent-Type: application/pdf\n\n%PDF\n"
      "--b\nContent-Type: application/ics\nContent-Transfer-Encoding: base64\n\nQ2F0\n"
      "--b\nContent-Type: application/xhtml+xml\n\nCat\n"
      "--b\nContent-Type: application/zip\nContent-Transfer-Encoding: x-uuencode\n\nCat\n"
      "--b\nContent-Type: message/rfc822\n\nContent-Type: video/mp4\n\nCat\n"
      "--b\nContent-Type: strange\n\nCat\n--b--\n");
  const auto bodies_of = [&](MimeBodies bodies, Problems& problems) {
    Names kept;
    for (const MimePart& part : parse_mime(octets, Limits{}, problems, bodies).parts)
      kept.push_back(part.body);
    return kept;
  };
  Problems of_all;
  Problems of_texts;
  CHECK(bodies_of(MimeBodies::all, of_all) ==
        Names{"", "Cat", "CatCa", "%PDF", "Cat", "Cat", "Cat", "", "Cat", "Cat"});
  CHECK(bodies_of(MimeBodies::texts, of_texts) ==
        Names{"", "Cat", "", "", "Cat", "Cat", "Cat", "", "", "Cat"});
  CHECK(of_all.has("base64-after-padding"));
  CHECK(of_all.names() == of_texts.names());
}

}  // namespace
}  // namespace coldpitch::test
