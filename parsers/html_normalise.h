// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// HTML in a form that no parser can be led astray or slowed down by.
struct NormalisedHtml {
  std::string html;
  std::string style_sheets;  ///< contents of all style elements, joined by line ends
  bool cut = false;          ///< the end of the input was left out
};

/// Rewrites HTML (WHATWG tokenization, §13.2.5) so that libxml2 reads what a browser would, in linear time.
///
/// Dropped: comments, declarations and Microsoft's `<![if ...]>`, scripts, titles and other raw text, control octets, attributes
/// that say nothing about text and all past the 256th of a tag, tags of html and head, end tags that end nothing.
/// Start and end tags of the result are balanced, at most 512 deep (text deeper down stays), attribute values are
/// in double quotes. Ill-formed UTF-8 becomes U+FFFD. Reading ends where the result is twice as long as the
/// input and 64 KiB (`cut`): no mail but a hostile one comes near. Never fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] NormalisedHtml normalise_html(std::string_view html);

}  // namespace coldpitch
