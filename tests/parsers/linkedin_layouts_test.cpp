// SPDX-License-Identifier: MIT
// Every kind, layout year and language of the writer in tests/support, read back.
#include <map>
#include <string>
#include <vector>

#include "parsers/linkedin.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using test::all_linkedin_layouts;
using test::LinkedInCheck;
using test::LinkedInMailOptions;
using test::read_fixture;
using Kind = LinkedInKind;
using Layout = test::LinkedInLayout;

struct Expected {
  Kind kind = Kind::other;
  bool name = false, headline = false, profile = false, words = false;
};

/// What a complete mail of each layout says.
const std::map<Layout, Expected> kExpected = {
    {Layout::inmail_2022, {Kind::inmail, true, false, true, true}},
    {Layout::recruiter_inmail_2022, {Kind::recruiter_inmail, true, false, true, true}},
    {Layout::inmail_2026, {Kind::inmail, true, true, true, true}},
    {Layout::recruiter_inmail, {Kind::recruiter_inmail, true, true, true, true}},
    {Layout::sponsored_inmail, {Kind::sponsored, true, true, true, true}},
    {Layout::inmail_reply, {Kind::inmail_reply, true, true, true, true}},
    {Layout::recruiter_copy, {Kind::inmail_reply, true, false, false, true}},
    {Layout::seller_copy, {Kind::inmail_reply, true, false, false, true}},
    {Layout::direct_message, {Kind::direct_message, true, true, true, false}},
    {Layout::direct_message_digest, {Kind::direct_message, false, false, false, false}},
    {Layout::invitation_2015, {Kind::invitation, true, true, false, true}},
    {Layout::invitation_2016, {Kind::invitation, true, true, true, true}},
    {Layout::invitation_2024, {Kind::invitation, true, true, true, false}},
    {Layout::invitation_note_2024, {Kind::invitation, true, true, true, true}},
    {Layout::guest_invitation, {Kind::invitation, true, false, false, true}},
    {Layout::guest_reminder, {Kind::invitation_reminder, true, false, false, true}},
    {Layout::guest_reminder_2021, {Kind::invitation_reminder, true, false, true, false}},
    {Layout::invitation_reminder, {Kind::invitation_reminder, true, true, false, false}},
    {Layout::invitation_accepted, {Kind::invitation_accepted, true, true, true, false}},
    {Layout::invitation_accepted_2016, {Kind::invitation_accepted, true, false, false, false}},
    {Layout::people_you_may_know, {Kind::digest}},
    {Layout::notification_digest, {Kind::digest}},
    {Layout::news, {Kind::digest}},
    {Layout::job_alert, {Kind::job}},
    {Layout::jobs_digest, {Kind::job}},
    {Layout::application_update, {Kind::job}},
    {Layout::newsletter, {Kind::newsletter, true, false, false, false}},
    {Layout::security, {Kind::security}},
    {Layout::group, {Kind::group}},
    {Layout::event, {Kind::event}},
    {Layout::marketing, {Kind::marketing}},
    {Layout::sales_digest, {Kind::sales_tool}},
    {Layout::billing, {Kind::other}},
    {Layout::welcome, {Kind::other}},
};

const std::vector<std::string> kLanguages = {"en", "fr", "es", "pt", "id", "cs", "de", "it", "nl", "xx"};

bool is_of_inmail(Layout layout) {
  const Kind kind = kExpected.at(layout).kind;
  return kind == Kind::inmail || kind == Kind::recruiter_inmail || kind == Kind::sponsored ||
         kind == Kind::inmail_reply;
}

std::string first_name(const std::string& name) { return name.substr(0, name.find(' ')); }

void check_sender(const LinkedInMail& mail, const Expected& expected, const LinkedInMailOptions& options) {
  if (expected.name) {
    // The mail of 2016 about an accepted invitation tells the first name alone.
    const bool is_first = options.layout == Layout::invitation_accepted_2016;
    CHECK(mail.sender_name == (is_first ? first_name(options.name) : options.name));
  } else {
    CHECK(mail.sender_name.empty());
  }
  CHECK(mail.sender_headline == (expected.headline ? options.headline : ""));
  CHECK(mail.sender_profile == (expected.profile ? "https://www.linkedin.com/in/" + options.vanity : ""));
}

TEST_CASE("every layout is read in every language of LinkedIn's frame", "[linkedin]") {
  CHECK(kExpected.size() == all_linkedin_layouts().size());
  for (const Layout layout : all_linkedin_layouts()) {
    const Expected& expected = kExpected.at(layout);
    for (const std::string& language : kLanguages) {
      LinkedInMailOptions options;
      options.layout = layout;
      options.language = language;
      const auto read = read_fixture(options);
      const LinkedInMail& mail = read.linkedin;
      CAPTURE(static_cast<int>(layout), language, mail.used, mail.sender_name, mail.words);
      CHECK(to_string(mail.authenticity) == "authentic");
      CHECK(to_string(mail.kind) == to_string(expected.kind));
      check_sender(mail, expected, options);
      CHECK(mail.human_text.has_value() == expected.words);
      CHECK(mail.words == (expected.words ? options.text : ""));
      CHECK_FALSE(mail.parts_differ);
    }
  }
}

TEST_CASE("as plain text alone the kind and the words of every layout are the same", "[linkedin]") {
  for (const Layout layout : all_linkedin_layouts()) {
    const Expected& expected = kExpected.at(layout);
    for (const std::string& language : kLanguages) {
      LinkedInMailOptions options;
      options.layout = layout;
      options.language = language;
      options.with_html = false;
      const LinkedInMail mail = read_fixture(options).linkedin;
      CAPTURE(static_cast<int>(layout), language, mail.words);
      CHECK(to_string(mail.kind) == to_string(expected.kind));
      CHECK(mail.words == (expected.words ? options.text : ""));
      // Less may be told, but never of somebody else.
      CHECK((mail.sender_name.empty() || mail.sender_name == options.name ||
             mail.sender_name == first_name(options.name)));
      CHECK((mail.sender_headline.empty() || mail.sender_headline == options.headline));
      CHECK((mail.sender_profile.empty() ||
             mail.sender_profile == "https://www.linkedin.com/in/" + options.vanity));
    }
  }
}

TEST_CASE("without template and class kinds are told by what is left", "[linkedin]") {
  for (const Layout layout : all_linkedin_layouts()) {
    LinkedInMailOptions options;
    options.layout = layout;
    // Names that tell nothing, in header and links.
    options.template_name = "email_zz_01";
    options.mail_class = "EMAIL-DEFAULT";
    const LinkedInMail mail = read_fixture(options).linkedin;
    CAPTURE(static_cast<int>(layout), mail.used);
    CHECK_FALSE(mail.template_known);
    Kind expected = kExpected.at(layout).kind;
    if (expected == Kind::recruiter_inmail && layout == Layout::recruiter_inmail_2022)
      expected = Kind::inmail;
    if (layout == Layout::event) expected = Kind::digest;  // sent from the address of digests
    CHECK(to_string(mail.kind) == to_string(expected));
  }
}

TEST_CASE("an unknown template with class INMAIL is InMail", "[linkedin]") {
  for (const bool with_html : {true, false}) {
    LinkedInMailOptions options;
    options.template_name = "email_lss_first_contact_07";
    options.with_html = with_html;
    options.template_name = "email_zz_01";
    const LinkedInMail mail = read_fixture(options).linkedin;
    CHECK(mail.kind == Kind::inmail);
    CHECK(mail.used == std::vector<std::string>{"class"});
    CHECK_FALSE(mail.template_known);
    CHECK(mail.words == options.text);
  }
}

TEST_CASE("without a named place the words are found by the plain part", "[linkedin]") {
  const std::string texts[] = {
      "Hello,\n\nwe make tools for teams like yours.\nShall we talk?\n\nJane",
      "We sell tools <b>& more</b> for you.\n\nThis email was intended for Robin Target (x)\n\nBuy now.",
      "Jane Doe\nAccount executive at Example Tools\n\nView message\n\nBuy now, all of you, before it is too "
      "late.",
  };
  for (const std::string& text : texts) {
    for (const std::string& language : kLanguages) {
      LinkedInMailOptions options;
      options.words_class = "contents-of-2030";
      options.language = language;
      options.text = text;
      const auto read = read_fixture(options);
      CAPTURE(text, language);
      CHECK(read.linkedin.words == text);
      CHECK_FALSE(read.linkedin.parts_differ);
      CHECK(read.linkedin.sender_headline == options.headline);
      CHECK(read.linkedin.sender_profile == "https://www.linkedin.com/in/jane-doe-42");
    }
  }
}

TEST_CASE("default sentences of every language are no words, and say so", "[linkedin]") {
  for (const std::string& language : kLanguages) {
    for (const Layout layout : {Layout::invitation_2015, Layout::invitation_2016, Layout::guest_invitation,
                                Layout::guest_reminder}) {
      LinkedInMailOptions options;
      options.layout = layout;
      options.language = language;
      options.text.clear();
      const LinkedInMail mail = read_fixture(options).linkedin;
      CAPTURE(language, static_cast<int>(layout), mail.words);
      CHECK_FALSE(mail.human_text.has_value());
      const bool has_sentence = language != "cs" && language != "xx";
      CHECK(mail.no_words ==
            (has_sentence ? LinkedInNoWords::default_sentence : LinkedInNoWords::not_carried));
    }
  }
  LinkedInMailOptions options;
  options.layout = Layout::direct_message;
  CHECK(read_fixture(options).linkedin.no_words == LinkedInNoWords::not_carried);
  options.layout = Layout::inmail_2026;
  options.text.clear();
  CHECK(read_fixture(options).linkedin.no_words == LinkedInNoWords::not_found);
}

TEST_CASE("a genuine mail that was forwarded is authentic, whatever SPF says", "[linkedin]") {
  for (const Layout layout : all_linkedin_layouts()) {
    LinkedInMailOptions options;
    options.layout = layout;
    options.check = LinkedInCheck::forwarded;
    CAPTURE(static_cast<int>(layout));
    CHECK(to_string(read_fixture(options).linkedin.authenticity) == "authentic");
    options.check = LinkedInCheck::failed;
    CHECK(to_string(read_fixture(options).linkedin.authenticity) == "forged");
    options.check = LinkedInCheck::foreign;
    CHECK(to_string(read_fixture(options).linkedin.authenticity) == "unknown");
  }
}

TEST_CASE("no value of any mail holds LinkedIn's tokens", "[linkedin]") {
  for (const Layout layout : all_linkedin_layouts()) {
    for (const bool with_html : {true, false}) {
      LinkedInMailOptions options;
      options.layout = layout;
      options.with_html = with_html;
      const LinkedInMail mail = read_fixture(options).linkedin;
      for (const std::string* value :
           {&mail.sender_name, &mail.sender_headline, &mail.sender_location, &mail.sender_profile,
            &mail.thread, &mail.words, &mail.template_name, &mail.mail_class}) {
        CHECK(value->find("otpToken") == std::string::npos);
        CHECK(value->find("midToken") == std::string::npos);
        CHECK(value->find('?') ==
              (is_of_inmail(layout) || value == &mail.words ? value->find('?') : std::string::npos));
      }
    }
  }
}

TEST_CASE("subjects of InMail are the sender's, and no others", "[linkedin]") {
  for (const Layout layout : all_linkedin_layouts()) {
    LinkedInMailOptions options;
    options.layout = layout;
    const LinkedInMail mail = read_fixture(options).linkedin;
    CAPTURE(static_cast<int>(layout));
    const Kind kind = kExpected.at(layout).kind;
    CHECK(mail.subject_is_human ==
          (kind == Kind::inmail || kind == Kind::recruiter_inmail || kind == Kind::sponsored));
    // Once: not in the words too.
    if (mail.subject_is_human) CHECK(mail.words.find(options.subject) == std::string::npos);
  }
}

}  // namespace
}  // namespace coldpitch
