// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "parsers/fold.h"

namespace coldpitch {

/// True for the letters, folded or not, of the scripts whose letters pass for Latin ones: Greek and Cyrillic.
[[nodiscard]] constexpr bool is_of_look_alike_script(char32_t value) {
  return (value >= 0x0370 && value <= 0x03FF) || (value >= 0x0400 && value <= 0x052F);
}

/// True for Latin letters of ASCII and the blocks around it.
[[nodiscard]] constexpr bool is_latin_letter(char32_t value) {
  return (value >= 'a' && value <= 'z') || (value >= 'A' && value <= 'Z') ||
         (value >= 0xC0 && value <= 0x24F && value != 0xD7 && value != 0xF7);
}

/// `folded` with Greek and Cyrillic look-alikes made Latin in the words that hold Latin letters too.
/// `original` is the text `folded.source` leads to. Never fails; the result owns its text. Pure, thread-safe, linear but for the map's
/// look-ups.
[[nodiscard]] FoldedText replace_look_alikes(FoldedText folded, std::string_view original);

}  // namespace coldpitch
