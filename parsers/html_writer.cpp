// SPDX-License-Identifier: MIT
#include "parsers/html_writer.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxQuoteMarks = 10;
constexpr std::size_t kMaxLineEnds = 2;

/// What browsers make of the code points U+0080 to U+009F (WHATWG §13.2.5.80): windows-1252.
constexpr std::array<std::string_view, 32> kC1AsWindows1252 = {
    "\u20AC", "",       "\u201A", "\u0192", "\u201E", "\u2026", "\u2020", "\u2021",
    "\u02C6", "\u2030", "\u0160", "\u2039", "\u0152", "",       "\u017D", "",
    "",       "\u2018", "\u2019", "\u201C", "\u201D", "\u2022", "\u2013", "\u2014",
    "\u02DC", "\u2122", "\u0161", "\u203A", "\u0153", "",       "\u017E", "\u0178"};

constexpr std::string_view kNoBreakSpace = "\u00A0";

/// Line ends and marks of quotes before a word take less.
constexpr std::size_t kMostSpaceOctets = 64;

bool is_special(char octet) { return is_ascii_space(octet) || octet == '\xC2'; }

/// Octets at the front of `text` that are written as they are: words with one blank between two.
std::size_t plain_run(std::string_view text) {
  std::size_t at = 0;
  for (;; ++at) {
    while (at < text.size() && !is_special(text[at])) ++at;
    const bool is_blank_between =
        at > 0 && at + 1 < text.size() && text[at] == ' ' && !is_special(text[at + 1]);
    if (!is_blank_between) return at;
  }
}

}  // namespace

void HtmlWriter::write(std::string_view text, bool preformatted) {
  while (!text.empty() && !full_) {
    // Near the end each word is tried alone, so that what does not fit is found.
    const std::size_t room = max_octets_ - std::min(max_octets_, text_.size() + kMostSpaceOctets);
    std::size_t run = plain_run(text.substr(0, room));
    if (run == room) {
      const std::size_t blank = text.substr(0, run).rfind(' ');
      const auto word =
          static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_special) - text.begin());
      run = blank == std::string_view::npos ? word : blank;
    }
    append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) return;
    const auto second = text.size() > 1 ? static_cast<std::uint8_t>(text[1]) : std::uint8_t{0xFF};
    if (text.front() != '\xC2') {
      text.front() == '\n' && preformatted ? line_break() : blank();
      text.remove_prefix(1);
    } else if (text.starts_with(kNoBreakSpace)) {
      spaced_line_ = spaced_line_ || at_line_start();
      blank();
      text.remove_prefix(2);
    } else {
      append(second < 0xA0 ? kC1AsWindows1252[second - 0x80U] : text.substr(0, 2));
      text.remove_prefix(std::min<std::size_t>(2, text.size()));
    }
  }
}

void HtmlWriter::line_break() {
  line_ends_due_ = text_.empty() ? 0 : std::min(line_ends_due_ + 1, kMaxLineEnds);
  blank_due_ = false;
  spaced_line_ = false;
}

void HtmlWriter::block() {
  if (!at_line_start() || spaced_line_) line_break();
  blank_due_ = false;
}

Span HtmlWriter::span_from(std::size_t begin) const {
  const std::size_t end = text_.size();
  begin = std::min(begin, end);
  while (begin < end && is_ascii_space(text_[begin])) ++begin;
  return {begin, end};
}

void HtmlWriter::append(std::string_view octets) {
  if (octets.empty() || full_) return;
  const std::string space = due_space();
  const std::size_t used = std::min(text_.size() + space.size(), max_octets_);
  const std::string_view fitting = utf8_prefix(octets, max_octets_ - used);
  full_ = fitting.size() < octets.size();
  if (fitting.empty()) return;
  text_.append(space).append(fitting);
  line_quote_depth_ = quote_depth_;
  line_ends_due_ = 0;
  blank_due_ = false;
  spaced_line_ = false;
}

std::string HtmlWriter::due_space() const {
  if (!at_line_start()) return blank_due_ ? " " : "";
  const auto marks = [](std::size_t depth) { return std::min(depth, kMaxQuoteMarks); };
  std::string space;
  for (std::size_t i = 0; i < line_ends_due_; ++i) {
    space += '\n';
    if (i + 1 < line_ends_due_) space.append(marks(std::min(quote_depth_, line_quote_depth_)), '>');
  }
  for (std::size_t i = 0; i < marks(quote_depth_); ++i) space += "> ";
  return space;
}

}  // namespace coldpitch
