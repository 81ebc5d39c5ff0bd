// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace coldpitch {

/// What the readers of expressions have in common, which walk by recursive descent through one that RE2 has accepted: where they
/// stand, and whether they still know what they read. `expression` must outlive it. For one thread.
class ExpressionCursor {
 protected:
  static constexpr std::size_t kMaxDepth = 100;

  explicit ExpressionCursor(std::string_view expression) : expression_(expression) {}

  [[nodiscard]] bool at_end() const { return at_ >= expression_.size(); }
  [[nodiscard]] bool at(std::string_view token) const { return expression_.substr(at_).starts_with(token); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < expression_.size() ? expression_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool at_end_of_sequence() const { return at_end() || peek() == '|' || peek() == ')'; }

  /// Goes behind the character at hand, which is returned: of UTF-8, all its octets.
  std::string_view take_character() {
    const std::size_t begin = at_++;
    while (!at_end() && (static_cast<unsigned char>(peek()) & 0xC0U) == 0x80U) ++at_;
    return expression_.substr(begin, at_ - begin);
  }

  /// One met what it does not know: nothing more is read.
  void give_up() {
    is_known_ = false;
    at_ = expression_.size();
  }

  /// Goes behind "(", "(?:" or "(?<name>". False for a group with flags (at_flags()), and for one that is `depth`
  /// deep, where that is too deep: RE2 takes a thousand groups in each other.
  [[nodiscard]] bool enter_group(std::size_t depth) {
    ++at_;
    if (depth == kMaxDepth) return false;
    if (!at("?")) return true;
    if (!at("?:") && !at("?P<") && !at("?<")) return false;
    return skip_behind(":>");
  }

  /// Whether a group begins here that has flags: "(?i)" or "(?i:".
  [[nodiscard]] bool at_flags() const { return at("(?") && !at("(?:") && !at("(?P") && !at("(?<"); }

  /// Goes behind such flags, to the ")" or ":" at their end. False for flags that are not known.
  [[nodiscard]] bool read_flags() {
    bool is_set = true;
    for (at_ += 2; !at_end() && peek() != ')' && peek() != ':'; ++at_) {
      if (peek() == '-') {
        is_set = false;
      } else if (peek() == 'i') {
        ignores_case_ = is_set;
      } else if (peek() != 'm' && peek() != 's' && peek() != 'U') {
        return false;
      }
    }
    return !at_end();
  }

  /// Goes behind "\\Q" and what it quotes, which is returned; nothing where a mark follows that repeats the last character alone.
  [[nodiscard]] std::optional<std::string_view> read_quoted() {
    at_ += 2;
    const std::size_t end = std::min(expression_.find("\\E", at_), expression_.size());
    const std::string_view quoted = expression_.substr(at_, end - at_);
    at_ = std::min(end + 2, expression_.size());
    const bool is_repeated = !at_end() && std::string_view("*+?{").find(peek()) != std::string_view::npos;
    return is_repeated ? std::nullopt : std::optional(quoted);
  }

  /// Goes behind "\\x71" or "\\x{1f600}", from behind the "x" on. The character; nothing where that is none.
  [[nodiscard]] std::optional<char32_t> read_hexadecimal() {
    const bool is_long = peek() == '{';
    const std::size_t begin = at_ + (is_long ? 1 : 0);
    const std::size_t end = is_long ? expression_.find('}', at_) : at_ + 2;
    if (end == std::string_view::npos || end > expression_.size() || end - begin > 6) return std::nullopt;
    std::uint32_t value = 0;
    const char* const last = expression_.data() + end;
    const auto [stop, error] = std::from_chars(expression_.data() + begin, last, value, 16);
    if (error != std::errc() || stop != last) return std::nullopt;
    at_ = end + (is_long ? 1 : 0);
    return static_cast<char32_t>(value);
  }

  /// Goes behind ")"; false where there is none.
  [[nodiscard]] bool leave_group() {
    if (peek() != ')') return false;
    ++at_;
    return true;
  }

  /// Goes behind "[:alpha:]"; false where it does not end.
  [[nodiscard]] bool skip_named_class() {
    at_ = expression_.find(":]", at_);
    if (at_ == std::string_view::npos) return false;
    at_ += 2;
    return true;
  }

  /// Goes behind the next of `octets`; false where there is none.
  [[nodiscard]] bool skip_behind(std::string_view octets) {
    at_ = expression_.find_first_of(octets, at_);
    if (at_ == std::string_view::npos) return false;
    ++at_;
    return true;
  }

  std::string_view expression_;
  std::size_t at_ = 0;
  bool is_known_ = true;
  bool ignores_case_ = false;  ///< where it stands: "(?i)"; of readers that read flags
};

}  // namespace coldpitch
