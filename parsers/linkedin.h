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

/// Why a mail has no words of its sender's. "No words" is not "empty words": there is nothing to judge.
enum class LinkedInNoWords : std::uint8_t {
  not_carried,       ///< mail of this kind, or of this layout, carries none
  default_sentence,  ///< LinkedIn's own sentence stands in their place
  not_found,         ///< there should be some
};

/// Names as in JSON: "inmail", "inmail-reply" ... They live for ever; thread-safe.
[[nodiscard]] std::string_view to_string(LinkedInKind kind);
[[nodiscard]] std::string_view to_string(LinkedInAuthenticity authenticity);
[[nodiscard]] std::string_view to_string(LinkedInNoWords reason);
/// The kind called `name`, nullopt when there is none. Pure, thread-safe.
[[nodiscard]] std::optional<LinkedInKind> linkedin_kind_from(std::string_view name);

struct LinkedInKnowledge;

/// What a LinkedIn notification says about whom. Field guide: docs/linkedin.md.
struct LinkedInMail {
  LinkedInAuthenticity authenticity = LinkedInAuthenticity::unrelated;
  std::string authenticity_reason;  ///< for people, fixed wording, no text of the mail
  LinkedInKind kind = LinkedInKind::other;
  std::vector<std::string>
      used;  ///< what told the kind: "template", "class", "local-part", "phrase", "module", "subject"
  std::string template_name;   ///< X-LinkedIn-Template, or as found in the body's pixel or links; ""
  bool template_known = true;  ///< the template told the kind, or there is none
  std::string mail_class;      ///< X-LinkedIn-Class

  std::string sender_name;  ///< UTF-8; "" when the mail names none
  std::string sender_headline;
  std::string sender_location;
  std::string sender_profile;  ///< "https://www.linkedin.com/in/<vanity>", never with a query; or ""
  std::string thread;          ///< "2-..." of /messaging/thread/2-.../, or ""

  /// Where the sender's own words stand, as octets of Message::text; nullopt when there are none.
  std::optional<Span> human_text;
  std::string
      words;  ///< the words, without what LinkedIn left in plain text by mistake ("<br>", "&#39;"); "" when there are none
  OffsetMap words_source;                                   ///< octets of `words` -> octets of Message::text
  LinkedInNoWords no_words = LinkedInNoWords::not_carried;  ///< why, when `human_text` is absent
  bool parts_differ = false;  ///< HTML and plain part carry different words; those of the HTML were taken
  /// True when the subject is the sender's (InMail).
  bool subject_is_human = false;
};

/// Reads a message as a LinkedIn notification. `authentication` is what trusted_authentication() found; `envelope_sender`
/// the SMTP MAIL FROM ("" unknown; then Return-Path is used). Forged and unknown mail gets no kind, sender or
/// text. No value holds a LinkedIn URL with its query. Never fails: what is not found is absent, with the reason beside it. What is read is
/// bounded by the limits `message` was read with. The result owns its text. Pure, thread-safe, linear.
[[nodiscard]] LinkedInMail read_linkedin(const Message& message, const Authentication& authentication,
                                         std::string_view envelope_sender,
                                         const LinkedInKnowledge& knowledge);

}  // namespace coldpitch
