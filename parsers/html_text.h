// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/limits.h"
#include "parsers/offset_map.h"
#include "parsers/problems.h"

namespace coldpitch {

/// A link of an HTML part.
struct HtmlLink {
  std::string href;  ///< as written, entities decoded, trimmed
  Span text;         ///< where its text stands in HtmlText::text
  bool hidden = false;
};

/// An image of an HTML part.
struct HtmlImage {
  std::string source;
  std::string alt;
  std::optional<unsigned> width;  ///< pixels, from the attribute or the style
  std::optional<unsigned> height;
  bool hidden = false;  ///< display:none, zero or one pixel: what a tracking pixel looks like
};

/// Text of one element that carries a class, id or data-* attribute, so that layouts can be recognised by name.
struct HtmlRegion {
  std::string element;      ///< "td", lower case
  std::string class_names;  ///< value of class
  std::string data;         ///< id and data-* attributes as `name=value`, joined by blanks
  Span text;                ///< in HtmlText::text
  bool hidden = false;
};

/// What a person sees of an HTML part, and what was kept from them.
struct HtmlText {
  /// Well-formed UTF-8. Blocks on lines of their own, <br> a line end, table cells set apart by a blank, runs of white
  /// space one blank, quoted blocks (<blockquote>) with "> " before each line. No image alts.
  std::string text;
  /// Text a person does not see (display:none, visibility:hidden, font-size 0-1, opacity 0, same colour as
  /// the background, off-screen, the preheader): same form, not part of `text`.
  std::string hidden_text;
  std::vector<HtmlLink> links;      ///< in order, at most limits.urls
  std::vector<HtmlImage> images;    ///< in order, at most limits.urls
  std::vector<HtmlRegion> regions;  ///< in order of their start, at most 4,000

  bool operator==(const HtmlText&) const = delete;
};

/// Turns HTML (already UTF-8) into text, by libxml2's SAX memory parser.
///
/// Reads at most `limits.html_octets` (`html-octets`), gives at most `limits.text_octets` of each text (`text-octets`).
/// `html-hidden-text` when hidden text was found. Never fails; the result owns its text. Pure, linear, thread-safe once xmlInitParser() ran (done by
/// a static initialiser in the module).
[[nodiscard]] HtmlText html_to_text(std::string_view html, const Limits& limits, Problems& problems);

}  // namespace coldpitch
