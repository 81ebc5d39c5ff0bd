// SPDX-License-Identifier: MIT
#include "history/packed_key.h"

namespace coldpitch {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";
constexpr unsigned char kNoDigit = 0xFF;

/// Values of lower-case hexadecimal digits, kNoDigit for all other octets.
constexpr std::array<unsigned char, 256> kValues = [] {
  std::array<unsigned char, 256> values{};
  values.fill(kNoDigit);
  for (std::size_t i = 0; i < kDigits.size(); ++i) {
    values[static_cast<unsigned char>(kDigits[i])] = static_cast<unsigned char>(i);
  }
  return values;
}();

}  // namespace

std::optional<PackedKey> pack_key(std::string_view key) {
  PackedKey octets{};
  if (key.size() != 2 * octets.size()) return std::nullopt;
  unsigned seen = 0;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    const unsigned high = kValues[static_cast<unsigned char>(key[2 * i])];
    const unsigned low = kValues[static_cast<unsigned char>(key[2 * i + 1])];
    seen |= high | low;
    octets[i] = static_cast<unsigned char>(high * 16 + low);
  }
  if (seen > 15) return std::nullopt;
  return octets;
}

std::string unpack_key(const unsigned char* octets) {
  std::string key;
  key.reserve(2 * kPackedKeyOctets);
  for (std::size_t i = 0; i < kPackedKeyOctets; ++i) {
    key.push_back(kDigits[octets[i] >> 4U]);
    key.push_back(kDigits[octets[i] & 0xFU]);
  }
  return key;
}

}  // namespace coldpitch
