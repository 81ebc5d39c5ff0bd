// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/linkedin_knowledge.h"
#include "parsers/linkedin_lines.h"
#include "parsers/linkedin_links.h"
#include "parsers/message.h"

namespace coldpitch::linkedin {

/// A notification laid out: the lines and LinkedIn's links of its text, and where the footer begins. Message and knowledge must outlive it.
/// Never fails. Thread-safe for reading. Made in linear time.
struct Notification {
  Notification(const Message& read, const LinkedInKnowledge& knowledge);

  const Message& message;
  const LinkedInKnowledge& known;
  bool is_html;                   ///< the text is that of the HTML part
  Lines lines;                    ///< of Message::text
  std::vector<MemberLink> links;  ///< in Message::text
  std::size_t footer;  ///< octet of the text where LinkedIn's footer begins, its size where there is none

  [[nodiscard]] std::string_view text() const { return message.text; }
};

/// The element `region` carries all of these classes. Pure, linear.
[[nodiscard]] bool has_classes(const HtmlRegion& region, const std::vector<std::string>& classes);

/// The octets of the text that stand in a region, within [0, size of text]. Never fails. Pure, constant.
[[nodiscard]] Span place_of(const HtmlRegion& region, std::string_view text);

}  // namespace coldpitch::linkedin
