// SPDX-License-Identifier: MIT
// Senders who write LinkedIn's frame into their words, names that look like frames, and sizes nobody writes by hand.
#include <string>
#include <string_view>

#include "parsers/linkedin.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using test::fixture;
using test::LinkedInLayout;
using test::LinkedInMailOptions;
using test::read_fixture;

const std::string kHyphens(40, '-');
const std::string kDots(37, '.');

TEST_CASE("a sender's own rules and footers do not cut the words short", "[linkedin]") {
  const std::string texts[] = {
      "Hello\n\n" + kHyphens + "\n\nbuy my tools",
      "Hello\n\n" + kHyphens + "\n\nThis email was intended for you (yes)\nbuy my tools",
      "Hello\n" + kDots + "\nbuy my tools",
      "Hello\n\nThis email was intended for Robin Target (x)\nYou are receiving LinkedIn notification "
      "emails.\nbuy my tools",
      "Hello\n\nGo here to reply:\n\nbuy my tools",
      "Hello\n\nYou are receiving InMail notification emails.\n\nbuy my tools",
      "Hello\n\nhttps://www.linkedin.com/messaging/thread/2-ZZZZ==/\n\nbuy my tools",
      "Hello <b>you</b> & \"them\"\n\nMore people you may know\nbuy my tools",
  };
  for (const LinkedInLayout layout :
       {LinkedInLayout::inmail_2026, LinkedInLayout::inmail_2022, LinkedInLayout::invitation_2016}) {
    for (const std::string& text : texts) {
      CAPTURE(static_cast<int>(layout), text);
      LinkedInMailOptions options = fixture(layout, true);
      options.text = text;
      CHECK(read_fixture(options).human_text() == text);
    }
  }
  for (const std::string& text : texts) {
    CAPTURE(text);
    LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2026, false);
    options.text = text;
    CHECK(read_fixture(options).human_text() == text);
  }
}

TEST_CASE("InMail of 2022 as plain text ends at the last closing lines", "[linkedin]") {
  LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2022, false);
  options.text = "Hello\nGo here to reply:\nThis email was intended for you.\nbuy my tools";
  CHECK(read_fixture(options).human_text() ==
        "Hello<br>\nGo here to reply:<br>\nThis email was intended for you.<br>\nbuy my tools");
}

TEST_CASE("the sender's profile and conversation are never taken from the sender's words", "[linkedin]") {
  const std::string decoy =
      "See https://www.linkedin.com/comm/in/somebody-else?trk=eml-x_01-ProfileCard-0-profile_name and "
      "https://www.linkedin.com/messaging/thread/2-ZZZZ==/";
  for (const LinkedInLayout layout : {LinkedInLayout::inmail_2026, LinkedInLayout::inmail_2022}) {
    for (const bool with_html : {true, false}) {
      CAPTURE(static_cast<int>(layout), with_html);
      LinkedInMailOptions options = fixture(layout, with_html);
      options.text = decoy;
      options.subject =
          "https://www.linkedin.com/in/another https://www.linkedin.com/messaging/thread/2-YYYY==/";
      const LinkedInMail mail = read_fixture(options).linkedin;
      const bool plain_2022 = layout == LinkedInLayout::inmail_2022 && !with_html;
      CHECK(mail.sender_profile == (with_html ? "https://www.linkedin.com/in/jane-doe-42" : ""));
      CHECK(mail.thread == (plain_2022 ? "" : "2-QUJDREVGR0g=="));
    }
  }
}

TEST_CASE("a subject that is a conversation's URL does not start the words", "[linkedin]") {
  LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2026, false);
  options.subject = "https://www.linkedin.com/messaging/thread/2-ZZZZ==/";
  const auto mail = read_fixture(options);
  CHECK(mail.human_text() == options.text);
  CHECK(mail.linkedin.thread == "2-QUJDREVGR0g==");
}

TEST_CASE("no link value is kept with its query, and odd paths name nobody", "[linkedin]") {
  struct Row {
    const char* vanity;
    const char* profile;
  };
  const Row rows[] = {
      {"Jane-Doe", "https://www.linkedin.com/in/jane-doe"},
      {"jane-doe/detail", "https://www.linkedin.com/in/jane-doe"},
      {"j%C3%A4ne", "https://www.linkedin.com/in/j%c3%a4ne"},
      {"jane;doe", ""},
      {"jane\\doe", "https://www.linkedin.com/in/jane"},  // as browsers read it
      {"", ""},
  };
  for (const Row& row : rows) {
    CAPTURE(row.vanity);
    LinkedInMailOptions options;
    options.vanity = row.vanity;
    CHECK(read_fixture(options).linkedin.sender_profile == row.profile);
  }
  for (const std::size_t size : {300U, 301U}) {
    LinkedInMailOptions options;
    options.vanity = std::string(size, 'a');
    CHECK(read_fixture(options).linkedin.sender_profile.empty() == (size > 300));
  }
}

TEST_CASE("threads are conversation ids, whatever the spelling", "[linkedin]") {
  struct Row {
    const char* thread;
    const char* expected;
  };
  const Row rows[] = {
      {"2-QUJD", "2-QUJD"}, {"2-QUJD%3D%3D", "2-QUJD=="}, {"2-QU%22D", ""}, {"2-", ""}, {"6123456", ""}};
  for (const Row& row : rows) {
    CAPTURE(row.thread);
    for (const bool with_html : {true, false}) {
      LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2026, with_html);
      options.thread = row.thread;
      CHECK(read_fixture(options).linkedin.thread == row.expected);
    }
  }
}

TEST_CASE("default invitation sentences are nobody's words", "[linkedin]") {
  const std::string sentences[] = {
      "",
      "I'd like to connect with you on LinkedIn.",
      "I'd  like to add you to my\nprofessional network on LinkedIn.",
      "Me gustaría añadirte a mi red profesional en LinkedIn.",
      "J’aimerais vous inviter à rejoindre mon réseau professionnel sur LinkedIn.",
  };
  for (const std::string& text : sentences) {
    for (const bool with_html : {true, false}) {
      CAPTURE(text, with_html);
      LinkedInMailOptions options = fixture(LinkedInLayout::invitation_2016, with_html);
      options.text = text;
      const LinkedInMail mail = read_fixture(options).linkedin;
      CHECK_FALSE(mail.human_text.has_value());
      CHECK(mail.sender_headline == options.headline);
    }
  }
}

TEST_CASE("a note may hold the inviter's name, greet, or quote the default sentence", "[linkedin]") {
  const std::string notes[] = {
      "I sell tools.\n\nJane Doe\n\nAsk me for a price.",
      "I'd like to join your LinkedIn network. We sell tools.",
      "I run a shop, and we sell tools.",
  };
  for (const std::string& note : notes) {
    for (const bool with_html : {true, false}) {
      CAPTURE(note, with_html);
      LinkedInMailOptions options = fixture(LinkedInLayout::invitation_2016, with_html);
      options.text = note;
      CHECK(read_fixture(options).human_text() == note);
    }
  }
}

TEST_CASE("names with brackets, commas in headlines and characters beyond ASCII", "[linkedin]") {
  for (const LinkedInLayout layout : {LinkedInLayout::inmail_2026, LinkedInLayout::direct_message}) {
    CAPTURE(static_cast<int>(layout));
    LinkedInMailOptions options = fixture(layout, true);
    options.name = "Zoë Müller";
    options.headline = "CEO (acting), Größe & Söhne | 拡大";
    const LinkedInMail mail = read_fixture(options).linkedin;
    CHECK(mail.sender_name == options.name);
    CHECK(mail.sender_headline == options.headline);
  }
  LinkedInMailOptions options = fixture(LinkedInLayout::direct_message, false);
  options.headline = "CEO (acting) of Example";
  CHECK(read_fixture(options).linkedin.sender_headline == options.headline);
}

TEST_CASE("a paid message is told by LinkedIn's notice, not by the sender's words", "[linkedin]") {
  const std::string notice = "This is a promotional message from a marketing or hiring partner";
  LinkedInMailOptions options;
  options.text = "Hello\n" + notice;
  CHECK(read_fixture(options).linkedin.kind == LinkedInKind::inmail);
  options.recipient_headline = notice + " and was sent to you";
  CHECK(read_fixture(options).linkedin.kind == LinkedInKind::sponsored);
}

TEST_CASE("a long name is cut between characters", "[linkedin]") {
  LinkedInMailOptions options;
  options.name = std::string(299, 'x') + "ää";
  CHECK(read_fixture(options).linkedin.sender_name == std::string(299, 'x'));
}

TEST_CASE("LinkedIn's closing lines at the end of the words cost the words no more than themselves",
          "[linkedin]") {
  const std::string pitch = "We sell tools. Buy now, before the week is over.";
  const std::string copies[] = {
      "This email was intended for Robin Target (Head of operations)",
      "You are receiving LinkedIn notification emails.",
      "View message",
      "Unsubscribe: https://www.linkedin.com/comm/psettings/email-unsubscribe",
      "Learn why we included this: https://www.linkedin.com/help/linkedin/answer/4788",
      "Go here to reply:",
      "© 2026 LinkedIn Corporation",
      "LinkedIn and the LinkedIn logo are registered trademarks of LinkedIn.",
      "Cet e-mail est destiné à Robin Target",
      kHyphens,
      kDots,
      "More people you may know",
      "This is a promotional message from a marketing or hiring partner",
  };
  for (const LinkedInLayout layout :
       {LinkedInLayout::inmail_2026, LinkedInLayout::inmail_2022, LinkedInLayout::invitation_2016,
        LinkedInLayout::invitation_2015, LinkedInLayout::guest_reminder}) {
    for (const bool with_html : {true, false}) {
      for (const std::string& copy : copies) {
        CAPTURE(static_cast<int>(layout), with_html, copy);
        LinkedInMailOptions options = fixture(layout, with_html);
        // A copy above the pitch cuts nothing; one below it takes nothing but itself away.
        options.text = copy + "\n\n" + pitch;
        CHECK(read_fixture(options).linkedin.words == options.text);
        options.text = pitch + "\n\n" + copy;
        const LinkedInMail below = read_fixture(options).linkedin;
        CHECK(below.words.substr(0, pitch.size()) == pitch);
        CHECK(below.kind != LinkedInKind::sponsored);
      }
    }
  }
}

TEST_CASE("a whole footer copied below the words, twice, is not taken for LinkedIn's", "[linkedin]") {
  const std::string footer =
      kHyphens +
      "\n\nThis email was intended for Robin Target (Head of operations)\nLearn why we included this: "
      "https://www.linkedin.com/help/linkedin/answer/4788\nYou are receiving LinkedIn notification "
      "emails.\n\n"
      "Unsubscribe: https://www.linkedin.com/comm/psettings/email-unsubscribe\n";
  for (const bool with_html : {true, false}) {
    LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2026, with_html);
    options.text = "Hello\n\n" + footer + "\nbuy my tools\n\n" + footer + "\nand my other tools";
    CHECK(read_fixture(options).linkedin.words == options.text);
  }
}

TEST_CASE("a layout without a named place gives no more to a copy of the card", "[linkedin]") {
  LinkedInMailOptions options;
  options.words_class = "contents-of-2030";
  options.text =
      "Jane Doe\nCEO of everything\n\n      Jane Doe\n        Reply\n"
      "        https://www.linkedin.com/messaging/thread/2-ZZZZ==/\n\nbuy my tools, today and tomorrow";
  const LinkedInMail mail = read_fixture(options).linkedin;
  CHECK(mail.words.ends_with("buy my tools, today and tomorrow"));
  CHECK(mail.sender_headline == options.headline);
  CHECK(mail.thread == options.thread);
}

TEST_CASE("a name that looks like LinkedIn's suffix changes no kind that the template tells", "[linkedin]") {
  LinkedInMailOptions options = fixture(LinkedInLayout::invitation_2016, true);
  options.name = "Jane Doe via LinkedIn";
  const LinkedInMail mail = read_fixture(options).linkedin;
  CHECK(mail.kind == LinkedInKind::invitation);
  CHECK(mail.sender_name == "Jane Doe");
}

TEST_CASE("words that speak of recruiters, payment or security stay InMail", "[linkedin]") {
  LinkedInMailOptions options;
  options.template_name = "email_zz_01";
  options.subject = "Please verify your new device";
  options.text =
      "Notice: Learn more about how we use your data in AI-assisted features connecting recruiters with "
      "potential "
      "candidates.\n\nhttps://www.linkedin.com/e/v2?ek=email_security_pin\nhttps://www.linkedin.com/talent/"
      "inbox/1";
  for (const bool with_html : {true, false}) {
    options.with_html = with_html;
    const LinkedInMail mail = read_fixture(options).linkedin;
    CHECK(mail.kind == LinkedInKind::inmail);
    CHECK(mail.words == options.text);
  }
}

Message hostile(std::string text) {
  Message message;
  message.mime.parts.resize(1);
  message.mime.parts.front().header = Header({{"From", "a"}, {"X-LinkedIn-Template", "x"}});
  message.header_from = {{"", "member", "linkedin.com"}};
  message.source = BodySource::plain;
  message.text = std::move(text);
  return message;
}

std::string repeated(std::string_view piece, std::size_t octets) {
  std::string text;
  while (text.size() < octets) text += piece;
  return text;
}

TEST_CASE("no text takes more than linear time, and no span leaves the text", "[linkedin]") {
  const Authentication passed{true, {"linkedin.com"}, "pass", "linkedin.com", "", "", "pass"};
  const std::string pieces[] = {
      "\n",
      kHyphens + "\n",
      kHyphens + "\n\n",
      "\n\n\n" + kDots + "\n",
      "This email was intended for\n",
      "Unsubscribe\n",
      "(https://www.linkedin.com/in/a)\n",
      "You are receiving ",
      " has accepted your invitation\n",
      "http http http ",
      "https://www.linkedin.com/messaging/thread/2-a/\n",
      "Jane Doe\n",
      ",\n",
      std::string(1, '\0'),
      "\xFF\xFE\n",
  };
  const std::string kinds[] = {"inmail_sent", "email_m2m_invite_single_01", "email_m2m_invite_reminder_02",
                               "email_member_message_v2", "accept_invite_04"};
  for (const std::string& piece : pieces) {
    Message message = hostile(repeated(piece, 16'384));
    for (const std::string& kind : kinds) {
      CAPTURE(piece, kind);
      message.mime.parts.front().header = Header({{"From", "a"}, {"X-LinkedIn-Template", kind}});
      const LinkedInMail mail = test::read(message, passed, "m-1@bounce.linkedin.com");
      CHECK(mail.authenticity == LinkedInAuthenticity::authentic);
      const Span span = mail.human_text.value_or(Span{0, 0});
      CHECK((span.begin <= span.end && span.end <= message.text.size()));
    }
  }
}

TEST_CASE("regions and links that point outside the text are harmless", "[linkedin]") {
  Message message = hostile("Hello");
  message.source = BodySource::html;
  message.header_from = {{"Jane Doe", "inmail-hit-reply", "linkedin.com"}};
  message.html.regions.push_back({"td", "message-contents", "", {3, 400}, false});
  message.html.regions.push_back({"td", "text-sm", "", {6, 2}, false});
  message.html.links.push_back(
      {"https://www.linkedin.com/comm/in/a?trk=eml-a-ProfileCard-0-profile_name", {100, 50}, false});
  const Authentication passed{true, {"linkedin.com"}, "pass", "linkedin.com", "", "", "pass"};
  const LinkedInMail mail = test::read(message, passed, "m-1@bounce.linkedin.com");
  CHECK(mail.kind == LinkedInKind::inmail);
  CHECK(mail.sender_profile == "https://www.linkedin.com/in/a");
  CHECK(mail.sender_headline.empty());
  CHECK(mail.human_text == Span{3, 5});
}

}  // namespace
}  // namespace coldpitch
