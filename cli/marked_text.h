// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "parsers/offset_map.h"
#include "parsers/quoting.h"

namespace coldpitch {

/// A stretch of a text that a rule counted.
struct Mark {
  Span span;
  std::size_t rule = 0;  ///< number of the rule in the explanation, from 1
};

/// A text of the message with what counted in it.
struct MarkedText {
  std::string where;  ///< as Evidence::where
  std::string text;   ///< UTF-8, as a person sees it
  std::vector<Mark> marks;
  std::vector<Segment> segments;  ///< of the body; empty: all is human
};

/// A stretch in which nothing changes: the same kind, the same marks.
struct TextPiece {
  Span span;
  SegmentKind kind = SegmentKind::human;
  std::vector<std::size_t> rules;   ///< rules that marked it, in the order of the explanation
  std::vector<std::size_t> ending;  ///< of them, those whose mark ends here
};

/// Cuts `text` at every border of a mark or segment. Covers it all, in order. Marks beyond the text are cut. Cost: n log n.
[[nodiscard]] std::vector<TextPiece> pieces_of(const MarkedText& text);

}  // namespace coldpitch
