// SPDX-License-Identifier: MIT
// Whose words are whose: segments without gaps, and the human words lead back to the text.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parsers/quoting.h"
#include "parsers/text.h"

using namespace coldpitch;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = to_valid_utf8(std::string_view(reinterpret_cast<const char*>(data), size));
  const QuotedText quoted = split_quoted_text(text);
  std::size_t at = 0;
  std::size_t human = 0;
  for (const Segment& segment : quoted.segments) {
    if (segment.span.begin != at || segment.span.end <= at || to_string(segment.kind).empty()) std::abort();
    at = segment.span.end;
    if (segment.kind == SegmentKind::human) human += segment.span.size();
  }
  if (at != text.size() || quoted.human.size() != human) std::abort();
  for (std::size_t i = 0; i < quoted.human.size(); ++i) {
    if (text[quoted.human_source.source_of(i)] != quoted.human[i]) std::abort();
  }
  return 0;
}
