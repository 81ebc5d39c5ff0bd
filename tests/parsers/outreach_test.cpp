// SPDX-License-Identifier: MIT
#include <string>
#include <string_view>
#include <vector>

#include "parsers/outreach_tables.h"
#include "tests/parsers/outreach_mail.h"

namespace coldpitch {
namespace {

constexpr std::string_view kQuote =
    "Yes.\n\nOn 3 Jun 2024, at 10:12, Sam Roe <sam@buyer.example> wrote:\n> Shall we?\n";

TEST_CASE("An ordinary mail has no traits", "[outreach]") { CHECK(shown(Mail().traits()).empty()); }

TEST_CASE("Marks of mass mailers are found", "[outreach]") {
  struct Row {
    std::string_view name;
    Mail mail;
    std::string_view expected;
  };
  const Row rows[] = {
      {"Interspire list", Mail().field("x-mailer-lid", "7"), "bulk-mailer: Interspire Email Marketer"},
      {"Interspire recipient", Mail().field("X-Mailer-RecptId", "9"),
       "bulk-mailer: Interspire Email Marketer"},
      {"MailWizz complaint page",
       Mail().field("X-Report-Abuse",
                    "Please report: http://a.example/campaigns/ab123cd456ef7/report-abuse/x/y"),
       "bulk-mailer: MailWizz"},
      {"campaign id too short", Mail().field("X-Report-Abuse", "http://a.example/campaigns/ab123cd456ef/x"),
       ""},
      {"MailWizz feedback",
       Mail().field("Feedback-ID", "ab123cd456ef7:bb123cd456ef7:cb123cd456ef7:db123cd456ef7"),
       "bulk-mailer: MailWizz"},
      {"other feedback", Mail().field("Feedback-ID", "campaign:7:seller:ses"), ""},
      {"Oempro", Mail().field("X-Report-Abuse", "<http://192.0.2.1/o/report_abuse.php?mid=7>"),
       "bulk-mailer: Oempro"},
      {"Smart_Send", Mail().field("X-Mailer", "Smart_Send_2_0_1"), "bulk-mailer: Smart_Send"},
      {"TurboMailer", Mail().field("X-Mailer", "TurboMailer 2"), "bulk-mailer: TurboMailer"},
      {"people's program", Mail().field("X-Mailer", "Microsoft Outlook 16.0"), ""},
      {"network",
       Mail()
           .field("X-Mailer", "mail.seller.example")
           .id("20240603084512-0.1.1a.2b3c.0.abcdefgh12@seller.example"),
       "bulk-message-id: 20240603084512-0.1.1a.2b3c.0.abcdefgh12@seller.example | "
       "bulk-network: mail.seller.example"},
      {"network without its id", Mail().field("X-Mailer", "mail.seller.example"), ""},
      {"network without its mailer", Mail().id("20240603084512-0.1.1a.2b3c.0.abcdefgh12@seller.example"),
       "bulk-message-id: 20240603084512-0.1.1a.2b3c.0.abcdefgh12@seller.example"},
      {"network id a letter short",
       Mail()
           .field("X-Mailer", "mail.seller.example")
           .id("20240603084512-0.1.1a.2b3c.0.abcdefgh1@seller.example"),
       ""},
      {"Gmail's interface",
       Mail().field("Received",
                    "from 123456 named unknown by gmailapi.google.com with HTTPREST; Mon, 3 Jun 2024"),
       "gmail-api: 123456"},
      {"Gmail by web", Mail().field("Received", "by 2002:a05 with SMTP id x; Mon, 3 Jun 2024"), ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(shown(row.mail.traits()) == row.expected);
  }
}

TEST_CASE("List, bulk and automatic mail is told from the header", "[outreach]") {
  struct Row {
    std::string_view name;
    Mail mail;
    std::string_view expected;
  };
  const Row rows[] = {
      {"List-Id", Mail().field("List-Id", "<users.example.org>"), "list-mail: <users.example.org>"},
      {"List-Post", Mail().field("List-Post", "<mailto:users@example.org>"),
       "list-mail: <mailto:users@example.org>"},
      {"Precedence", Mail().field("Precedence", "List"), "list-mail: Precedence: list"},
      {"unsubscribe only", Mail().field("List-Unsubscribe", "<https://a.example/u>"),
       "list-unsubscribe: <https://a.example/u>"},
      {"bulk by precedence", Mail().field("List-Unsubscribe", "<u>").field("Precedence", "bulk"),
       "bulk-mail: Precedence | list-unsubscribe: <u>"},
      {"bulk by feedback id", Mail().field("List-Unsubscribe", "<u>").field("Feedback-ID", "a:b"),
       "bulk-mail: Feedback-ID | list-unsubscribe: <u>"},
      {"precedence only", Mail().field("Precedence", "bulk"), ""},
      {"auto-submitted", Mail().field("Auto-Submitted", "auto-replied"), "auto-generated: auto-replied"},
      {"not auto-submitted", Mail().field("Auto-Submitted", "no"), ""},
      {"auto-reply", Mail().field("X-Autoreply", "yes"), "auto-generated: auto-reply"},
      {"bounce", Mail().report_type("Delivery-Status"), "bounce: multipart/report"},
      {"read receipt", Mail().report_type("disposition-notification"), ""},
      {"daemon", Mail().from("MAILER-DAEMON@seller.example"), "bounce: MAILER-DAEMON"},
      {"postmaster writes", Mail().from("postmaster@seller.example"), ""},
      {"postmaster bounces", Mail().from("postmaster@seller.example").field("Return-Path", "<>"),
       "bounce: postmaster"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(shown(row.mail.traits()) == row.expected);
  }
}

TEST_CASE("Replies that are none are told from replies", "[outreach]") {
  struct Row {
    std::string_view name;
    Mail mail;
    std::string_view expected;
  };
  const std::string_view bare = "no references, no quote";
  const Row rows[] = {
      {"bare Re", Mail().subject("Re: A plan"), bare},
      {"no blank behind it", Mail().subject("RE:A plan"), bare},
      {"counted", Mail().subject("Re[2]: A plan"), bare},
      {"blank before the colon", Mail().subject("Re\u00a0: Un plan"), bare},
      {"behind a tag", Mail().subject("[External] Re: A plan"), bare},
      {"German", Mail().subject("AW: Ein Plan"), bare},
      {"Polish", Mail().subject("Odp: Plan"), bare},
      {"Dutch", Mail().subject("Antw: Plan"), bare},
      {"Italian", Mail().subject("R: Piano"), bare},
      {"Spanish forward", Mail().subject("RV: Plan"), bare},
      {"French forward", Mail().subject("TR: Plan"), bare},
      {"German forward", Mail().subject("WG: Plan"), bare},
      {"Portuguese forward", Mail().subject("ENC: Plano"), bare},
      {"English forward", Mail().subject("Fwd: A plan"), bare},
      {"no prefix", Mail().subject("A plan"), ""},
      {"a word with a colon", Mail().subject("Reason: a plan"), ""},
      {"prefix without colon", Mail().subject("Re a plan"), ""},
      {"references", Mail().subject("Re: A plan").references({"2@buyer.example"}), ""},
      {"quote", Mail().subject("Re: A plan").text(kQuote), ""},
      {"forwarded text",
       Mail().subject("Fwd: A plan").text("See\n---------- Forwarded message ---------\nHi\n"), ""},
      {"forwarded part", Mail().subject("Fwd: A plan").part("message/rfc822", "", ""), ""},
      {"refers to itself", Mail().subject("Re: A plan").references({"1@seller.example"}).text(kQuote),
       "refers to itself"},
      {"own mail only", Mail().subject("Re: A plan").references({"7@mx.seller.example"}),
       "own references, no quote"},
      {"own mail, quoted", Mail().subject("Re: A plan").references({"7@seller.example"}).text(kQuote), ""},
      {"free mail's own host",
       Mail().from("j@gmail.com").subject("Re: A plan").references({"7@mail.gmail.com"}), ""},
      {"colleague", Mail().from("kim@buyer.example").subject("Re: A plan"), ""},
      {"automatic", Mail().subject("Re: A plan").field("Auto-Submitted", "auto-replied"), ""},
      {"empty references beside a quote", Mail().subject("Re: A plan").field("References", " ").text(kQuote),
       "empty references"},
      {"empty references by Domino",
       Mail().subject("Re: A plan").field("References", "").field("X-Mailer", "IBM Verse").text(kQuote), ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(details(row.mail, "fake-reply") == row.expected);
  }
}

TEST_CASE("The span of a false prefix is the prefix", "[outreach]") {
  const std::vector<Trait> traits = Mail().subject("[X] Re: A plan").traits();
  const Trait* trait = find_trait(traits, "fake-reply");
  REQUIRE(trait != nullptr);
  CHECK(trait->where == "subject");
  CHECK(trait->span == Span{4, 7});
  CHECK(find_trait(traits, "no such name") == nullptr);
}

TEST_CASE("Empty references are found", "[outreach]") {
  CHECK(details(Mail().field("In-Reply-To", "").field("X-Mailer", "Microsoft Outlook 16.0"),
                "empty-references") == "Microsoft Outlook 16.0");
  CHECK(find_trait(Mail().field("In-Reply-To", "").traits(), "empty-references") != nullptr);
  CHECK(find_trait(Mail().field("In-Reply-To", "").references({"2@a"}).traits(), "empty-references") ==
        nullptr);
  CHECK(find_trait(Mail().field("References", "").field("X-Mailer", "Lotus Domino").traits(),
                   "empty-references") == nullptr);
  CHECK(find_trait(Mail().traits(), "empty-references") == nullptr);
}

TEST_CASE("A genuine reply quotes the recipient", "[outreach]") {
  const auto reply = [](std::string_view attribution) {
    return Mail()
        .subject("Re: A plan")
        .references({"2@buyer.example"})
        .text("Yes.\n\n" + std::string(attribution) + "\n> Shall we?\n");
  };
  struct Row {
    std::string_view name;
    Mail mail;
    bool genuine;
  };
  const Row rows[] = {
      {"by address", reply("On 3 Jun 2024, at 10:12, S <sam@buyer.example> wrote:"), true},
      {"address in capitals", reply("On 3 Jun 2024, at 10:12, S <Sam@Buyer.Example> wrote:"), true},
      {"by display name", reply("On 3 Jun 2024, at 10:12, Sam Roe wrote:"), true},
      {"name turned round", reply("On 3 Jun 2024, at 10:12, Roe, Sam wrote:"), true},
      {"German", reply("Am 03.06.24 um 10:12 schrieb Sam Roe:"), true},
      {"you wrote", reply("On Mon, 3 Jun 2024 10:12:13 +0200 you wrote:"), true},
      {"Outlook",
       Mail()
           .references({"2@buyer.example"})
           .text("Yes.\n\nVon: Sam Roe\nGesendet: Montag\nAn: Jane\nBetreff: Plan\n\nHallo\n"),
       true},
      {"name in the local part",
       reply("On 3 Jun 2024, at 10:12, Kim Lee wrote:").rcpt("kim.lee@buyer.example"), true},
      {"name known from the header",
       reply("On 3 Jun 2024, at 10:12, Sam Roe wrote:").rcpt("sam@buyer.example"), true},
      {"half a name", reply("On 3 Jun 2024, at 10:12, Sam wrote:"), false},
      {"somebody else", reply("On 3 Jun 2024, at 10:12, Jane Doe <jane@seller.example> wrote:"), false},
      {"another recipient's mail",
       reply("On 3 Jun 2024, at 10:12, Sam Roe wrote:").rcpt("info@buyer.example"), false},
      {"no references", Mail().text(kQuote), false},
      {"only itself referred to", Mail().references({"1@seller.example"}).text(kQuote), false},
      {"no quote", Mail().references({"2@buyer.example"}), false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK((find_trait(row.mail.traits(), "genuine-reply") != nullptr) == row.genuine);
  }
}

TEST_CASE("Hosts of sales tools, trackers and calendars are known", "[outreach]") {
  struct Row {
    std::string_view name;
    Mail mail;
    std::string_view expected;
  };
  const Row rows[] = {
      {"whole host", Mail().link("app.outreach.io", "/x", "outreach.io"),
       "sales-tool-link: Outreach app.outreach.io"},
      {"host below", Mail().link("inst.x.itrackly.com", "/x", "itrackly.com"),
       "sales-tool-link: Instantly inst.x.itrackly.com"},
      {"host that only ends so", Mail().link("notitrackly.com", "/x", "notitrackly.com"), ""},
      {"vendor's own site", Mail().link("www.salesloft.com", "/blog", "salesloft.com"), ""},
      {"path on any host", Mail().link("a.firm.example", "/api/mailings/opened/1", "firm.example"),
       "sales-tool-link: Outreach a.firm.example"},
      {"path inside another", Mail().link("a.firm.example", "/x/api/mailings/opened", "firm.example"), ""},
      {"digits", Mail().link("gmreg12.net", "/r", "gmreg12.net"), "sales-tool-link: GMass gmreg12.net"},
      {"digits wanted", Mail().link("gmreg.net", "/r", "gmreg.net"), ""},
      {"letters before", Mail().link("xgmreg1.net", "/r", "xgmreg1.net"), ""},
      {"free label",
       Mail().link("jane-1-dot-yamm-track.appspot.com", "/a", "jane-1-dot-yamm-track.appspot.com"),
       "sales-tool-link: YAMM jane-1-dot-yamm-track.appspot.com"},
      {"many suffixes", Mail().link("t.sidekickopen42.com", "/e1t/o/5", "sidekickopen42.com"),
       "sales-tool-link: HubSpot Sales t.sidekickopen42.com"},
      {"refusal page", Mail().link("h1.mltrk.io", "/unsubscribe/1", "mltrk.io"),
       "sales-tool-link: Hunter h1.mltrk.io"},
      {"sender's tracking host", Mail().link("inst.seller.example", "/l/1", "seller.example"),
       "sales-tool-link: sender's tracking host inst.seller.example"},
      {"another's host of that name", Mail().link("inst.school.example", "/l/1", "school.example"), ""},
      {"calendar", Mail().link("calendly.com", "/jane", "calendly.com"),
       "calendar-link: Calendly calendly.com"},
      {"calendar's front page", Mail().link("calendly.com", "/", "calendly.com"), ""},
      {"bookings", Mail().link("outlook.office365.com", "/owa/calendar/x/bookings/", "office365.com"),
       "calendar-link: Microsoft Bookings outlook.office365.com"},
      {"tool's pixel", Mail().image("https://w1.mslai.net/prod/open/abc", false),
       "sales-tool-link: Mailshake w1.mslai.net | tracking-pixel: Mailshake w1.mslai.net"},
      {"personal tracker", Mail().image("https://mailfoogae.appspot.com/t?x", false),
       "tracking-pixel: Streak mailfoogae.appspot.com"},
      {"hidden image with a token", Mail().image("https://a.example/o?id=0123456789abcdef", true),
       "tracking-pixel: a.example"},
      {"token of 15", Mail().image("https://a.example/o?id=0123456789abcde", true), ""},
      {"token without digit", Mail().image("https://a.example/transparentspacerimage.gif", true), ""},
      {"seen image with a token", Mail().image("https://a.example/o?id=0123456789abcdef", false), ""},
      {"spacer", Mail().image("https://a.example/spacer.gif", true), ""},
      {"inline image", Mail().image("cid:0123456789abcdef0123", true), ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(shown(row.mail.traits()) == row.expected);
  }
}

TEST_CASE("Facts about addresses are found", "[outreach]") {
  struct Row {
    std::string_view name;
    Mail mail;
    std::string_view expected;
  };
  const Row rows[] = {
      {"free mail", Mail().from("jane@gmail.com"), "freemail-sender: gmail.com"},
      {"answers elsewhere", Mail().reply_to("jane@other.example"), "reply-to-elsewhere: other.example"},
      {"answers at a host of its own", Mail().reply_to("jane@mx.seller.example"), ""},
      {"role", Mail().to({mailbox("Info@buyer.example")}), "role-recipient: info"},
      {"role in the envelope", Mail().rcpt("sales@buyer.example"), "role-recipient: sales"},
      {"nobody", Mail().to({}), "undisclosed-recipients: "},
      {"undisclosed", Mail().to({mailbox("undisclosed-recipients")}).field("To", "undisclosed-recipients:;"),
       "undisclosed-recipients: undisclosed-recipients:;"},
      {"to self, for others", Mail().to({mailbox("jane@seller.example")}).rcpt("sam@buyer.example"),
       "undisclosed-recipients: jane@seller.example"},
      {"to self", Mail().to({mailbox("jane@seller.example")}).rcpt("jane@seller.example"), ""},
      {"to another, blind copy", Mail().rcpt("kim@buyer.example"), ""},
      {"affix and brand",
       Mail().from("jane@getwidgets.example").link("www.widgets.example", "/", "widgets.example"),
       "sender-domain-affix: getwidgets.example"},
      {"affix behind", Mail().from("jane@widgetshq.example").reply_to("jane@widgets.example"),
       "reply-to-elsewhere: widgets.example | sender-domain-affix: widgetshq.example"},
      {"affix, no brand",
       Mail().from("jane@getwidgets.example").link("www.other.example", "/", "other.example"), ""},
      {"brand too short", Mail().from("jane@getabc.example").link("abc.example", "/", "abc.example"), ""},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    CHECK(shown(row.mail.traits()) == row.expected);
  }
}

TEST_CASE("Free mail domains are known", "[outreach]") {
  for (const std::string_view domain :
       {"gmail.com", "gmx.de", "yahoo.co.uk", "hotmail.fr", "wp.pl", "outlook.com.br"}) {
    INFO(domain);
    CHECK(is_freemail_domain(domain));
  }
  for (const std::string_view domain :
       {"", "example.org", "notgmail.com", "mail.gmail.com", "yahoo.", "yahoo.example", "live"}) {
    INFO(domain);
    CHECK_FALSE(is_freemail_domain(domain));
  }
}

TEST_CASE("The subjects of mailbox warm-up services are told", "[outreach]") {
  CHECK(details(Mail().subject("Lunch plans | GREENTEA K7QWX2M"), "warm-up") == "| GREENTEA K7QWX2M");
  CHECK(details(Mail().subject("Lunch plans | far beyond it K7QWX2M"), "warm-up") ==
        "| far beyond it K7QWX2M");
  for (const std::string_view subject :
       {"Lunch plans K7QWX2M", "Lunch plans | K7QWX2M", "Lunch | plans KQWXYZM", "Lunch | plans 1234567",
        "Lunch | plans K7QWX2", "Lunch | plans K7QWX2MA", "Lunch | plans k7qwx2m", "Lunch |", "| ",
        "Lunch | a word and many more before the code K7QWX2M"}) {
    INFO(subject);
    CHECK(details(Mail().subject(subject), "warm-up").empty());
  }
}

TEST_CASE("Many links are told from a few", "[outreach]") {
  Mail few;
  for (int i = 0; i < 9; ++i) few.link("a.example", "/" + std::to_string(i), "a.example");
  few.link("a.example", "/0", "a.example");
  CHECK(details(few, "many-links").empty());
  CHECK(details(few.link("a.example", "/9", "a.example"), "many-links") == "10");
}

TEST_CASE("Links of self-hosted mass mailers are told by their shape", "[outreach]") {
  const auto mailer = [](std::string_view path, std::string_view query = "") {
    return std::string(find_bulk_mailer_link(path, query));
  };
  CHECK(mailer("/m/index.php/lists/ab123cd456ef7/unsubscribe/bb123cd456ef7/cb123cd456ef7") == "MailWizz");
  CHECK(mailer("/campaigns/ab123cd456ef7/track-url/bb123cd456ef7/abc") == "MailWizz");
  CHECK(mailer("/lists/ab123cd456ef7/unsubscribe").empty());
  CHECK(mailer("/lists/users/unsubscribe/someone").empty());
  CHECK(mailer("/campaigns/ab123cd456ef7/photos/bb123cd456ef7").empty());
  CHECK(mailer("/iem/unsubscribe.php", "M=77&C=0123abc&L=3&N=5") == "Interspire Email Marketer");
  CHECK(mailer("/iem/unsubscribe.php", "user=77").empty());
  CHECK(mailer("/iem/page.php", "M=77&C=0123abc&L=3&N=5").empty());
  CHECK(details(Mail().link("a.example", "/lists/ab123cd456ef7/unsubscribe/bb123cd456ef7/x", "a.example"),
                "bulk-mailer") == "MailWizz a.example");
}

TEST_CASE("Kinds of content are told", "[outreach]") {
  const auto words = [](std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "word ";
    return text;
  };
  CHECK(details(Mail().text(words(11)), "short-text") == "11");
  CHECK(details(Mail().text(words(12)), "short-text").empty());
  CHECK(details(Mail().text(""), "short-text") == "0");
  CHECK(details(Mail().text(words(400)), "long-text").empty());
  CHECK(details(Mail().text(words(401)), "long-text") == "401");
  CHECK(details(Mail().text(words(1000)), "very-long-text").empty());
  CHECK(details(Mail().text(words(1001)), "very-long-text") == "1001");
  CHECK(details(Mail().text("Yes\n> " + words(500)), "short-text") == "1");

  CHECK(details(Mail().subject("[PATCH v2 1/3] x: y"), "patch") == "[PATCH");
  CHECK(details(Mail().text("diff --git a/x b/x\n--- a/x\n"), "patch") == "diff --git a/x b/x");
  CHECK(details(Mail().text("diff --git a/x b/x\n"), "patch").empty());

  CHECK(details(Mail().part("application/pdf", "attachment", "plan.pdf"), "attachment") ==
        "application/pdf plan.pdf");
  CHECK(details(Mail().part("text/plain", "inline", ""), "attachment").empty());

  CHECK(details(Mail().subject("Your invoice").text("Invoice 20240017: 12.50 EUR\n"), "receipt-like") ==
        "invoice");
  CHECK(details(Mail().subject("Ihre Rechnung Nr. 4711").text("Summe: 12,50 €\n"), "receipt-like") ==
        "rechnung");
  CHECK(details(Mail().subject("Payment received").text("Can we talk about your payments?\n"), "receipt-like")
            .empty());
  CHECK(details(Mail().subject("Your invoice").text("Save $500 on invoices\n"), "receipt-like").empty());
}

TEST_CASE("Traits are bounded in number and size", "[outreach]") {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "Just reply STOP now.\n";
  CHECK(details(Mail().text(text), "opt-out-by-reply") ==
        "reply STOP | reply STOP | reply STOP | reply STOP | reply STOP");
  const std::string long_value(500, 'x');
  CHECK(details(Mail().field("List-Id", long_value), "list-mail") == std::string(200, 'x'));
}

TEST_CASE("Any octets are read in linear time", "[outreach]") {
  const std::string_view unit =
      GENERATE(as<std::string_view>{}, "{", "{{", "[[a", "%a%", "*|", "{{first_name}} ", "reply ",
               "reply with ", "no thanks ", "reply a a a a a a a a ", "stop in the ", "Hi ,\n", "$1", "eur",
               "#", "\xff", "\x01", "<%", "--- a/\n", "'");
  std::string text;
  while (text.size() < 50000) text += unit;
  const std::vector<Trait> traits = Mail().text(text).subject(text).traits();
  CHECK(traits.size() <= 100);
}

}  // namespace
}  // namespace coldpitch
