// SPDX-License-Identifier: MIT
#include "cli/marked_text.h"

#include <algorithm>
#include <set>

namespace coldpitch {
namespace {

std::vector<std::size_t> borders_of(const MarkedText& text) {
  std::set<std::size_t> borders{0, text.text.size()};
  const auto add = [&](Span span) {
    borders.insert(std::min(span.begin, text.text.size()));
    borders.insert(std::min(span.end, text.text.size()));
  };
  for (const Mark& mark : text.marks) add(mark.span);
  for (const Segment& segment : text.segments) add(segment.span);
  return {borders.begin(), borders.end()};
}

}  // namespace

std::vector<TextPiece> pieces_of(const MarkedText& text) {
  const std::vector<std::size_t> borders = borders_of(text);
  std::vector<TextPiece> pieces;
  std::size_t segment = 0;
  for (std::size_t i = 0; i + 1 < borders.size(); ++i) {
    TextPiece piece;
    piece.span = {borders[i], borders[i + 1]};
    while (segment < text.segments.size() && text.segments[segment].span.end <= piece.span.begin) ++segment;
    if (segment < text.segments.size()) piece.kind = text.segments[segment].kind;
    for (const Mark& mark : text.marks) {
      if (mark.span.begin > piece.span.begin || mark.span.end < piece.span.end) continue;
      piece.rules.push_back(mark.rule);
      if (std::min(mark.span.end, text.text.size()) == piece.span.end) piece.ending.push_back(mark.rule);
    }
    pieces.push_back(std::move(piece));
  }
  return pieces;
}

}  // namespace coldpitch
