// SPDX-License-Identifier: MIT
#include "parsers/linkedin.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using test::fixture;
using test::kBounce;
using test::kPassed;
using test::LinkedInLayout;
using test::LinkedInMailOptions;
using test::message_with;
using test::read_fixture;
using Kind = LinkedInKind;

struct LayoutCase {
  const char* name;
  LinkedInLayout layout;
  bool with_html;
  Kind kind;
  std::string sender_name, headline, location, profile, thread;
  bool has_words;
  bool subject_is_human;
};

const std::string kName = "Jane Doe";
const std::string kHeadline = "Account executive at Example Tools";
const std::string kLocation = "Springfield";
const std::string kProfile = "https://www.linkedin.com/in/jane-doe-42";
const std::string kThread = "2-QUJDREVGR0g==";

const LayoutCase kLayoutCases[] = {
    {"InMail 2026", LinkedInLayout::inmail_2026, true, Kind::inmail, kName, kHeadline, kLocation, kProfile,
     kThread, true, true},
    {"InMail 2026, plain", LinkedInLayout::inmail_2026, false, Kind::inmail, kName, "", "", "", kThread, true,
     true},
    {"InMail 2022", LinkedInLayout::inmail_2022, true, Kind::inmail, kName, "", "", kProfile, kThread, true,
     true},
    {"recruiter", LinkedInLayout::recruiter_inmail, true, Kind::recruiter_inmail, kName, kHeadline, kLocation,
     kProfile, kThread, true, true},
    {"recruiter, plain", LinkedInLayout::recruiter_inmail, false, Kind::recruiter_inmail, kName, "", "", "",
     kThread, true, true},
    {"reply", LinkedInLayout::inmail_reply, true, Kind::inmail_reply, kName, kHeadline, kLocation, kProfile,
     kThread, true, false},
    {"direct message", LinkedInLayout::direct_message, true, Kind::direct_message, kName, kHeadline, "",
     kProfile, kThread, false, false},
    {"direct message, plain", LinkedInLayout::direct_message, false, Kind::direct_message, kName, kHeadline,
     "", kProfile, kThread, false, false},
    {"invitation 2016", LinkedInLayout::invitation_2016, true, Kind::invitation, kName, kHeadline, kLocation,
     kProfile, "", true, false},
    {"invitation 2016, plain", LinkedInLayout::invitation_2016, false, Kind::invitation, kName, kHeadline, "",
     kProfile, "", true, false},
    {"invitation 2024", LinkedInLayout::invitation_2024, true, Kind::invitation, kName, kHeadline, kLocation,
     kProfile, "", false, false},
    {"invitation 2024, plain", LinkedInLayout::invitation_2024, false, Kind::invitation, kName, kHeadline,
     kLocation, kProfile, "", false, false},
    {"accepted", LinkedInLayout::invitation_accepted, true, Kind::invitation_accepted, kName, kHeadline,
     kLocation, kProfile, kThread, false, false},
    {"accepted, plain", LinkedInLayout::invitation_accepted, false, Kind::invitation_accepted, kName,
     kHeadline, kLocation, kProfile, "", false, false},
    {"job alert", LinkedInLayout::job_alert, true, Kind::job, "", "", "", "", "", false, false},
    {"newsletter", LinkedInLayout::newsletter, true, Kind::newsletter, kName, "", "", "", "", false, false},
    {"security", LinkedInLayout::security, true, Kind::security, "", "", "", "", "", false, false},
};

TEST_CASE("every layout is read", "[linkedin]") {
  for (const LayoutCase& row : kLayoutCases) {
    CAPTURE(row.name);
    const LinkedInMailOptions options = fixture(row.layout, row.with_html);
    const auto mail = read_fixture(options);
    CHECK(mail.message.source == (row.with_html ? BodySource::html : BodySource::plain));
    CHECK(to_string(mail.linkedin.authenticity) == "authentic");
    CHECK(to_string(mail.linkedin.kind) == to_string(row.kind));
    CHECK(mail.linkedin.sender_name == row.sender_name);
    CHECK(mail.linkedin.sender_headline == row.headline);
    CHECK(mail.linkedin.sender_location == row.location);
    CHECK(mail.linkedin.sender_profile == row.profile);
    CHECK(mail.linkedin.thread == row.thread);
    CHECK(mail.linkedin.human_text.has_value() == row.has_words);
    CHECK(mail.human_text() == (row.has_words ? options.text : ""));
    CHECK(mail.linkedin.subject_is_human == row.subject_is_human);
  }
}

TEST_CASE("InMail of 2022 as plain text keeps LinkedIn's line-end marks", "[linkedin]") {
  LinkedInMailOptions options = fixture(LinkedInLayout::inmail_2022, false);
  options.text = "Hello,\nshall we talk?";
  CHECK(read_fixture(options).human_text() == "Hello,<br>\nshall we talk?");
}

struct PlainCase {
  const char* name;
  std::string display_name;
  std::string template_name;
  std::string text;
  std::string sender_name, headline, location;
  std::string human_text;  ///< "" for none
};

const std::string kFooter =
    "\n\nYou received an invitation to connect. Unsubscribe here: https://www.linkedin.com/e/v2?t=lun\n\n"
    "This email was sent to user@example.net.\n";

const PlainCase kPlainCases[] = {
    {"guest, default sentence", "Jane Doe", "invite_guest",
     "Hi,\n\nI'd like to add you to my professional network on LinkedIn.\n\n- Jane\n\nConfirm that you know "
     "Jane: "
     "https://www.linkedin.com/e/v2?t=ssuw" +
         kFooter,
     "Jane Doe", "", "", ""},
    {"guest with a note", "Jane Doe", "invite_guest",
     "Hai you,\n\nWe sell tools.\n\n- Jane\n\nConfirm that you know Jane: "
     "https://www.linkedin.com/e/v2?t=ssuw" +
         kFooter,
     "Jane Doe", "", "", "We sell tools."},
    {"guest, sender not named in From", "LinkedIn Invitations", "invite_guest",
     "Hi,\n\nWe sell tools.\n\n- Jane\n\nConfirm that you know Jane: https://www.linkedin.com/e/v2?t=ssuw" +
         kFooter,
     "", "", "", "We sell tools."},
    {"one paragraph and no name: nothing is sure", "", "invite_guest",
     "We sell tools.\n\nConfirm: https://www.linkedin.com/e/v2?t=ssuw" + kFooter, "", "", "", ""},
    {"reminder with a note", "", "first_guest_reminder_01",
     "Jane Doe would like to connect on LinkedIn. How would you like to respond?\n\nAccept: "
     "https://www.linkedin.com/e/v2?m=hero\n\nView Jane Doe's profile: "
     "https://www.linkedin.com/e/v2?x=1\n\nHi Robin,\n\n"
     "We sell tools.\nStill." +
         kFooter,
     "Jane Doe", "", "", "We sell tools.\nStill."},
    {"reminder with the default sentence", "", "first_guest_reminder_01",
     "Jane Doe would like to connect on LinkedIn.\n\nAccept: "
     "https://www.linkedin.com/e/v2?m=hero\n\nRobin/team,\n\n"
     "Me gustaría añadirte a mi red profesional en LinkedIn." +
         kFooter,
     "Jane Doe", "", "", ""},
    {"reminder without a note", "", "first_guest_reminder_01",
     "Jane Doe would like to connect on LinkedIn.\n\nJane Doe\nSeller at Example\nSpringfield\n\nThis is a "
     "reminder." +
         kFooter,
     "Jane Doe", "Seller at Example", "Springfield", ""},
    {"accepted, name in a sentence", "LinkedIn", "accept_invite_04",
     "Jane has accepted your invitation\n\nView profile here: "
     "https://www.linkedin.com/comm/profile/view?trk=eml-a\n",
     "Jane", "", "", ""},
    {"message notice, name in the body", "LinkedIn Messaging", "email_member_message_v2",
     "You have 1 new message\n\nJane Doe (Seller (acting))\n(https://uk.linkedin.com/in/jane-doe)\n",
     "Jane Doe", "Seller (acting)", "", ""},
    {"name with brackets known from From", "Jane (JD) Doe a través de LinkedIn", "email_member_message_v2",
     "Jane (JD) Doe (Seller)\n(https://uk.linkedin.com/in/jane-doe)\n", "Jane (JD) Doe", "Seller", "", ""},
    {"seller's copy of an answer", "Jane Doe", "email_lss_inmail_reply_01",
     "You have a new InMail message.\nNo, thank you.\nView in Sales "
     "Navigator\nhttps://www.linkedin.com/sales/inbox/2\n"
     "This email was intended for Robin Target\n",
     "Jane Doe", "", "", "No, thank you."},
    {"recruiter's copy of an answer", "Jane Doe", "email_hire_inmail_reply_01",
     "Tools\nInMail: You have a new message\n\n  Jane Doe\n Reply\n "
     "https://www.linkedin.com/talent/inbox/0/main/id/2-a\n\n"
     "No, thank you.\n\n----------------------------------------\n\nDiese E-Mail ist für Robin Target\n",
     "Jane Doe", "", "", "No, thank you."},
    {"InMail, name above the conversation only", "LinkedIn", "inmail_sent",
     "Tools\nTools\n\n      Jane Doe\n        Antworten\n        "
     "https://www.linkedin.com/messaging/thread/2-a/\n\nWe sell "
     "tools.\n\n----------------------------------------"
     "\n\nx\n",
     "Jane Doe", "", "", "We sell tools."},
    {"InMail without any frame", "Jane Doe", "inmail_sent", "We sell tools.\n", "Jane Doe", "", "",
     "We sell tools."},
    {"InMail with subject lines alone", "Jane Doe", "inmail_sent", "Tools\nTools\n\nWe sell tools.\n",
     "Jane Doe", "", "", "We sell tools."},
    {"InMail without words", "Jane Doe", "inmail_sent", " \n\n", "Jane Doe", "", "", ""},
    {"digest", "LinkedIn", "email_notification_digest_01", "Jane Doe shared a post: we sell tools\n", "", "",
     "", ""},
};

TEST_CASE("plain-text layouts of other years are read", "[linkedin]") {
  for (const PlainCase& row : kPlainCases) {
    CAPTURE(row.name);
    const Message message = message_with({{"From", "\"" + row.display_name + "\" <member@linkedin.com>"},
                                          {"Subject", "Tools"},
                                          {"X-LinkedIn-Template", row.template_name}},
                                         row.text);
    const LinkedInMail mail = test::read(message, kPassed, kBounce);
    CHECK(mail.sender_name == row.sender_name);
    CHECK(mail.sender_headline == row.headline);
    CHECK(mail.sender_location == row.location);
    const Span words = mail.human_text.value_or(Span{});
    CHECK(mail.human_text.has_value() == !row.human_text.empty());
    CHECK(message.text.substr(words.begin, words.size()) == row.human_text);
  }
}

}  // namespace
}  // namespace coldpitch
