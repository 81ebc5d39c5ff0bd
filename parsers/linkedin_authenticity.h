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

/// Judges the origin by trusted results alone: every field of a message can be copied. Linear.
[[nodiscard]] Origin find_origin(const Message& message, const Authentication& authentication,
                                 std::string_view envelope_sender, const LinkedInKnowledge& known);

}  // namespace coldpitch::linkedin
