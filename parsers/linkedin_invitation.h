// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "parsers/linkedin.h"
#include "parsers/linkedin_notification.h"

namespace coldpitch::linkedin {

/// What stands in the place of an inviter's note, his own words or LinkedIn's default sentence; nullopt where the mail has no such
/// place or what stands there is not surely a note. Octets of Message::text. Pure, thread-safe, linear.
[[nodiscard]] std::optional<Span> find_note(const Notification& notification, LinkedInKind kind,
                                            std::string_view sender_name);

/// True for the sentence LinkedIn sends for an inviter who wrote nothing, in any language known. Never fails. Pure, thread-safe, linear
/// (times the sentences known).
[[nodiscard]] bool is_default_invitation(std::string_view note, const LinkedInKnowledge& known);

}  // namespace coldpitch::linkedin
