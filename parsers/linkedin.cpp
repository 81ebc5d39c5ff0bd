// SPDX-License-Identifier: MIT
#include "parsers/linkedin.h"

#include <utility>

#include "parsers/linkedin_authenticity.h"
#include "parsers/linkedin_kind.h"
#include "parsers/linkedin_lines.h"
#include "parsers/linkedin_links.h"
#include "parsers/linkedin_sender.h"
#include "parsers/linkedin_text.h"

namespace coldpitch {

std::string_view to_string(LinkedInKind kind) {
  switch (kind) {
    case LinkedInKind::inmail:
      return "inmail";
    case LinkedInKind::inmail_reply:
      return "inmail-reply";
    case LinkedInKind::direct_message:
      return "direct-message";
    case LinkedInKind::invitation:
      return "invitation";
    case LinkedInKind::invitation_reminder:
      return "invitation-reminder";
    case LinkedInKind::invitation_accepted:
      return "invitation-accepted";
    case LinkedInKind::sponsored:
      return "sponsored";
    case LinkedInKind::recruiter_inmail:
      return "recruiter-inmail";
    case LinkedInKind::digest:
      return "digest";
    case LinkedInKind::newsletter:
      return "newsletter";
    case LinkedInKind::job:
      return "job";
    case LinkedInKind::security:
      return "security";
    case LinkedInKind::group:
      return "group";
    case LinkedInKind::event:
      return "event";
    case LinkedInKind::marketing:
      return "marketing";
    case LinkedInKind::sales_tool:
      return "sales-tool";
    case LinkedInKind::other:
      return "other";
  }
  return "other";
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
                           std::string_view envelope_sender) {
  LinkedInMail mail;
  linkedin::Origin origin = linkedin::find_origin(message, authentication, envelope_sender);
  mail.authenticity = origin.authenticity;
  mail.authenticity_reason = origin.reason;
  if (mail.authenticity != LinkedInAuthenticity::authentic) return mail;

  const linkedin::Lines lines(message.text);
  const std::vector<linkedin::MemberLink> links = linkedin::member_links(message);
  linkedin::KindFinding finding = linkedin::find_kind(message, origin, links, lines);
  mail.kind = finding.kind;
  mail.used = std::move(finding.used);
  mail.template_name = std::move(finding.template_name);
  mail.mail_class = std::move(origin.mail_class);
  mail.sender_name = linkedin::find_sender_name(message, mail.kind, links, lines);
  mail.human_text = linkedin::find_human_text(message, mail.kind, links, lines, mail.sender_name);
  if (mail.human_text && linkedin::has_sponsored_notice(message.text, mail.human_text->end)) {
    mail.kind = LinkedInKind::sponsored;
    mail.used.emplace_back("phrase");
  }
  linkedin::find_sender(message, links, lines, mail);
  mail.subject_is_human = mail.kind == LinkedInKind::inmail || mail.kind == LinkedInKind::recruiter_inmail ||
                          mail.kind == LinkedInKind::sponsored;
  return mail;
}

}  // namespace coldpitch
