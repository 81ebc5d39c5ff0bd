// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/linkedin_authenticity.h"
#include "parsers/linkedin_lines.h"
#include "parsers/linkedin_links.h"

namespace coldpitch::linkedin {

struct KindFinding {
  LinkedInKind kind = LinkedInKind::other;
  std::vector<std::string> used;  ///< as LinkedInMail::used
  std::string template_name;      ///< of the header, else of the links' parameters
};

/// Tells the kind of an authentic mail: template, class, From address, "You are receiving ..." phrase, links, subject,
/// the layout of its text, in that order. Linear.
[[nodiscard]] KindFinding find_kind(const Message& message, const Origin& origin,
                                    const std::vector<MemberLink>& links, const Lines& lines);

/// InMail in any form: the subject is the sender's own, and the text is laid out as InMail.
[[nodiscard]] bool is_inmail(LinkedInKind kind);

/// True when LinkedIn's notice of a paid message stands behind octet `from` of the text.
[[nodiscard]] bool has_sponsored_notice(std::string_view text, std::size_t from);

}  // namespace coldpitch::linkedin
