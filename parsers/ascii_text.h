// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// `text` (UTF-8) in ASCII, as people write who have nothing else: accents dropped, "ß" as "ss", other scripts in Latin letters
/// (ICU's Any-Latin and Latin-ASCII). In German ("de") umlauts become "ae", "oe", "ue". What is left becomes '?'; control
/// characters become blanks. Never fails; the result owns its text. For texts of some hundred octets: 30 us each, 20 ms at the first.
/// Thread-safe, linear.
[[nodiscard]] std::string to_ascii(std::string_view text, std::string_view language = {});

}  // namespace coldpitch
