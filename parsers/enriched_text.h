// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coldpitch {

/// Text of a text/enriched part (RFC 1896) as a person sees it: commands and their parameters taken out, "<<" a "<", one line end a blank and
/// n of them n - 1 (but in <nofill>), lines of <excerpt> with "> " in front. What is no command, or a parameter that does not end, is text.
/// `utf8` has LF as line ends. At most `max_octets` are given. Never fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::string enriched_to_text(std::string_view utf8, std::size_t max_octets);

}  // namespace coldpitch
