// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/linkedin_lines.h"
#include "parsers/linkedin_links.h"

namespace coldpitch::linkedin {

/// Name of the member a mail of this kind is about, "" when it names none. From's display name without " via LinkedIn";
/// for mail that LinkedIn signs, the name in its body.
[[nodiscard]] std::string find_sender_name(const Message& message, LinkedInKind kind,
                                           const std::vector<MemberLink>& links, const Lines& lines);

/// Fills sender_headline, sender_location, sender_profile and thread of `mail`, whose kind, sender_name and human_text
/// stand already. What lies in the human text is the sender's own claim, and is not looked at. Linear.
void find_sender(const Message& message, const std::vector<MemberLink>& links, const Lines& lines,
                 LinkedInMail& mail);

/// The sender's name in the card on top of InMail (2025 on).
[[nodiscard]] bool is_name_link(const MemberLink& link);

/// Octet of the text where the card with this name ends (name, headline, location).
[[nodiscard]] std::size_t end_of_card(const Message& message, const MemberLink& name_link);

/// True when `region` carries this class.
[[nodiscard]] bool has_class(const HtmlRegion& region, std::string_view name);

}  // namespace coldpitch::linkedin
