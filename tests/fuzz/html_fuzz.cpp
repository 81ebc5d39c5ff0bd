// SPDX-License-Identifier: MIT
// HTML to text: well-formed UTF-8 within the limits, all spans inside.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/html_text.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Limits limits;
  limits.text_octets = 4096;
  limits.html_octets = 16384;
  limits.urls = 20;
  Problems problems;
  const std::string html = to_valid_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  const HtmlText text = html_to_text(html, limits, problems);
  if (!is_valid_utf8(text.text) || !is_valid_utf8(text.hidden_text)) std::abort();
  if (text.text.size() > limits.text_octets || text.hidden_text.size() > limits.text_octets) std::abort();
  if (text.links.size() > limits.urls || text.images.size() > limits.urls) std::abort();
  for (const HtmlLink& link : text.links) {
    if (link.text.begin > link.text.end) std::abort();
    if (!link.hidden && link.text.end > text.text.size()) std::abort();
  }
  for (const HtmlRegion& region : text.regions) {
    if (region.text.begin > region.text.end) std::abort();
    if (!region.hidden && region.text.end > text.text.size()) std::abort();
  }
  return 0;
}
