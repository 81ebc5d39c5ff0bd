// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string_view>

#include "parsers/date.h"

namespace coldpitch {

/// A time people give: "2026-10-05", "2026-10-05T10:00:00Z", or so long before `now`: "12h", "7d", "4w". nullopt for anything else. Pure.
[[nodiscard]] std::optional<TimePoint> parse_since(std::string_view text, TimePoint now);

/// What to say when it is none.
inline constexpr const char* kSinceHelp =
    "is no time; write 2026-10-05, 2026-10-05T10:00:00Z, or 7d, 4w, 12h for so long ago";

}  // namespace coldpitch
