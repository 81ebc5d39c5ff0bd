// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

namespace coldpitch {

/// What a hit of an expression takes at most.
struct HitExtent {
  static constexpr std::size_t kUnbounded = std::numeric_limits<std::size_t>::max();

  std::size_t octets = kUnbounded;
  std::size_t blanks = kUnbounded;  ///< of its octets, those that are a blank

  bool operator==(const HitExtent&) const = default;
};

/// The extent of an expression that RE2 has accepted, looked for in UTF-8; kUnbounded also where it is not sure. Never too small. Pure,
/// linear.
[[nodiscard]] HitExtent hit_extent(std::string_view expression);

}  // namespace coldpitch
