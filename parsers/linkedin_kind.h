// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/linkedin_authenticity.h"
#include "parsers/linkedin_notification.h"

namespace coldpitch::linkedin {

struct KindFinding {
  LinkedInKind kind = LinkedInKind::other;
  std::vector<std::string> used;   ///< as LinkedInMail::used
  std::string template_name;       ///< of the header, else of the pixel or the links
  bool is_template_known = false;  ///< true too when there is none
};

/// Tells the kind of an authentic mail: template, class, From address, the footer's category phrase, links, subject, the layout of
/// its text, in that order. Never fails: LinkedInKind::other where nothing tells. The result owns its text. Pure, thread-safe, linear (times
/// the marks known).
[[nodiscard]] KindFinding find_kind(const Notification& notification, const Origin& origin);

/// Tells apart, once the words are known (octets of Message::text), what only LinkedIn's lines behind them say: a paid message, a
/// recruiter's. Never fails. Pure but for `finding`, linear.
void refine_by_notices(const Notification& notification, Span words, KindFinding& finding);

/// InMail in any form: the subject is the sender's own, and the text is laid out as InMail. Pure.
[[nodiscard]] bool is_inmail(LinkedInKind kind);

/// True when a display name ends in "via LinkedIn", in a language known or built alike; then `name` loses
/// it, and still points where it did. Pure, thread-safe, linear.
bool take_suffix(std::string_view& name, const LinkedInKnowledge& known);

}  // namespace coldpitch::linkedin
