// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "parsers/linkedin_knowledge.h"
#include "parsers/offset_map.h"

namespace coldpitch::linkedin {

/// The lines of a text, trimmed. The text must outlive it and every view it gives. Never fails; thread-safe for reading. Linear to make, and
/// constant for what does not say otherwise; lines and spans asked for must be inside the text.
class Lines {
 public:
  explicit Lines(std::string_view text);

  [[nodiscard]] std::size_t size() const { return lines_.size(); }
  [[nodiscard]] std::string_view operator[](std::size_t line) const { return in(lines_[line]); }
  [[nodiscard]] Span span(std::size_t line) const { return lines_[line]; }
  /// True when blanks stand before the words of this line.
  [[nodiscard]] bool is_indented(std::size_t line) const;
  /// The line octet `at` of the text stands in. Logarithmic.
  [[nodiscard]] std::size_t line_of(std::size_t at) const;
  /// First line from `line` on that is not blank, or size().
  [[nodiscard]] std::size_t next_filled(std::size_t line) const;
  /// Octets of lines [first, last) without the blank ones at both ends; empty when all are blank.
  [[nodiscard]] Span block(std::size_t first, std::size_t last) const;
  /// Where line `line` begins; the size of the text for size().
  [[nodiscard]] std::size_t begin_of(std::size_t line) const;
  [[nodiscard]] std::string_view in(Span span) const { return text_.substr(span.begin, span.size()); }
  [[nodiscard]] std::string_view text() const { return text_; }

 private:
  std::string_view text_;
  std::vector<Span> lines_;
};

/// `span` of `text` without white space at both ends. `span` must be inside `text`. Pure, linear.
[[nodiscard]] Span trimmed(std::string_view text, Span span);

/// True when a link to linkedin.com stands in `line`. Pure, linear.
[[nodiscard]] bool has_member_link(std::string_view line);

/// The last line that is a rule as LinkedIn draws above its footer, or lines.size(). Senders may draw one too. Pure, linear.
[[nodiscard]] std::size_t last_rule(const Lines& lines, const LinkedInKnowledge& known);

/// First line of LinkedIn's footer, with its rule and the closing lines before it; lines.size() when there is none.
///
/// Told from below: the last line that only a footer has, by its phrase or, in a language not known, by its link; then up as long
/// as lines are LinkedIn's, each phrase once. So a footer copied into a member's words does not cut them: his last words stand below it.
/// Pure, linear (times the phrases known that begin alike).
[[nodiscard]] std::size_t footer_line(const Lines& lines, const LinkedInKnowledge& known);

/// The line of the conversation's URL on top of InMail in plain text (2025 on), behind subject and name; lines.size() when
/// there is none. Pure, linear.
[[nodiscard]] std::size_t conversation_line(const Lines& lines);

}  // namespace coldpitch::linkedin
