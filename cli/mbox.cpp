// SPDX-License-Identifier: MIT
#include "cli/mbox.h"

#include <algorithm>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kFromLine = "From ";
/// What is looked at of a line; RFC 4155 lines are far shorter.
constexpr std::size_t kLineOctets = 1000;

/// Length of the line at `at`, its line end included.
std::size_t line_length(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return (end == std::string_view::npos ? text.size() : end + 1) - at;
}

bool is_blank_line(std::string_view line) { return line == "\n" || line == "\r\n"; }

/// "From sender Thu Jan  1 00:00:00 1970": a clock time tells it from a sentence.
bool is_from_line(std::string_view line) {
  if (!line.starts_with(kFromLine)) return false;
  for (std::size_t i = kFromLine.size() + 1; i + 2 < line.size(); ++i) {
    if (line[i] == ':' && is_ascii_digit(line[i - 1]) && is_ascii_digit(line[i + 1]) &&
        is_ascii_digit(line[i + 2])) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool looks_like_mbox(std::string_view octets) {
  if (!octets.starts_with(kFromLine)) return false;
  const std::size_t length = line_length(octets, 0);
  if (!is_from_line(octets.substr(0, length))) return false;
  const std::string_view next = octets.substr(length, line_length(octets, length));
  const std::size_t colon = next.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < '\x7F'; });
}

void MboxScanner::feed(std::string_view piece) {
  for (std::size_t at = 0; at < piece.size();) {
    const std::size_t length = line_length(piece, at);
    const std::string_view part = piece.substr(at, length);
    const bool ends = part.back() == '\n';
    if (!line_is_open_) line_begin_ = fed_ + at;
    at += length;
    if (!line_is_open_ && ends) {
      take_line(part.substr(0, kLineOctets), fed_ + at);
      continue;
    }
    line_.append(part.substr(0, kLineOctets - std::min(line_.size(), kLineOctets)));
    line_is_open_ = !ends;
    if (!ends) continue;
    take_line(line_, fed_ + at);
    line_.clear();
  }
  fed_ += piece.size();
}

void MboxScanner::take_line(std::string_view line, std::size_t end) {
  if (after_blank_ && is_from_line(line)) {
    if (in_message_) message_(current_);
    in_message_ = true;
    current_ = {end, end};
  }
  after_blank_ = is_blank_line(line);
  if (!after_blank_) current_.end = std::max(current_.end, end);
}

void MboxScanner::finish() {
  if (line_is_open_) take_line(line_, fed_);
  if (in_message_) message_({current_.begin, fed_});
  in_message_ = line_is_open_ = false;
}

void split_mbox(std::string_view octets, const std::function<void(std::string_view)>& message) {
  MboxScanner scanner([&](Span span) { message(octets.substr(span.begin, span.size())); });
  scanner.feed(octets);
  scanner.finish();
}

std::string unquote_mbox(std::string_view message) {
  std::string text;
  text.reserve(message.size());
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t length = line_length(message, at);
    std::string_view line = message.substr(at, length);
    const std::size_t quotes = line.find_first_not_of('>');
    if (quotes != 0 && quotes != std::string_view::npos && line.substr(quotes).starts_with(kFromLine)) {
      line.remove_prefix(1);
    }
    text += line;
    at += length;
  }
  return text;
}

}  // namespace coldpitch
