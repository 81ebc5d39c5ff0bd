// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace coldpitch {

constexpr char32_t kReplacementCharacter = 0xFFFD;

/// The sequence at some octet of a text (Unicode 15, table 3-7).
struct Utf8Sequence {
  std::size_t octets =
      1;  ///< at least 1; of an ill-formed one the maximal subpart, to be replaced by one U+FFFD
  bool well_formed = false;
};

/// The sequence at octet `at`, which must be inside `text`. Pure, constant time.
[[nodiscard]] constexpr Utf8Sequence utf8_sequence(std::string_view text, std::size_t at) {
  const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = octet(at);
  if (lead < 0x80) return {1, true};
  std::size_t length = 0;
  std::uint8_t low = 0x80;
  std::uint8_t high = 0xBF;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (at + i >= text.size() || octet(at + i) < low || octet(at + i) > high) return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

/// The first octet at or behind `from` that is not ASCII; the end of `text` where there is none. Pure; eight octets at a time.
[[nodiscard]] inline std::size_t find_non_ascii(std::string_view text, std::size_t from) {
  constexpr std::uint64_t kHighBits = 0x8080808080808080U;
  while (from + sizeof(std::uint64_t) <= text.size()) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data() + from, sizeof eight);
    if ((eight & kHighBits) != 0) break;
    from += sizeof eight;
  }
  while (from < text.size() && static_cast<std::uint8_t>(text[from]) < 0x80) ++from;
  return from;
}

/// A code point and the octets it was read from.
struct CodePoint {
  char32_t value = kReplacementCharacter;
  std::size_t octets = 1;
};

/// The code point at octet `at`, which must be inside `text`; U+FFFD for an ill-formed sequence. Pure, constant time.
[[nodiscard]] constexpr CodePoint code_point_at(std::string_view text, std::size_t at) {
  const Utf8Sequence sequence = utf8_sequence(text, at);
  if (!sequence.well_formed) return {kReplacementCharacter, sequence.octets};
  const auto lead = static_cast<std::uint8_t>(text[at]);
  if (sequence.octets == 1) return {lead, 1};
  char32_t value = lead & (0x7FU >> sequence.octets);
  for (std::size_t i = 1; i < sequence.octets; ++i) {
    value = (value << 6U) | (static_cast<std::uint8_t>(text[at + i]) & 0x3FU);
  }
  return {value, sequence.octets};
}

/// Octets `value` takes in UTF-8 (RFC 3629 §3). Pure.
[[nodiscard]] constexpr std::size_t utf8_size(char32_t value) {
  return value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
}

/// Appends a Unicode scalar value in UTF-8 (RFC 3629 §3).
inline void append_utf8(char32_t value, std::string& out) {
  const auto trail = [&](unsigned shift) { return static_cast<char>(0x80U | ((value >> shift) & 0x3FU)); };
  switch (utf8_size(value)) {
    case 1:
      out += static_cast<char>(value);
      return;
    case 2:
      out += {static_cast<char>(0xC0U | (value >> 6U)), trail(0)};
      return;
    case 3:
      out += {static_cast<char>(0xE0U | (value >> 12U)), trail(6), trail(0)};
      return;
    default:
      out += {static_cast<char>(0xF0U | (value >> 18U)), trail(12), trail(6), trail(0)};
  }
}

}  // namespace coldpitch
