// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "parsers/limits.h"

namespace coldpitch::test {

/// A message made to cost more than its size.
struct Bomb {
  std::string_view name;
  std::size_t times;                 ///< how often its piece is said in the ordinary size
  std::string (*make)(std::size_t);  ///< the message with its piece said so often
};

/// All of them; one to ten megabytes each, mostly.
[[nodiscard]] std::span<const Bomb> bombs();

/// Limits so wide that they hide nothing of a bomb.
[[nodiscard]] Limits wide_limits();

/// All that parsers/ does with a message. Returns something of each result, so that nothing is left out.
std::size_t read_all(std::string_view octets, const Limits& limits);

}  // namespace coldpitch::test
