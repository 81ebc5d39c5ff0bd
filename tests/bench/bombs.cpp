// SPDX-License-Identifier: MIT
#include "tests/bench/bombs.h"

#include "parsers/authentication.h"
#include "parsers/fold.h"
#include "parsers/linkedin.h"
#include "parsers/linkedin_knowledge.h"
#include "parsers/message.h"
#include "parsers/outreach.h"

namespace coldpitch::test {
namespace {

std::string said(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

std::string numbered(std::string_view before, std::string_view behind, std::size_t times) {
  std::string text;
  for (std::size_t i = 0; i < times; ++i) text.append(before).append(std::to_string(i)).append(behind);
  return text;
}

std::string plain(const std::string& body) {
  return "From: Ann <ann@sales.example>\r\nTo: bob@example.org\r\nSubject: Offer\r\n"
         "Content-Type: text/plain; charset=utf-8\r\n\r\n" +
         body;
}

std::string encoded(std::string_view charset, std::string_view encoding, const std::string& body) {
  return "Content-Type: text/plain; charset=" + std::string(charset) +
         "\r\nContent-Transfer-Encoding: " + std::string(encoding) + "\r\n\r\n" + body;
}

std::string html(const std::string& body) {
  return "From: Ann <ann@sales.example>\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + body;
}

std::string field(std::string_view name, const std::string& body) {
  return std::string(name) + ": " + body + "\r\n\r\nHello\r\n";
}

constexpr std::string_view kMixed = "Content-Type: multipart/mixed; boundary=b\r\n\r\n";

std::string nested_multiparts(std::size_t times) {
  std::string octets;
  for (std::size_t i = 0; i < times; ++i) {
    const std::string boundary = "b" + std::to_string(i);
    octets.append("Content-Type: multipart/mixed; boundary=").append(boundary);
    octets.append("\r\n\r\n--").append(boundary).append("\r\n");
  }
  return octets + "\r\nHello\r\n";
}

std::string same_boundaries(std::size_t times) {
  return said("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n", times) + "\r\nHello\r\n";
}

std::string boundaries_in_nest(std::size_t times) {
  std::string octets;
  for (std::size_t i = 0; i < 25; ++i) {
    const std::string boundary = std::string(i, '-') + "x";
    octets.append("Content-Type: multipart/mixed; boundary=\"").append(boundary);
    octets.append("\"\r\n\r\n--").append(boundary).append("\r\n");
  }
  return octets + "\r\n" + said("-------------------------------y\r\n", times);
}

std::string folded_field(std::size_t times) { return field("Subject", "x" + said("\r\n word", times)); }

std::string many_rules(std::size_t times) {
  return html("<style>" + numbered(".c", " { display: none; color: #fff }\n", times) + "</style>" +
              numbered("<p class='c", "'>word", times));
}

std::string many_classes(std::size_t times) {
  return html("<style>" + numbered(".c", "{display:none}", 1000) + "</style><p class='" +
              numbered("c", " ", times) + "'>word");
}

std::string stacked_marks(std::size_t times) { return plain("a" + said("\u0300\u0316", times)); }

std::string look_alikes(std::size_t times) { return plain(said("p\u0430yp\u0430l", times)); }

constexpr Bomb kBombs[] = {
    // MIME
    {"nested-multiparts", 20'000, nested_multiparts},
    {"nested-same-boundary", 20'000, same_boundaries},
    {"nested-messages", 50'000,
     [](std::size_t n) { return said("Content-Type: message/rfc822\r\n\r\n", n) + "Hello"; }},
    {"parts", 50'000,
     [](std::size_t n) { return std::string(kMixed) + said("--b\r\n\r\nHello\r\n", n) + "--b--\r\n"; }},
    {"html-parts", 20'000,
     [](std::size_t n) {
       return std::string(kMixed) + said("--b\r\nContent-Type: text/html\r\n\r\n<p>Hello\r\n", n);
     }},
    {"alternatives", 20'000,
     [](std::size_t n) {
       return "Content-Type: multipart/alternative; boundary=b\r\n\r\n" +
              said("--b\r\n\r\nSome words of the text said here\r\n", n);
     }},
    {"boundary-lines", 200'000, [](std::size_t n) { return std::string(kMixed) + said("--b\r\n", n); }},
    {"boundary-likes", 200'000, [](std::size_t n) { return std::string(kMixed) + said("--bb\r\n", n); }},
    {"boundary-likes-in-nest", 30'000, boundaries_in_nest},
    {"parts-without-header-end", 50'000,
     [](std::size_t n) { return std::string(kMixed) + said("--b\r\nA: b\r\njunk\r\n", n); }},
    // Header
    {"header-line", 5'000'000, [](std::size_t n) { return field("Subject", std::string(n, 'x')); }},
    {"header-folds", 300'000, folded_field},
    {"header-fields", 300'000, [](std::size_t n) { return said("X-A: b\r\n", n) + "\r\nHello\r\n"; }},
    {"header-junk", 300'000, [](std::size_t n) { return said("no field\r\n", n) + "\r\nHello\r\n"; }},
    {"encoded-words", 50'000, [](std::size_t n) { return field("Subject", said("=?utf-8?q?=C3=A4?= ", n)); }},
    {"encoded-word-starts", 200'000, [](std::size_t n) { return field("Subject", said("=?utf-8?q?", n)); }},
    {"encoded-words-of-many-sets", 30'000,
     [](std::size_t n) { return field("Subject", said("=?koi8-r?q?=C1?= =?big5?q?=A7A?= ", n)); }},
    {"replies-in-subject", 200'000, [](std::size_t n) { return field("Subject", said("Re: ", n)); }},
    {"addresses", 50'000, [](std::size_t n) { return field("From", said("Ann <a@b.example>, ", n)); }},
    {"groups", 100'000, [](std::size_t n) { return field("To", said("g:a@b.example;", n)); }},
    {"names-with-commas", 200'000,
     [](std::size_t n) { return field("From", said("a,", n) + "<a@b.example>"); }},
    {"address-comments", 200'000, [](std::size_t n) { return field("From", said("(x)", n)); }},
    {"nested-comments", 500'000,
     [](std::size_t n) { return field("From", std::string(n, '(') + std::string(n, ')')); }},
    {"open-comments", 1'000'000, [](std::size_t n) { return field("From", std::string(n, '(')); }},
    {"open-quotes", 500'000, [](std::size_t n) { return field("From", said("\"\\", n)); }},
    {"at-signs", 1'000'000, [](std::size_t n) { return field("From", std::string(n, '@')); }},
    {"angle-brackets", 1'000'000, [](std::size_t n) { return field("From", std::string(n, '<')); }},
    {"domain-dots", 500'000, [](std::size_t n) { return field("From", "a@" + said("b.", n)); }},
    {"message-ids", 100'000, [](std::size_t n) { return field("References", numbered("<", "@a> ", n)); }},
    {"date-comments", 1'000'000, [](std::size_t n) { return field("Date", std::string(n, '(')); }},
    {"parameters", 100'000,
     [](std::size_t n) { return field("Content-Type", "text/plain" + numbered("; p", "=x", n)); }},
    {"parameter-sections", 100'000,
     [](std::size_t n) { return field("Content-Type", "text/plain" + numbered("; n*", "=x", n)); }},
    {"parameter-blanks", 300'000,
     [](std::size_t n) { return field("Content-Type", "text/plain; name=" + said("x ", n)); }},
    {"trace-fields", 30'000,
     [](std::size_t n) {
       return said("Received: from a by b; Mon, 5 Oct 2026 10:00:00 +0000\r\n", n) + "\r\nHello\r\n";
     }},
    {"authentication-results", 50'000,
     [](std::size_t n) {
       return field("Authentication-Results", "mx.example.net" + said("; dkim=pass", n));
     }},
    // Transfer encodings and charsets
    {"base64-of-bars", 2'000'000,
     [](std::size_t n) { return encoded("utf-8", "base64", std::string(n, '|')); }},
    {"base64-paddings", 300'000,
     [](std::size_t n) { return encoded("utf-8", "base64", said("SGVsbG8=\r\n", n)); }},
    {"soft-breaks", 500'000,
     [](std::size_t n) { return encoded("utf-8", "quoted-printable", said("a= \r\n", n)); }},
    {"soft-break-blanks", 2'000'000,
     [](std::size_t n) { return encoded("utf-8", "quoted-printable", said("= ", n) + "x"); }},
    {"uuencode-begins", 100'000,
     [](std::size_t n) { return encoded("utf-8", "x-uuencode", said("begin 644 a\r\n", n)); }},
    {"utf-7", 300'000, [](std::size_t n) { return encoded("utf-7", "7bit", said("+AOQ-x", n)); }},
    {"iso-2022-shifts", 300'000,
     [](std::size_t n) { return encoded("iso-2022-jp", "7bit", said("\x1B$B\x1B(B", n)); }},
    {"gb18030-malformed", 500'000,
     [](std::size_t n) { return encoded("gb18030", "8bit", said("\x81\xFF", n)); }},
    {"utf-8-malformed", 1'000'000,
     [](std::size_t n) { return encoded("utf-8", "8bit", said("\xF0\x9F", n)); }},
    // Text
    {"one-line", 1'000'000, [](std::size_t n) { return plain(std::string(n, 'x')); }},
    {"one-line-of-words", 200'000, [](std::size_t n) { return plain(said("word ", n)); }},
    {"blank-lines", 500'000, [](std::size_t n) { return plain(said("\r\n", n) + "x"); }},
    {"line-ends-of-cr", 1'000'000, [](std::size_t n) { return plain(std::string(n, '\r') + "x"); }},
    {"combining-marks", 250'000, stacked_marks},
    {"look-alikes", 100'000, look_alikes},
    {"zero-widths", 300'000, [](std::size_t n) { return plain(said("a\u200B", n)); }},
    {"quote-marks", 1'000'000, [](std::size_t n) { return plain(std::string(n, '>') + " x"); }},
    {"quoted-lines", 200'000, [](std::size_t n) { return plain(said("> x\r\n", n)); }},
    {"attributions", 30'000,
     [](std::size_t n) { return plain(said("On Monday, Ann <a@b.example> wrote:\r\n", n)); }},
    {"header-lines-in-text", 50'000, [](std::size_t n) { return plain(said("From: x\r\nTo: y\r\n", n)); }},
    {"signature-marks", 200'000, [](std::size_t n) { return plain(said("-- \r\nx\r\n", n)); }},
    {"greetings", 200'000, [](std::size_t n) { return plain(said("Hi ,\r\n", n)); }},
    {"closings", 100'000, [](std::size_t n) { return plain(said("Best regards,\r\nAnn\r\n", n)); }},
    {"residues", 200'000, [](std::size_t n) { return plain(said("{{a", n)); }},
    {"opt-outs", 50'000, [](std::size_t n) { return plain(said("Reply STOP to opt out. ", n)); }},
    {"urls-in-text", 50'000, [](std::size_t n) { return plain(numbered("http://a", ".example/ ", n)); }},
    {"url-schemes", 300'000, [](std::size_t n) { return plain(said("http://", n)); }},
    {"url-brackets", 1'000'000,
     [](std::size_t n) { return plain("http://a.example/" + std::string(n, ')')); }},
    {"scheme-ends", 500'000, [](std::size_t n) { return plain(said("://", n)); }},
    {"wwws", 300'000, [](std::size_t n) { return plain(said("www.", n)); }},
    // HTML
    {"attributes", 80'000, [](std::size_t n) { return html("<p " + numbered("a", "=x ", n) + ">word"); }},
    {"style-attribute", 200'000,
     [](std::size_t n) { return html("<p style='" + said("color:red;", n) + "'>word"); }},
    {"nested-tags", 100'000, [](std::size_t n) { return html(said("<div>", n) + "word"); }},
    {"nested-inlines", 100'000,
     [](std::size_t n) { return html(said("<b>", n) + "word" + said("</i>", n)); }},
    {"nested-tables", 50'000, [](std::size_t n) { return html(said("<table><tr><td>", n) + "word"); }},
    {"nested-quotes", 100'000, [](std::size_t n) { return html(said("<blockquote>x", n)); }},
    {"quoted-lines-of-html", 50'000,
     [](std::size_t n) { return html(said("<blockquote>", 400) + said("x<br>", n)); }},
    {"open-paragraphs", 200'000, [](std::size_t n) { return html(said("<p>x", n)); }},
    {"tag-starts", 500'000, [](std::size_t n) { return html(said("<a ", n)); }},
    {"comment-starts", 300'000, [](std::size_t n) { return html(said("<!--", n)); }},
    {"style-starts", 200'000, [](std::size_t n) { return html(said("<style>", n)); }},
    {"end-tag-starts", 300'000, [](std::size_t n) { return html("<style>" + said("</", n)); }},
    {"ampersands", 1'000'000, [](std::size_t n) { return html(std::string(n, '&')); }},
    {"references", 200'000, [](std::size_t n) { return html(said("&amp;", n)); }},
    {"rules", 30'000, many_rules},
    {"rule-selectors", 200'000,
     [](std::size_t n) { return html("<style>" + said(".a,", n) + "{display:none}</style>word"); }},
    {"rule-braces", 500'000, [](std::size_t n) { return html("<style>" + said("@media{", n) + "</style>"); }},
    {"rule-comments", 300'000, [](std::size_t n) { return html("<style>" + said("/*", n) + "</style>"); }},
    {"classes", 100'000, many_classes},
    {"links", 50'000,
     [](std::size_t n) { return html(numbered("<a href='http://a", ".example/'>x</a>", n)); }},
    {"images", 50'000, [](std::size_t n) { return html(numbered("<img src='http://a/", "' width=1>", n)); }},
    {"regions", 50'000, [](std::size_t n) { return html(numbered("<div class=c", ">x", n)); }},
    {"background-words", 200'000,
     [](std::size_t n) { return html("<p style='background:" + said("x ", n) + "'>word"); }},
};

}  // namespace

std::span<const Bomb> bombs() { return kBombs; }

Limits wide_limits() {
  constexpr std::size_t kWide = 1U << 28U;
  Limits limits;
  limits.message_octets = kWide;
  limits.mime_parts = kWide;
  limits.header_octets = kWide;
  limits.header_fields = kWide;
  limits.part_header_octets = kWide;
  limits.field_octets = kWide;
  limits.text_octets = kWide;
  limits.html_octets = kWide;
  limits.mailboxes = kWide;
  limits.urls = kWide;
  return limits;
}

std::size_t read_all(std::string_view octets, const Limits& limits) {
  const Message message = parse_message(octets, limits);
  const Authentication authentication = trusted_authentication(message.header(), {"mx.example.net"});
  const LinkedInMail linkedin = read_linkedin(message, authentication, "", LinkedInKnowledge{});
  const std::vector<Trait> traits = find_outreach_traits(message, {{"", "bob", "example.org"}});
  const FoldedText text = fold_text(message.quoted.human);
  const FoldedText subject = fold_text(message.subject);
  return message.mime.parts.size() + authentication.dkim_domains.size() + linkedin.sender_profile.size() +
         traits.size() + text.text.size() + subject.text.size();
}

}  // namespace coldpitch::test
