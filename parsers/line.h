// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

namespace coldpitch {

/// A line at the start of some octets.
struct Line {
  std::string_view text;   ///< without its line end
  std::size_t octets = 0;  ///< with its line end
};

/// The first line of `octets`. A line ends in LF, CRLF, CR CRLF (any number of CR before LF) or a bare CR; the last
/// one may have no end. Views point into `octets`. Cost: linear in the line.
[[nodiscard]] constexpr Line first_line(std::string_view octets) {
  std::size_t end = 0;
  while (end < octets.size() && octets[end] != '\n' && octets[end] != '\r') ++end;
  if (end == octets.size()) return {octets, end};
  const std::size_t after_returns = octets.find_first_not_of('\r', end);
  const bool has_feed = after_returns != std::string_view::npos && octets[after_returns] == '\n';
  return {octets.substr(0, end), (has_feed ? after_returns : end) + 1};
}

}  // namespace coldpitch
