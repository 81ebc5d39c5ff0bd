// SPDX-License-Identifier: MIT
#include "parsers/linkedin.h"

#include <string>
#include <utility>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/linkedin_message.h"

namespace coldpitch {
namespace {

using test::kBounce;
using test::kPassed;
using test::message_with;
using Authenticity = LinkedInAuthenticity;
using Kind = LinkedInKind;

const HeaderField kStaff{"From", "Jane Doe <jdoe@linkedin.com>"};
const HeaderField kClass{"X-LinkedIn-Class", "INMAIL"};

TEST_CASE("kinds and authenticity have the names of the JSON contract", "[linkedin]") {
  const std::vector<std::pair<Kind, std::string>> kinds = {{Kind::inmail, "inmail"},
                                                           {Kind::inmail_reply, "inmail-reply"},
                                                           {Kind::direct_message, "direct-message"},
                                                           {Kind::invitation, "invitation"},
                                                           {Kind::invitation_reminder, "invitation-reminder"},
                                                           {Kind::invitation_accepted, "invitation-accepted"},
                                                           {Kind::sponsored, "sponsored"},
                                                           {Kind::recruiter_inmail, "recruiter-inmail"},
                                                           {Kind::digest, "digest"},
                                                           {Kind::newsletter, "newsletter"},
                                                           {Kind::job, "job"},
                                                           {Kind::security, "security"},
                                                           {Kind::group, "group"},
                                                           {Kind::event, "event"},
                                                           {Kind::marketing, "marketing"},
                                                           {Kind::sales_tool, "sales-tool"},
                                                           {Kind::other, "other"}};
  for (const auto& [kind, name] : kinds) CHECK(to_string(kind) == name);
  CHECK(to_string(Authenticity::unrelated) == "unrelated");
  CHECK(to_string(Authenticity::authentic) == "authentic");
  CHECK(to_string(Authenticity::forged) == "forged");
  CHECK(to_string(Authenticity::unknown) == "unknown");
}

struct KindCase {
  const char* name;
  std::vector<HeaderField> fields;
  std::string text;
  Kind kind;
  std::vector<std::string> used;
};

std::vector<HeaderField> with_template(std::string name) {
  return {{"From", "Jane Doe <messages-noreply@linkedin.com>"}, {"X-LinkedIn-Template", std::move(name)}};
}

std::vector<HeaderField> from(std::string mailbox, std::string subject = "") {
  return {{"From", std::move(mailbox)}, {"Subject", std::move(subject)}};
}

TEST_CASE("the template tells the kind", "[linkedin]") {
  const std::vector<std::pair<std::string, Kind>> templates = {
      {"email_hire_inmail_initial_single_01", Kind::recruiter_inmail},
      {"email_hire_inmail_reply_to_member", Kind::inmail_reply},
      {"email_hire_inmail_reply_01", Kind::inmail_reply},
      {"email_lss_inmail_reply_01", Kind::inmail_reply},
      {"email_premium_inmail_reply_single_01", Kind::inmail_reply},
      {"email_lss_inmail_initial_single_01", Kind::inmail},
      {"inmail_sent", Kind::inmail},
      {"EMAIL_PREMIUM_INMAIL_INITIAL_SINGLE_01", Kind::inmail},
      {"email_sponsored_inmail_01", Kind::sponsored},
      {"email_type_messaging_digest", Kind::direct_message},
      {"email_member_message_v2", Kind::direct_message},
      {"email_m2m_invite_single_01", Kind::invitation},
      {"email_m2m_invite_digest_02", Kind::digest},
      {"email_m2m_invite_reminder_02", Kind::invitation_reminder},
      {"invite_member_28", Kind::invitation},
      {"inv_exp_member_02", Kind::invitation},
      {"invite_guest_59", Kind::invitation},
      {"first_guest_reminder_01", Kind::invitation_reminder},
      {"email_second_guest_reminder_03", Kind::invitation_reminder},
      {"accept_invite_04", Kind::invitation_accepted},
      {"connection_suggestion_email", Kind::digest},
      {"email_pymk_02", Kind::digest},
      {"email_notification_digest_01", Kind::digest},
      {"email_editorial_suggested_top_conversations_01", Kind::digest},
      {"email_series_follow_newsletter_01", Kind::newsletter},
      {"email_groups_recommended_by_admin_01", Kind::group},
      {"b2_anet_digest_of_digests", Kind::group},
      {"email_attendee_confirmation_01", Kind::event},
      {"jobs_jymbii_digest", Kind::job},
      {"email_job_alert_single_02", Kind::job},
      {"email_application_confirmation_with_nba_01", Kind::job},
      {"email_lss_in_case_you_missed_it_digest", Kind::sales_tool},
      {"security_ato_challenge_send_pin", Kind::security},
      {"email_security_one_time_sign_in_link_checkpoint", Kind::security},
  };
  for (const auto& [name, kind] : templates) {
    CAPTURE(name);
    const LinkedInMail mail = test::read(message_with(with_template(name)), kPassed, kBounce);
    CHECK(to_string(mail.kind) == to_string(kind));
    CHECK(mail.template_name == name);
    CHECK(mail.used == std::vector<std::string>{"template"});
  }
}

const KindCase kKindCases[] = {
    {"class", {kStaff, kClass}, "", Kind::inmail, {"class"}},
    {"class beside an unknown template",
     {kStaff, kClass, {"X-LinkedIn-Template", "email_new_01"}},
     "",
     Kind::inmail,
     {"class"}},
    {"class and the address of replies",
     {{"From", "Jane Doe <hit-reply@linkedin.com>"}, kClass},
     "",
     Kind::inmail_reply,
     {"class", "local-part"}},
    {"class of invitations", {kStaff, {"X-LinkedIn-Class", "invite-mbr"}}, "", Kind::invitation, {"class"}},
    {"the class of everything tells nothing",
     {kStaff, {"X-LinkedIn-Class", "EMAIL-DEFAULT"}},
     "",
     Kind::other,
     {}},
    {"template before class",
     {kStaff, kClass, {"X-LinkedIn-Template", "email_job_alert_digest_01"}},
     "",
     Kind::job,
     {"template"}},
    {"address of InMail",
     from("Jane Doe <inmail-hit-reply@linkedin.com>", "Message replied: x"),
     "",
     Kind::inmail,
     {"local-part"}},
    {"address in capitals",
     from("Jane Doe <Hit-Reply@linkedin.com>"),
     "",
     Kind::inmail_reply,
     {"local-part"}},
    {"invitation", from("Jane Doe <invitations@linkedin.com>"), "", Kind::invitation, {"local-part"}},
    {"accepted by display name",
     from("Jane Doe via LinkedIn <invitations@linkedin.com>"),
     "",
     Kind::invitation_accepted,
     {"local-part"}},
    {"digest of acceptances",
     from("LinkedIn <invitations@linkedin.com>"),
     "",
     Kind::invitation_accepted,
     {"local-part"}},
    {"reminder by subject",
     from("invitations@linkedin.com", "Jane Doe's invitation is awaiting your response"),
     "",
     Kind::invitation_reminder,
     {"local-part", "subject"}},
    {"reminder from the address of digests",
     from("LinkedIn <messages-noreply@linkedin.com>", "Jane Doe's invitation is waiting for your response"),
     "",
     Kind::invitation_reminder,
     {"local-part", "subject"}},
    {"sales tool",
     from("LinkedIn Sales Navigator <messages-noreply@linkedin.com>"),
     "",
     Kind::sales_tool,
     {"local-part"}},
    {"marketing", from("LinkedIn <linkedin@em.linkedin.com>"), "", Kind::marketing, {"local-part"}},
    {"support", from("LinkedIn <linkedin_support@cs.linkedin.com>"), "", Kind::other, {"local-part"}},
    {"phrase",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "x\nYou are receiving Job Alert emails.\n",
     Kind::job,
     {"phrase"}},
    {"the last phrase counts",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "You are receiving Job Alert emails.\nYou are receiving InMail notification emails.\n",
     Kind::inmail,
     {"phrase"}},
    {"the general phrase tells nothing",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "You are receiving LinkedIn notification emails.\n",
     Kind::other,
     {}},
    {"template of the links",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "https://www.linkedin.com/e/v2?e=1&ek=email_m2m_invite_single_01\n",
     Kind::invitation,
     {"module"}},
    {"link of an inbox",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "https://www.linkedin.com/sales/inbox/2\n",
     Kind::inmail_reply,
     {"module"}},
    {"link of an acceptance",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "https://www.linkedin.com/comm/people/invite-accept?mboxid=1\n",
     Kind::invitation,
     {"module"}},
    {"links of others tell nothing",
     {kStaff, {"X-LinkedIn-Id", "a"}},
     "https://shop.example/e/v2?ek=email_m2m_invite_single_01\n",
     Kind::other,
     {}},
    {"subject last",
     {kStaff, {"X-LinkedIn-Id", "a"}, {"Subject", "Jane just messaged you"}},
     "",
     Kind::direct_message,
     {"subject"}},
    {"the frame of InMail in plain text",
     {kStaff, {"X-LinkedIn-Id", "a"}, {"Subject", "Tools"}},
     "Tools\nTools\n\n      Jane Doe\n        Antworten\n        "
     "https://www.linkedin.com/messaging/thread/2-a/\n\nHi\n",
     Kind::inmail,
     {"module"}},
    {"a conversation's URL in the words is no frame",
     {kStaff, {"X-LinkedIn-Id", "a"}, {"Subject", "Tools"}},
     "Tools\n\nhttps://www.linkedin.com/messaging/thread/2-a/\n\nHi\n",
     Kind::other,
     {}},
    {"nothing known", {kStaff, {"X-LinkedIn-Id", "a"}, {"Subject", "Hello"}}, "Hello\n", Kind::other, {}},
};

TEST_CASE("without a known template other marks tell the kind, in order", "[linkedin]") {
  for (const KindCase& row : kKindCases) {
    CAPTURE(row.name);
    const LinkedInMail mail = test::read(message_with(row.fields, row.text), kPassed, kBounce);
    CHECK(to_string(mail.authenticity) == "authentic");
    CHECK(to_string(mail.kind) == to_string(row.kind));
    CHECK(mail.used == row.used);
  }
}

TEST_CASE("the template is found in every parameter that carries it", "[linkedin]") {
  const std::vector<std::pair<std::string, std::string>> queries = {
      {"ek=email_job_alert_digest_01", "email_job_alert_digest_01"},
      {"lipi=urn%3Ali%3Apage%3Aemail_email_pymk_01%3Babc%3D%3D", "email_pymk_01"},
      {"lipi=urn%3Ali%3Apage%3Aemail_jobs_jymbii_digest%3Babc", "jobs_jymbii_digest"},
      {"trk=eml-email_pymk_02-header-0-home", "email_pymk_02"},
      {"trk=eml-comm_invm-b-accept&trkEmail=eml-invite_member_28-null-null", "invite_member_28"},
      {"trk=eml-", ""},
      {"trk=public_profile", ""},
      {"ek=%0D%0AX%3A", ""},
      {"lipi=urn%3Ali%3Apage%3Aemail_", ""},
      {"", ""}};
  for (const auto& [query, expected] : queries) {
    CAPTURE(query);
    const Message message = message_with({kStaff, {"X-LinkedIn-Id", "a"}},
                                         "x https://www.linkedin.com/comm/x?a=b&" + query + " x\n");
    CHECK(test::read(message, kPassed, kBounce).template_name == expected);
  }
}

}  // namespace
}  // namespace coldpitch
