// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace coldpitch {

/// What the readers of expressions have in common, which walk by recursive descent through one that RE2 has accepted: where they
/// stand, and whether they still know what they read. `expression` must outlive it. For one thread.
class ExpressionCursor {
 protected:
  explicit ExpressionCursor(std::string_view expression) : expression_(expression) {}

  [[nodiscard]] bool at_end() const { return at_ >= expression_.size(); }
  [[nodiscard]] bool at(std::string_view token) const { return expression_.substr(at_).starts_with(token); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < expression_.size() ? expression_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool at_end_of_sequence() const { return at_end() || peek() == '|' || peek() == ')'; }

  /// One met what it does not know: nothing more is read.
  void give_up() {
    is_known_ = false;
    at_ = expression_.size();
  }

  /// Goes behind "(", "(?:" or "(?<name>". False for a group with flags, which change what its letters match, and for one that is `depth`
  /// deep, where that is too deep: RE2 takes a thousand groups in each other.
  [[nodiscard]] bool enter_group(std::size_t depth) {
    constexpr std::size_t kMaxDepth = 100;
    ++at_;
    if (depth == kMaxDepth) return false;
    if (!at("?")) return true;
    if (!at("?:") && !at("?P<") && !at("?<")) return false;
    return skip_behind(":>");
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
};

}  // namespace coldpitch
