// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/linkedin.h"
#include "parsers/linkedin_notification.h"

namespace coldpitch::linkedin {

/// Name of the member a mail of this kind is about, "" when it names none. From's display name without " via LinkedIn";
/// for mail that LinkedIn signs, the name in its body. Never fails; UTF-8; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::string find_sender_name(const Notification& notification, LinkedInKind kind);

/// Fills sender_headline, sender_location, sender_profile and thread of `mail`, whose kind, sender_name and human_text
/// stand already. What lies in the human text is the sender's own claim, and is not looked at. Never fails:
/// what is not found stays "". Pure but for `mail`, linear.
void find_sender(const Notification& notification, LinkedInMail& mail);

/// The link around the sender's name in his card, outside `words`: by its module, and its words must be the name where that is known.
/// nullptr when there is none. Points into `notification.links`. Pure, linear.
[[nodiscard]] const MemberLink* find_name_link(const Notification& notification, std::string_view name,
                                               const std::optional<Span>& words);

/// Octet of Message::text where the card with this name ends (name, headline, location). Never fails. Pure, linear.
[[nodiscard]] std::size_t end_of_card(const Notification& notification, const MemberLink& name_link);

}  // namespace coldpitch::linkedin
