// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/linkedin.h"
#include "parsers/linkedin_notification.h"
#include "parsers/offset_map.h"

namespace coldpitch::linkedin {

/// The sender's words as found.
struct WordsFinding {
  std::optional<Span> span;                               ///< octets of Message::text
  LinkedInNoWords absent = LinkedInNoWords::not_carried;  ///< why there is no span
  bool parts_differ = false;                              ///< the plain part has other words than the HTML
};

/// The sender's own words in the text of an authentic mail of this kind. LinkedIn's frame, its default invitation sentences and its
/// suggestions are nobody's words. A sender may write anything that looks like LinkedIn's frame: of marks that can stand in the words,
/// the last one counts. Never fails. Pure, thread-safe, linear.
[[nodiscard]] WordsFinding find_words(const Notification& notification, LinkedInKind kind,
                                      std::string_view sender_name);

/// Words without what LinkedIn leaves in plain text by mistake (2022: "<br>" at line ends, "&#39;"), and the way back.
struct CleanWords {
  std::string text;
  OffsetMap source;
};
/// `words` so cleaned; `source` leads to octets of `words`. Never fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] CleanWords clean_words(std::string_view words);

}  // namespace coldpitch::linkedin
