// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace coldpitch {

/// True when `utf8` holds something to read: a letter, digit or sign beyond ASCII that is neither white space nor an
/// invisible character (preheaders are padded with those). Any octets are allowed. Pure, thread-safe, linear.
[[nodiscard]] bool has_words(std::string_view utf8);

/// True when two versions of one text say different things: of the shorter one's distinct words of more than three
/// letters (folded, addresses left out; at least eight) less than a third occur in the other. Never
/// fails: texts of fewer words say the same. The caller bounds both (limits.text_octets). Pure, thread-safe, linear.
[[nodiscard]] bool words_differ(std::string_view left, std::string_view right);

}  // namespace coldpitch
