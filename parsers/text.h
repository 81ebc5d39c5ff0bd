// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Small helpers on octet strings. All are pure, total (any octets are allowed), linear and
/// independent of the locale: letters are the 26 of ASCII.

[[nodiscard]] constexpr char ascii_lower(char octet) {
  return octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet - 'A' + 'a') : octet;
}
[[nodiscard]] constexpr bool is_ascii_alpha(char octet) {
  const char lower = ascii_lower(octet);
  return lower >= 'a' && lower <= 'z';
}
[[nodiscard]] constexpr bool is_ascii_digit(char octet) { return octet >= '0' && octet <= '9'; }
[[nodiscard]] constexpr bool is_ascii_alnum(char octet) {
  return is_ascii_alpha(octet) || is_ascii_digit(octet);
}
/// SP, HT, CR, LF, VT or FF.
[[nodiscard]] constexpr bool is_ascii_space(char octet) {
  return octet == ' ' || (octet >= '\t' && octet <= '\r');
}

[[nodiscard]] std::string to_ascii_lower(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);
[[nodiscard]] bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);
[[nodiscard]] bool ends_with_ignoring_case(std::string_view text, std::string_view suffix);
/// Position of `needle` in `text`, letters compared without case; npos when absent.
/// Cost: length of text times length of needle; meant for short needles known at build time.
[[nodiscard]] std::size_t find_ignoring_case(std::string_view text, std::string_view needle,
                                             std::size_t from = 0);
/// Without is_ascii_space octets at both ends. The view points into `text`.
[[nodiscard]] std::string_view trim(std::string_view text);
/// Pieces between `separator`, empty ones kept. The views point into `text`.
[[nodiscard]] std::vector<std::string_view> split(std::string_view text, char separator);
/// True when `text` is well-formed UTF-8 (Unicode 15, table 3-7: no surrogates, no overlong forms).
[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// `text` with every ill-formed octet sequence replaced by U+FFFD (one per maximal subpart).
[[nodiscard]] std::string to_valid_utf8(std::string_view text);
/// The longest prefix of at most `octets` octets that does not cut a UTF-8 sequence.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t octets);
/// For logs and terminals: control octets and backslash as \n, \t or \xHH, ill-formed UTF-8 as \xHH,
/// at most `octets` octets of input (then "..."). Also C1 controls, U+2028/9 and bidi controls are escaped.
[[nodiscard]] std::string printable(std::string_view text, std::size_t octets = 200);
/// True when `domain` is `parent` or ends with "." + `parent`; both in lower-case ASCII.
[[nodiscard]] bool is_domain_or_below(std::string_view domain, std::string_view parent);

}  // namespace coldpitch
