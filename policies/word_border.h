// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>

#include "parsers/text.h"

namespace coldpitch {

/// Whether an octet is of a word as RE2's "\b" knows words: of ASCII alone.
[[nodiscard]] inline bool is_word_octet(char octet) { return is_ascii_alnum(octet) || octet == '_'; }

/// Whether RE2's "\b" holds before octet `at` of `text`, or at its end.
[[nodiscard]] inline bool is_word_border(std::string_view text, std::size_t at) {
  const bool before = at > 0 && is_word_octet(text[at - 1]);
  const bool behind = at < text.size() && is_word_octet(text[at]);
  return before != behind;
}

}  // namespace coldpitch
