// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/authentication.h"
#include "parsers/message.h"

namespace coldpitch {

/// Is this LinkedIn's own notification mail?
enum class LinkedInAuthenticity : std::uint8_t {
  unrelated,  ///< does not claim to be
  authentic,  ///< proved by a trusted authentication result
  forged,     ///< claims to be, and a trusted result says otherwise
  unknown,    ///< claims to be, and nothing trusted says anything
};

enum class LinkedInKind : std::uint8_t {
  inmail,
  inmail_reply,
  direct_message,
  invitation,
  invitation_reminder,
  invitation_accepted,
  sponsored,
  recruiter_inmail,
  digest,
  newsletter,
  job,
  security,
  group,
  event,
  marketing,
  sales_tool,
  other,
};

/// Names as in JSON: "inmail", "inmail-reply" ...
[[nodiscard]] std::string_view to_string(LinkedInKind kind);
[[nodiscard]] std::string_view to_string(LinkedInAuthenticity authenticity);

/// What a LinkedIn notification says about whom. Field guide: docs/linkedin.md.
struct LinkedInMail {
  LinkedInAuthenticity authenticity = LinkedInAuthenticity::unrelated;
  std::string authenticity_reason;  ///< for people, fixed wording, no text of the mail
  LinkedInKind kind = LinkedInKind::other;
  std::vector<std::string>
      used;  ///< what told the kind: "template", "class", "local-part", "phrase", "module", "subject"
  std::string template_name;  ///< X-LinkedIn-Template, or as found in the body's links; ""
  std::string mail_class;     ///< X-LinkedIn-Class

  std::string sender_name;  ///< UTF-8; "" when the mail names none
  std::string sender_headline;
  std::string sender_location;
  std::string sender_profile;  ///< "https://www.linkedin.com/in/<vanity>", never with a query; or ""
  std::string thread;          ///< "2-..." of /messaging/thread/2-.../, or ""

  /// The sender's own words, as octets of Message::text; nullopt when this kind or layout carries none.
  /// "No words" is not "empty words": a direct-message notice has none to judge.
  std::optional<Span> human_text;
  /// True when the subject is the sender's (InMail).
  bool subject_is_human = false;

  bool operator==(const LinkedInMail&) const = default;
};

/// Reads a message as a LinkedIn notification. `authentication` is what trusted_authentication() found; `envelope_sender`
/// the SMTP MAIL FROM ("" unknown; then Return-Path is used). Forged and unknown mail gets no kind, sender or
/// text. Pure, linear.
[[nodiscard]] LinkedInMail read_linkedin(const Message& message, const Authentication& authentication,
                                         std::string_view envelope_sender);

}  // namespace coldpitch
