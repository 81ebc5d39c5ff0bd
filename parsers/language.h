// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// The language of UTF-8 text as an ISO 639-1 code ("en"), or "" when it is too short or unclear.
/// Reads at most the first 4 KiB, of which words of 1.5 KiB count, from the start and from the middle. Never fails; the result owns its text. Pure, linear, thread-safe.
[[nodiscard]] std::string detect_language(std::string_view utf8);

}  // namespace coldpitch
