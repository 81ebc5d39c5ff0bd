// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// What a person is shown of an invitation: SUMMARY, LOCATION and DESCRIPTION of its events and tasks (RFC 5545 §3.8.1), in the order
/// written, each value once, an empty line between them. Lines are unfolded (§3.1) and TEXT values unescaped (§3.3.11); the words of alarms,
/// which no mail program shows, are left out. "" for octets that are no calendar.
/// Never fails; never longer than `utf8`; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::string calendar_text(std::string_view utf8);

}  // namespace coldpitch
