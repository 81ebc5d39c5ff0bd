// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

using TimePoint = std::chrono::sys_seconds;

/// A Date field body (RFC 5322 §3.3 and the obsolete forms of §4.3: two-digit years, zone names,
/// comments, missing seconds or zone). nullopt when it is none or names an impossible time.
/// Pure, thread-safe, linear.
[[nodiscard]] std::optional<TimePoint> parse_date(std::string_view body);

/// An ISO 8601 / RFC 3339 instant: "2026-10-05T10:00:00Z", with offset, or a date alone (midnight UTC).
/// Fractions of seconds are dropped; nullopt for anything else. Pure, thread-safe, linear.
[[nodiscard]] std::optional<TimePoint> parse_rfc3339(std::string_view text);

/// "2026-10-05T10:00:00Z" (RFC 3339 §5.6). Pure, thread-safe.
[[nodiscard]] std::string format_rfc3339(TimePoint time);

}  // namespace coldpitch
