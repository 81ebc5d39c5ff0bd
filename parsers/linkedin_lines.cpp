// SPDX-License-Identifier: MIT
#include "parsers/linkedin_lines.h"

#include <algorithm>

#include "parsers/linkedin_tables.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

constexpr std::size_t kHyphens = 40;
constexpr std::size_t kDots = 37;
/// Subject twice, name, UI word and URL, with blank lines between them.
constexpr std::size_t kFrameLines = 12;

bool is_footer_rule(std::string_view line) {
  const auto is_all = [&](char octet) { return line.find_first_not_of(octet) == std::string_view::npos; };
  return (line.size() == kHyphens && is_all('-')) || (line.size() == kDots && is_all('.'));
}

bool is_frame_line(std::string_view line) {
  return line.empty() || starts_with_any(line, kFooterStarts) || starts_with_any(line, kClosingStarts);
}

/// The block of frame lines around the last line that only a footer has.
std::size_t frame_line(const Lines& lines) {
  for (std::size_t line = lines.size(); line-- > 0;) {
    if (!starts_with_any(lines[line], kFooterStarts)) continue;
    while (line > 0 && is_frame_line(lines[line - 1])) --line;
    return line;
  }
  return lines.size();
}

/// True when lines [first, last) are LinkedIn's, in a language that need not be known.
bool is_all_frame(const Lines& lines, std::size_t first, std::size_t last) {
  for (std::size_t line = first; line < last; ++line) {
    if (!is_frame_line(lines[line]) && !has_member_link(lines[line])) return false;
  }
  return true;
}

bool is_conversation_url(std::string_view line) {
  if (!starts_with_ignoring_case(line, "https://www.linkedin.com/")) return false;
  return line.find("/messaging/thread/") != std::string_view::npos ||
         line.find("/talent/inbox/") != std::string_view::npos ||
         line.find("/sales/inbox/") != std::string_view::npos;
}

}  // namespace

Lines::Lines(std::string_view text) : text_(text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines_.push_back(trimmed(text, {begin, end}));
    begin = end + 1;
  }
}

bool Lines::is_indented(std::size_t line) const {
  const std::size_t begin = lines_[line].begin;
  return begin > 0 && (text_[begin - 1] == ' ' || text_[begin - 1] == '\t');
}

std::size_t Lines::line_of(std::size_t at) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), at,
                                      [](std::size_t octet, const Span& line) { return octet < line.begin; });
  return after == lines_.begin() ? 0 : static_cast<std::size_t>(after - lines_.begin()) - 1;
}

std::size_t Lines::next_filled(std::size_t line) const {
  while (line < lines_.size() && lines_[line].size() == 0) ++line;
  return line;
}

Span Lines::block(std::size_t first, std::size_t last) const {
  last = std::min(last, lines_.size());
  if (first >= last) return {};
  return trimmed(text_, {lines_[first].begin, lines_[last - 1].end});
}

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_ascii_space(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_ascii_space(text[span.end - 1])) --span.end;
  return span;
}

bool starts_with_any(std::string_view line, std::span<const std::string_view> starts) {
  return std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return starts_with_ignoring_case(line, start); });
}

bool has_member_link(std::string_view line) {
  const std::size_t at = line.find("linkedin.com/");
  return at != std::string_view::npos && line.rfind("http", at) != std::string_view::npos;
}

std::size_t last_rule(const Lines& lines) {
  for (std::size_t line = lines.size(); line-- > 0;) {
    if (is_footer_rule(lines[line])) return line;
  }
  return lines.size();
}

std::size_t footer_line(const Lines& lines) {
  const std::size_t frame = frame_line(lines);
  const std::size_t rule = last_rule(lines);
  return rule < frame && is_all_frame(lines, rule + 1, frame) ? rule : frame;
}

std::size_t conversation_line(const Lines& lines) {
  // A subject may hold such a URL, but never stands indented.
  for (std::size_t line = 0; line < std::min(lines.size(), kFrameLines); ++line) {
    if (lines.is_indented(line) && is_conversation_url(lines[line])) return line;
  }
  return lines.size();
}

}  // namespace coldpitch::linkedin
