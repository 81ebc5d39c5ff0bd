// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// `text` (UTF-8) as encoded-words (RFC 2047 §2, charset utf-8, encoding Q) of at most 75 octets each, none cutting a
/// character, joined by LF and a blank. "" for "". Ill-formed UTF-8 becomes U+FFFD. Pure, linear.
[[nodiscard]] std::string encode_words(std::string_view text);

}  // namespace coldpitch
