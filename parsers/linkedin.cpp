// SPDX-License-Identifier: MIT
#include "parsers/linkedin.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/linkedin_authenticity.h"
#include "parsers/linkedin_kind.h"
#include "parsers/linkedin_knowledge.h"
#include "parsers/linkedin_notification.h"
#include "parsers/linkedin_sender.h"
#include "parsers/linkedin_text.h"

namespace coldpitch {
namespace {

constexpr std::array<std::pair<LinkedInKind, std::string_view>, 17> kKinds{{
    {LinkedInKind::inmail, "inmail"},
    {LinkedInKind::inmail_reply, "inmail-reply"},
    {LinkedInKind::direct_message, "direct-message"},
    {LinkedInKind::invitation, "invitation"},
    {LinkedInKind::invitation_reminder, "invitation-reminder"},
    {LinkedInKind::invitation_accepted, "invitation-accepted"},
    {LinkedInKind::sponsored, "sponsored"},
    {LinkedInKind::recruiter_inmail, "recruiter-inmail"},
    {LinkedInKind::digest, "digest"},
    {LinkedInKind::newsletter, "newsletter"},
    {LinkedInKind::job, "job"},
    {LinkedInKind::security, "security"},
    {LinkedInKind::group, "group"},
    {LinkedInKind::event, "event"},
    {LinkedInKind::marketing, "marketing"},
    {LinkedInKind::sales_tool, "sales-tool"},
    {LinkedInKind::other, "other"},
}};

void keep_words(const Message& message, Span span, LinkedInMail& mail) {
  mail.human_text = span;
  linkedin::CleanWords clean =
      linkedin::clean_words(std::string_view(message.text).substr(span.begin, span.size()));
  mail.words = std::move(clean.text);
  OffsetMap cut;
  cut.add(0, span.begin);
  mail.words_source = clean.source.then(cut);
}

}  // namespace

std::string_view to_string(LinkedInKind kind) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& row) { return row.first == kind; });
  return found == kKinds.end() ? "other" : found->second;
}

std::optional<LinkedInKind> linkedin_kind_from(std::string_view name) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(), [&](const auto& row) { return row.second == name; });
  return found == kKinds.end() ? std::nullopt : std::optional(found->first);
}

std::string_view to_string(LinkedInNoWords reason) {
  switch (reason) {
    case LinkedInNoWords::not_carried:
      return "not-carried";
    case LinkedInNoWords::default_sentence:
      return "default-sentence";
    case LinkedInNoWords::not_found:
      return "not-found";
  }
  return "not-found";
}

std::string_view to_string(LinkedInAuthenticity authenticity) {
  switch (authenticity) {
    case LinkedInAuthenticity::unrelated:
      return "unrelated";
    case LinkedInAuthenticity::authentic:
      return "authentic";
    case LinkedInAuthenticity::forged:
      return "forged";
    case LinkedInAuthenticity::unknown:
      return "unknown";
  }
  return "unknown";
}

LinkedInMail read_linkedin(const Message& message, const Authentication& authentication,
                           std::string_view envelope_sender, const LinkedInKnowledge& knowledge) {
  LinkedInMail mail;
  linkedin::Origin origin = linkedin::find_origin(message, authentication, envelope_sender, knowledge);
  mail.authenticity = origin.authenticity;
  mail.authenticity_reason = origin.reason;
  if (mail.authenticity != LinkedInAuthenticity::authentic) return mail;

  const linkedin::Notification notification(message, knowledge);
  linkedin::KindFinding finding = linkedin::find_kind(notification, origin);
  mail.mail_class = std::move(origin.mail_class);
  mail.sender_name = linkedin::find_sender_name(notification, finding.kind);
  const linkedin::WordsFinding words = linkedin::find_words(notification, finding.kind, mail.sender_name);
  mail.no_words = words.absent;
  mail.parts_differ = words.parts_differ;
  if (words.span) {
    keep_words(message, *words.span, mail);
    linkedin::refine_by_notices(notification, *words.span, finding);
  }
  mail.kind = finding.kind;
  mail.used = std::move(finding.used);
  mail.template_name = std::move(finding.template_name);
  mail.template_known = finding.is_template_known;
  linkedin::find_sender(notification, mail);
  mail.subject_is_human = mail.kind == LinkedInKind::inmail || mail.kind == LinkedInKind::recruiter_inmail ||
                          mail.kind == LinkedInKind::sponsored;
  return mail;
}

}  // namespace coldpitch
