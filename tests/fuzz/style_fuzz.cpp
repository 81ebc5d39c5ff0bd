// SPDX-License-Identifier: MIT
// Declarations, style sheets, colours and lengths on any octets.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/html_style.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view css(reinterpret_cast<const char*>(data), size);
  HtmlStyle style;
  apply_declarations(css, style);
  if (!std::isfinite(style.font_pixels)) std::abort();
  if (style.removes() && !style.hides_text()) std::abort();
  const HtmlStyleSheet sheet(css);
  HtmlStyle child = style.inherited();
  sheet.apply("td", "a b preheader", "top", child);
  (void)child.hides_text();
  (void)parse_html_colour(css);
  const auto length = parse_css_length(css, 16);
  if (length && !std::isfinite(*length)) std::abort();
  return 0;
}
