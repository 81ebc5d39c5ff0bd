// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

/// A block of IP addresses (CIDR). IPv4 is held as IPv4-mapped IPv6, so one comparison serves both.
class Network {
 public:
  using Octets = std::array<std::uint8_t, 16>;

  /// "192.0.2.0/24", "2001:db8::/32", or a single address. nullopt when it is neither, or host bits are set.
  [[nodiscard]] static std::optional<Network> parse(std::string_view text);

  /// True when `address` (text form; also "IPv6:..." as MTAs write it) lies in the block.
  [[nodiscard]] bool contains(std::string_view address) const;

  bool operator==(const Network&) const = default;

 private:
  Octets prefix_{};
  unsigned bits_ = 128;
};

/// The block an address (text form, as for Network::contains()) is counted under: "192.0.2.0/24", "2001:db8:5::/48"; "" when it is no
/// address.
[[nodiscard]] std::string network_of(std::string_view address);

}  // namespace coldpitch
