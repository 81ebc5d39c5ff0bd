// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>

namespace coldpitch {

/// Stands for "without bound" where the widths of pieces of expressions are counted.
inline constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

/// left + right, or kUnbounded where that is more than fits.
[[nodiscard]] constexpr std::size_t saturating_add(std::size_t left, std::size_t right) {
  return left > kUnbounded - right ? kUnbounded : left + right;
}

/// left * right, likewise.
[[nodiscard]] constexpr std::size_t saturating_multiply(std::size_t left, std::size_t right) {
  if (left == 0 || right == 0) return 0;
  return left > kUnbounded / right ? kUnbounded : left * right;
}

}  // namespace coldpitch
