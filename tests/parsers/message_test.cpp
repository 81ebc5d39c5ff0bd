// SPDX-License-Identifier: MIT
#include "parsers/message.h"

#include <string>
#include <vector>

#include "parsers/text.h"
#include "tests/parsers/multipart.h"
#include "tests/support/catch.h"

namespace coldpitch::test {
namespace {

using Names = std::vector<std::string>;
using std::string_literals::operator""s;

const std::string kOffer = "Would you have time for a short call about our new accounting product next week?";
const std::string kOther =
    "Nothing here tells what the other version says, since each sentence was written apart.";

Message read(const std::string& octets) { return parse_message(octets, Limits{}); }

TEST_CASE("parse_message decodes the header", "[message]") {
  const Message message = read(
      "From: =?utf-8?Q?J=C3=A4ne?= Doe <jane@Sales.example>, Max <max@example.org>\r\n"
      "Sender: bulk@sales.example\r\nReply-To: <reply@sales.example>\r\n"
      "To: you@example.org\r\nCc: a@example.org, b@example.org\r\n"
      "Subject: =?utf-8?B?S3VyemUgRnJhZ2U=?= \r\nSubject: second\r\n"
      "Date: Mon, 5 Oct 2026 12:00:00 +0200\r\nMessage-ID: <id-1@sales.example>\r\n"
      "In-Reply-To: <x@example.org>\r\nReferences: <w@example.org> <x@example.org>\r\n\r\nHello\r\n");
  CHECK(message.author() == Mailbox{"J\u00E4ne Doe", "jane", "sales.example"});
  CHECK(message.header_from.size() == 2);
  CHECK(message.header_sender == std::vector<Mailbox>{{"", "bulk", "sales.example"}});
  CHECK(message.reply_to == std::vector<Mailbox>{{"", "reply", "sales.example"}});
  CHECK(message.to == std::vector<Mailbox>{{"", "you", "example.org"}});
  CHECK(message.cc.size() == 2);
  CHECK(message.subject == "Kurze Frage");
  CHECK(message.message_id == "id-1@sales.example");
  CHECK(message.in_reply_to == Names{"x@example.org"});
  CHECK(message.references == Names{"w@example.org", "x@example.org"});
  REQUIRE(message.date.has_value());
  CHECK(format_rfc3339(*message.date) == "2026-10-05T10:00:00Z");
  CHECK(message.header().get("subject") == "=?utf-8?B?S3VyemUgRnJhZ2U=?=");
  CHECK(message.problems.names().empty());
}

TEST_CASE("parse_message reads raw octets of the header in the charset of the text", "[message]") {
  const auto subject = [](const std::string& raw, const std::string& charset) {
    return read("From: \"" + raw + "\" <a@example.org>\r\nSubject: " + raw +
                "\r\nContent-Type: text/plain; charset=" + charset + "\r\n\r\nHello\r\n");
  };
  const Message korean = subject("\xB0\xA1 =?utf-8?Q?=C3=A4?=", "euc-kr");
  CHECK(korean.subject == "\uAC00 \u00E4");
  CHECK(korean.author().display_name == "\uAC00 \u00E4");
  CHECK(korean.problems.names() == Names{"header-8bit"});
  CHECK(subject("\xCF\xF0\xE8", "windows-1251").subject == "\u041F\u0440\u0438");
  CHECK(subject("\x1B$B$3\x1B(B", "ISO-2022-JP").subject == "\u3053");
  CHECK(subject("Z\xFCrich", "utf-8").subject == "Z\u00FCrich");       // windows-1252
  CHECK(subject("Z\xC3\xBCrich", "koi8-r").subject == "Z\u00FCrich");  // UTF-8
  CHECK(subject("Z\xFCrich", "utf-16").subject == "Z\u00FCrich");
  CHECK(subject("Z\xFCrich", "euc-kr").subject == "Z\u00FCrich");  // does not fit
  const Message parts = read("Subject: \xC4\xE3\r\n" +
                             multipart("mixed", part("Content-Type: text/plain; charset=gb2312", "Hello")));
  CHECK(parts.subject == "\u4F60");
}

TEST_CASE("parse_message accepts what has no header", "[message]") {
  for (const std::string octets : {"", "\r\n", "\r\nHello"}) {
    INFO(octets);
    const Message message = read(octets);
    CHECK(message.author() == Mailbox{});
    CHECK(message.subject.empty());
    CHECK(message.message_id.empty());
    CHECK_FALSE(message.date.has_value());
    CHECK(message.text == trim(octets));
    CHECK(message.source == (message.text.empty() ? BodySource::none : BodySource::plain));
  }
  CHECK(read("Message-ID: no-brackets@x.example\r\n\r\n").message_id == "no-brackets@x.example");
}

TEST_CASE("parse_message chooses the text a person reads", "[message]") {
  struct Case {
    const char* name;
    std::string message;
    BodySource source;
    std::string text;
    std::string plain_text;
    Names problems;
  };
  const std::string attachment =
      part("Content-Type: text/plain\r\nContent-Disposition: attachment", "attached");
  const std::string forwarded = part("Content-Type: message/rfc822", "Subject: inner\r\n\r\nforwarded words");
  const Case cases[] = {
      {"plain", "\r\n\r\n  one\r\ntwo\rthree\n\n", BodySource::plain, "  one\ntwo\nthree", "", {}},
      {"HTML", "Content-Type: text/html\r\n\r\n<p>one<p>two", BodySource::html, "one\ntwo", "", {}},
      {"no text", "Content-Type: image/png\r\n\r\nxxxx", BodySource::none, "", "", {}},
      {"alternative",
       multipart("alternative", plain("one plain") + html("<b>one</b>")),
       BodySource::html,
       "one",
       "one plain",
       {}},
      {"alternative the wrong way round",
       multipart("alternative", html("<b>one</b>") + plain("one plain")),
       BodySource::html,
       "one",
       "one plain",
       {}},
      {"alternative, HTML without words",
       multipart("alternative", plain("one") + html("<img src=x>&nbsp;")),
       BodySource::plain,
       "one",
       "",
       {}},
      {"alternative, nothing but HTML",
       multipart("alternative", html("one")),
       BodySource::html,
       "one",
       "",
       {}},
      {"alternative, plain only", multipart("alternative", plain("one")), BodySource::plain, "one", "", {}},
      {"alternative, the last of two HTML parts",
       multipart("alternative", html("one") + html("two")),
       BodySource::html,
       "two",
       "",
       {}},
      {"alternative, AMP and calendar",
       multipart("alternative", plain("one") + part("Content-Type: text/x-amp-html", "two") +
                                    part("Content-Type: text/calendar", "three")),
       BodySource::plain,
       "one",
       "",
       {}},
      {"alternative within related within mixed",
       multipart(
           "mixed",
           part(multipart("alternative",
                          plain("one plain", 1) + part(multipart("related", html("one", 2), 2), "", 1), 1),
                "") +
               plain("two")),
       BodySource::html,
       "one\n\ntwo",
       "one plain",
       {}},
      {"alternative whose HTML comes in pieces",
       multipart("alternative",
                 plain("one two") + part(multipart("mixed", html("one", 1) + html("two", 1), 1), "")),
       BodySource::html,
       "one\n\ntwo",
       "one two",
       {}},
      {"alternative that says something else",
       multipart("alternative", plain(kOther) + html(kOffer)),
       BodySource::html,
       kOffer,
       kOther,
       {"alternative-differs"}},
      {"alternative that says the same",
       multipart("alternative", plain(kOffer) + html("<p>" + kOffer)),
       BodySource::html,
       kOffer,
       kOffer,
       {}},
      {"mixed",
       multipart("mixed", plain("one") + plain("two") + html("three")),
       BodySource::html,
       "one\n\ntwo\n\nthree",
       "",
       {}},
      {"attachment", multipart("mixed", plain("one") + attachment), BodySource::plain, "one", "", {}},
      {"attached message", multipart("mixed", plain("one") + forwarded), BodySource::plain, "one", "", {}},
      {"digest", multipart("digest", part("", "Subject: x\r\n\r\ninner")), BodySource::none, "", "", {}},
      {"nothing but a message",
       "Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nwords",
       BodySource::plain,
       "words",
       "",
       {}},
      {"unknown text type", "Content-Type: text/x-whatever\r\n\r\none", BodySource::plain, "one", "", {}},
      {"type without subtype", "Content-Type: text\r\n\r\none", BodySource::plain, "one", "", {}},
      {"multipart without boundary",
       "Content-Type: multipart/mixed\r\n\r\none",
       BodySource::plain,
       "one",
       "",
       {"boundary-missing"}},
      {"hidden text",
       "Content-Type: text/html\r\n\r\none<p hidden>two",
       BodySource::html,
       "one",
       "",
       {"html-hidden-text"}},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const Message message = read(c.message);
    CHECK(message.source == c.source);
    CHECK(message.text == c.text);
    CHECK(message.plain == c.plain_text);
    CHECK(message.html.text.empty());
    CHECK(message.problems.names() == c.problems);
  }
}

TEST_CASE("parse_message decodes charsets", "[message]") {
  struct Case {
    const char* name;
    std::string message;
    const char* text;
    Names problems;
  };
  const std::string meta = "Content-Type: text/html\r\n\r\n";
  const Case cases[] = {
      {"plain latin",
       "Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xFC\xDF"
       "e",
       "Grüße",
       {}},
      {"plain utf-8", "Content-Type: text/plain; charset=utf-8\r\n\r\nGrüße", "Grüße", {}},
      {"plain, none named", "\r\nGrüße", "Grüße", {"charset-8bit"}},
      {"HTML parameter",
       "Content-Type: text/html; charset=iso-8859-1\r\n\r\n<meta charset=utf-8>Gr\xFC\xDF"
       "e",
       "Grüße",
       {}},
      {"meta charset", meta + "<META CHARSET=\"koi8-r\">\xC4\xC1", "да", {}},
      {"meta http-equiv",
       meta + "<meta name=x><meta http-equiv='Content-Type' content='text/html; charset = koi8-r'>\xC4\xC1",
       "да",
       {}},
      {"meta says utf-16 in octets", meta + "<meta charset=utf-16>Grüße", "Grüße", {}},
      {"byte order mark", meta + "\xEF\xBB\xBF<meta charset=koi8-r>Grüße", "Grüße", {}},
      {"meta without charset", meta + "<meta name=charset content=koi8-r>Grüße", "Grüße", {"charset-8bit"}},
      {"neither", meta + "Grüße", "Grüße", {"charset-8bit"}},
      {"unknown",
       "Content-Type: text/html; charset=no-such\r\n\r\nGr\xFC\xDF"
       "e",
       "Grüße",
       {"charset-unknown"}},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    const Message message = read(c.message);
    CHECK(message.text == c.text);
    CHECK(message.problems.names() == c.problems);
  }
}

TEST_CASE("parse_message drops control octets from plain text", "[message]") {
  const Message message = read("\r\nmee\0ting\x01 a\tb\fc\x7F"s);
  CHECK(message.text == "meeting a\tb c");
}

TEST_CASE("parse_message joins flowed lines", "[message]") {
  const std::string body = "We sell li \r\nsts at https://a.example/very \r\n/long\r\n> q \r\n> r\r\n";
  const auto flowed = [&](const std::string& parameters) {
    return read("Content-Type: text/plain" + parameters + "\r\n\r\n" + body);
  };
  CHECK(flowed("; format=flowed; delsp=yes").text == "We sell lists at https://a.example/very/long\n> qr");
  CHECK(flowed("; Format=Flowed; DelSp=YES").links.front().url.path == "/very/long");
  CHECK(flowed("; format=flowed").text == "We sell li sts at https://a.example/very /long\n> q r");
  CHECK(flowed("").text == "We sell li \nsts at https://a.example/very \n/long\n> q \n> r");
}

TEST_CASE("parse_message reads a message that calls itself an attachment", "[message]") {
  const std::string attachment = "Content-Disposition: attachment; filename=a.txt\r\n";
  CHECK(read(attachment + "\r\n" + kOffer).text == kOffer);
  CHECK(read(attachment + multipart("mixed", plain(kOffer))).text == kOffer);
  CHECK(read(multipart("mixed", part(attachment + "X: y", kOffer))).text.empty());
  CHECK(read(attachment + "Content-Type: image/png\r\n\r\n" + kOffer).text.empty());
}

TEST_CASE("parse_message takes any number of CR before LF for one line end", "[message]") {
  for (const std::string line_end : {"\n", "\r\n", "\r\r\n"}) {
    const Message message = read("Subject: x" + line_end + line_end + "one" + line_end + "two" + line_end);
    CHECK(message.text == "one\ntwo");
  }
  CHECK(read("\n\none\rtwo\r\rthree\r").text == "one\ntwo\n\nthree");
}

TEST_CASE("parse_message moves the spans of HTML with its text", "[message]") {
  const Message message = read(multipart(
      "mixed", plain("before") + html("<p class=first>one <a href='http://a.example/'>two</a></p>") +
                   html("<i hidden>gone</i><p class=second><a href='http://b.example/'>three</a></p>")));
  CHECK(message.text == "before\n\none two\n\nthree");
  CHECK(message.hidden_text == "gone");
  const auto cut = [&](Span span) { return message.text.substr(span.begin, span.size()); };
  REQUIRE(message.html.regions.size() == 2);
  CHECK(cut(message.html.regions[0].text) == "one two");
  CHECK(cut(message.html.regions[1].text) == "three");
  REQUIRE(message.html.links.size() == 2);
  CHECK(cut(message.html.links[0].text) == "two");
  CHECK(cut(message.html.links[1].text) == "three");
}

TEST_CASE("parse_message keeps HTML that is not judged beside the text", "[message]") {
  const Message message = read(multipart(
      "alternative", plain("one") + html("<a href='http://a.example/'><img src=x></a><i hidden>gone</i>")));
  CHECK(message.source == BodySource::plain);
  CHECK(message.hidden_text == "gone");
  CHECK(message.html.images.size() == 1);
  REQUIRE(message.links.size() == 1);
  CHECK(message.links[0].url.host == "a.example");
  CHECK(message.links[0].text == Span{});
}

TEST_CASE("parse_message lists each link once", "[message]") {
  const Message message = read(
      "Content-Type: text/html\r\n\r\n<p>http://t.example/text and <a href='http://t.example/text'>again</a>"
      "<a href='http://a.example/p?q=1'>a</a><a href='http://a.example/p?q=2'>b</a>"
      "<a href='http://a.example/p?q=1'>c</a><i hidden><a href='http://h.example/'>d</a>"
      "<a href='http://s.example/'>e</a></i><a href='http://s.example/'>f</a>"
      "<a href='mailto:jane@example.org'>g</a><a href='javascript:x()'>h</a>");
  struct Expected {
    const char* host;
    const char* text;
    bool hidden;
  };
  const Expected expected[] = {{"t.example", "http://t.example/text", false},
                               {"a.example", "a", false},
                               {"a.example", "b", false},
                               {"h.example", "", true},
                               {"s.example", "f", false},
                               {"", "g", false}};
  REQUIRE(message.links.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    INFO(i);
    CHECK(message.links[i].url.host == expected[i].host);
    CHECK(message.text.substr(message.links[i].text.begin, message.links[i].text.size()) == expected[i].text);
    CHECK(message.links[i].hidden == expected[i].hidden);
  }
}

TEST_CASE("parse_message bounds links", "[message]") {
  Limits limits;
  limits.urls = 3;
  const auto links = [&](std::size_t in_text, std::size_t in_html) {
    std::string octets = "Content-Type: text/html\r\n\r\n";
    for (std::size_t i = 0; i < in_text; ++i) octets += "http://t" + std::to_string(i) + ".example/ ";
    for (std::size_t i = 0; i < in_html; ++i)
      octets += "<a href='http://h" + std::to_string(i) + ".example/'>x</a> ";
    return parse_message(octets, limits);
  };
  CHECK(links(1, 2).links.size() == 3);
  CHECK(links(1, 2).problems.names().empty());
  CHECK(links(2, 2).links.size() == 3);
  CHECK(links(2, 2).problems.names() == Names{"urls"});
  CHECK(links(4, 0).links.size() == 3);
  CHECK(links(4, 0).problems.names() == Names{"urls"});
  CHECK(links(0, 4).links.size() == 3);
  CHECK(links(0, 4).problems.names() == Names{"urls"});
}

TEST_CASE("parse_message tells the language of the sender's own words", "[message]") {
  const std::string german = "Hätten Sie nächste Woche Zeit für ein kurzes Gespräch?";
  const std::string english = "> Thank you for the documents, we will read them this week.\r\n";
  const std::string head = "Content-Type: text/plain; charset=utf-8\r\n\r\n";
  CHECK(read(head + kOffer).language == "en");
  CHECK(read(head + german).language == "de");
  CHECK(read(head + german + "\r\n\r\n" + repeated(english, 10)).language == "de");
  CHECK(read(head + repeated(english, 3)).language == "en");
  CHECK(read(head + "ok").language.empty());
  CHECK(read("").language.empty());
}

}  // namespace
}  // namespace coldpitch::test
