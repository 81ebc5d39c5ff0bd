// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/linkedin.h"
#include "parsers/linkedin_knowledge.h"

namespace coldpitch::linkedin {

/// Who really sent a message that says it is LinkedIn's, and which of its X-LinkedIn fields may be believed.
struct Origin {
  LinkedInAuthenticity authenticity = LinkedInAuthenticity::unrelated;
  std::string_view reason;    ///< fixed wording
  std::string mail_class;     ///< X-LinkedIn-Class when it is LinkedIn's own, else ""
  std::string template_name;  ///< X-LinkedIn-Template likewise
};

/// Judges the origin by trusted results alone (RFC 8601 §7.1; DMARC or DKIM of LinkedIn's domains, RFC 6376 §5.4 for the fields a signature
/// covers): every field of a message can be copied. Never fails; the result owns its text but `reason`, which lives for ever. Pure,
/// thread-safe, linear.
[[nodiscard]] Origin find_origin(const Message& message, const Authentication& authentication,
                                 std::string_view envelope_sender, const LinkedInKnowledge& known);

}  // namespace coldpitch::linkedin
