// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/linkedin_lines.h"
#include "parsers/linkedin_links.h"

namespace coldpitch::linkedin {

/// The sender's own words in the text of an authentic mail of this kind; nullopt when it carries none. LinkedIn's frame, its
/// default invitation sentences and its suggestions are nobody's words. A sender may write anything that looks like LinkedIn's
/// frame: of marks that can stand in the words, the last one counts. Linear.
[[nodiscard]] std::optional<Span> find_human_text(const Message& message, LinkedInKind kind,
                                                  const std::vector<MemberLink>& links, const Lines& lines,
                                                  std::string_view sender_name);

}  // namespace coldpitch::linkedin
