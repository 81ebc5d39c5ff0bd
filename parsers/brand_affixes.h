// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace coldpitch {

/// What sellers put around a brand to get a domain they can burn: "getexample.com", "examplehq.com". Lower case.
inline constexpr auto kBrandPrefixes =
    std::to_array<std::string_view>({"get", "try", "meet", "join", "use", "go", "hello", "with", "team"});
inline constexpr auto kBrandSuffixes =
    std::to_array<std::string_view>({"hq", "reach", "team", "ai", "labs", "mail", "outreach", "app"});
/// Fewer letters are no brand.
inline constexpr std::size_t kShortestBrand = 4;

}  // namespace coldpitch
