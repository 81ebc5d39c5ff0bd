// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

/// A key of Keyring in half its size, as databases keep it.
inline constexpr std::size_t kPackedKeyOctets = 16;
using PackedKey = std::array<unsigned char, kPackedKeyOctets>;

/// nullopt for what is no 32 lower-case hexadecimal digits: it would not come back the same. Pure.
[[nodiscard]] std::optional<PackedKey> pack_key(std::string_view key);
/// Of kPackedKeyOctets octets. Pure.
[[nodiscard]] std::string unpack_key(const unsigned char* octets);

}  // namespace coldpitch
