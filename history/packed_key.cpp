// SPDX-License-Identifier: MIT
#include "history/packed_key.h"

namespace coldpitch {
namespace {

/// Value of a lower-case hexadecimal digit, or nothing.
std::optional<unsigned> digit_value(char digit) {
  if (digit >= '0' && digit <= '9') return static_cast<unsigned>(digit - '0');
  if (digit >= 'a' && digit <= 'f') return static_cast<unsigned>(digit - 'a') + 10;
  return std::nullopt;
}

}  // namespace

std::optional<PackedKey> pack_key(std::string_view key) {
  PackedKey octets{};
  if (key.size() != 2 * octets.size()) return std::nullopt;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const auto high = digit_value(key[2 * i]);
    const auto low = digit_value(key[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    octets[i] = static_cast<unsigned char>(*high * 16 + *low);
  }
  return octets;
}

std::string unpack_key(const unsigned char* octets) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string key;
  key.reserve(2 * kPackedKeyOctets);
  for (std::size_t i = 0; i < kPackedKeyOctets; ++i) {
    key.push_back(kDigits[octets[i] >> 4U]);
    key.push_back(kDigits[octets[i] & 0xFU]);
  }
  return key;
}

}  // namespace coldpitch
