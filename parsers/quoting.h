// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"

namespace coldpitch {

/// What a stretch of a mail's text is.
enum class SegmentKind : std::uint8_t {
  human,    ///< words of whoever sent this message
  quote,    ///< an earlier message, quoted (">", Outlook's and Gmail's blocks), its attribution line included
  forward,  ///< a forwarded message
  signature,    ///< behind "-- ", or a closing block of name, title, phone, address
  disclaimer,   ///< legal text
  list_footer,  ///< what a mailing list adds
};

/// Names as in JSON: "human", "list-footer" ... They live for ever; thread-safe.
[[nodiscard]] std::string_view to_string(SegmentKind kind);

/// A stretch of whole lines.
struct Segment {
  SegmentKind kind = SegmentKind::human;
  Span span;

  bool operator==(const Segment&) const = default;
};

/// A mail's text, told apart by who wrote what.
struct QuotedText {
  std::vector<Segment> segments;  ///< in order, without gaps, cover the whole text
  std::string human;              ///< all human segments joined
  OffsetMap human_source;         ///< octets of `human` -> octets of the text
  std::string attribution;  ///< the first "On ... wrote:" (any language) or "From: ..." line found, or ""
  bool has_quote = false;
  bool has_forward = false;
};

/// Tells quoted replies, forwarded parts, signatures, disclaimers and list footers from the sender's own words, for mail
/// in en, de, fr, es, it, pt, nl, pl. A text that is nothing but a quote has no human words. When in doubt words are human.
/// Never fails; the result owns its text; the caller bounds `utf8` (limits.text_octets). Quoting as in RFC 3676 §4.5, signatures as in §4.3.
/// Pure, thread-safe, linear.
[[nodiscard]] QuotedText split_quoted_text(std::string_view utf8);

}  // namespace coldpitch
