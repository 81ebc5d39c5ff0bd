// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "parsers/offset_map.h"

namespace coldpitch {

/// True when `octets` begin as an mbox does: a "From " line with an address or word and a date (RFC 4155), then a header field.
[[nodiscard]] bool looks_like_mbox(std::string_view octets);

/// Finds the messages of an mbox (RFC 4155, mboxrd quoting) that is fed in pieces of any size: they begin behind "From " lines that
/// follow an empty line or begin the file, and end before the empty lines that set them apart. Linear; holds one line's
/// beginning at a time.
class MboxScanner {
 public:
  /// `message` gets the octets of each message, counted from the first octet fed, as soon as the next one begins.
  explicit MboxScanner(std::function<void(Span)> message) : message_(std::move(message)) {}

  void feed(std::string_view piece);
  /// The end of the file: tells of the last message.
  void finish();

 private:
  void take_line(std::string_view line, std::size_t end);

  std::function<void(Span)> message_;
  std::size_t fed_ = 0;
  std::string line_;  ///< beginning of a line that goes on in the next piece
  std::size_t line_begin_ = 0;
  bool line_is_open_ = false;
  bool in_message_ = false;
  bool after_blank_ = true;
  Span current_;
};

/// Splits an mbox that is in memory; see MboxScanner.
void split_mbox(std::string_view octets, const std::function<void(std::string_view)>& message);

/// `message` with one ">" taken off lines that match ">+From " (mboxrd).
[[nodiscard]] std::string unquote_mbox(std::string_view message);

}  // namespace coldpitch
