// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/offset_map.h"

namespace coldpitch {

/// Writes text as a browser lays it out: runs of white space become one blank, line ends come from the layout
/// only, lines of quoted blocks begin with "> ". White space is written only when text follows, so the
/// text never begins or ends with any.
class HtmlWriter {
 public:
  /// Writes at most `max_octets`.
  explicit HtmlWriter(std::size_t max_octets) : max_octets_(max_octets) {}

  /// Running text, well-formed UTF-8. With `preformatted`, its line ends count.
  void write(std::string_view text, bool preformatted);
  /// White space, unless at the start of a line.
  void blank() { blank_due_ = blank_due_ || !at_line_start(); }
  /// What <br> does.
  void line_break();
  /// What the start or end of a block does: a line end, unless at the start of a line.
  void block();
  /// Enters or leaves a quoted block; call between blocks.
  void quote() { ++quote_depth_; }
  void unquote() { quote_depth_ -= quote_depth_ > 0 ? 1U : 0U; }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string take() { return std::move(text_); }
  /// True when something was left out for want of room.
  [[nodiscard]] bool full() const { return full_; }
  /// Where an element stands that was begun when the text was `begin` octets long and ends now.
  [[nodiscard]] Span span_from(std::size_t begin) const;

 private:
  [[nodiscard]] bool at_line_start() const { return text_.empty() || line_ends_due_ > 0; }
  void append(std::string_view octets);
  [[nodiscard]] std::string due_space() const;

  std::string text_;
  std::size_t max_octets_;
  std::size_t line_ends_due_ = 0;
  bool blank_due_ = false;
  bool spaced_line_ =
      false;  ///< the line holds no text, but a no-break space, which keeps it from being empty
  bool full_ = false;
  std::size_t quote_depth_ = 0;
  std::size_t line_quote_depth_ = 0;  ///< of the line written last
};

}  // namespace coldpitch
