// SPDX-License-Identifier: MIT
#include "cli/since.h"

#include <charconv>

namespace coldpitch {

std::optional<TimePoint> parse_since(std::string_view text, TimePoint now) {
  if (const std::optional<TimePoint> time = parse_rfc3339(text)) return time;
  constexpr unsigned kMost = 100'000;
  unsigned count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (error != std::errc() || count > kMost || end + 1 != text.data() + text.size()) return std::nullopt;
  switch (*end) {
    case 'h':
      return now - std::chrono::hours(count);
    case 'd':
      return now - std::chrono::days(count);
    case 'w':
      return now - std::chrono::weeks(count);
    default:
      return std::nullopt;
  }
}

}  // namespace coldpitch
