// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace coldpitch {

/// True when `utf8` holds something to read: a letter, digit or sign beyond ASCII that is neither white space nor an
/// invisible character (preheaders are padded with those). Pure, linear.
[[nodiscard]] bool has_words(std::string_view utf8);

/// True when two versions of one text say different things: of the shorter one's distinct words of more than three
/// letters (folded, addresses left out; at least eight) less than a third occur in the other. Pure, linear.
[[nodiscard]] bool words_differ(std::string_view left, std::string_view right);

}  // namespace coldpitch
