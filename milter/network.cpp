// SPDX-License-Identifier: MIT
#include "milter/network.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <string>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr unsigned kMappedBits = 96;

struct Address {
  Network::Octets octets{};
  bool is_ipv4 = false;
};

std::optional<Address> parse_address(std::string_view text) {
  constexpr std::string_view kMtaPrefix = "IPv6:";
  if (starts_with_ignoring_case(text, kMtaPrefix)) text.remove_prefix(kMtaPrefix.size());
  const std::string terminated(text);
  Address address;
  if (inet_pton(AF_INET6, terminated.c_str(), address.octets.data()) == 1) return address;
  address.octets.fill(0);
  address.octets[10] = address.octets[11] = 0xFF;
  if (inet_pton(AF_INET, terminated.c_str(), address.octets.data() + 12) != 1) return std::nullopt;
  address.is_ipv4 = true;
  return address;
}

/// `octets` with all bits behind the first `bits` cleared.
Network::Octets masked(const Network::Octets& octets, unsigned bits) {
  Network::Octets result = octets;
  for (unsigned i = 0; i < result.size(); ++i) {
    const auto kept =
        static_cast<unsigned>(std::clamp(static_cast<int>(bits) - static_cast<int>(i * 8), 0, 8));
    result[i] = static_cast<std::uint8_t>(result[i] & (0xFF00U >> kept));
  }
  return result;
}

}  // namespace

std::optional<Network> Network::parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::optional<Address> address = parse_address(text.substr(0, slash));
  if (!address) return std::nullopt;
  Network network;
  if (slash != std::string_view::npos) {
    const std::string_view digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
    const unsigned most = address->is_ipv4 ? 32U : 128U;
    if (error != std::errc{} || end != digits.data() + digits.size() || bits > most) return std::nullopt;
    network.bits_ = address->is_ipv4 ? bits + kMappedBits : bits;
  }
  network.prefix_ = masked(address->octets, network.bits_);
  if (network.prefix_ != address->octets) return std::nullopt;
  return network;
}

bool Network::contains(std::string_view address) const {
  const std::optional<Address> parsed = parse_address(address);
  return parsed && masked(parsed->octets, bits_) == prefix_;
}

std::string network_of(std::string_view address) {
  constexpr unsigned kIpv4Bits = 24;
  constexpr unsigned kIpv6Bits = 48;
  std::optional<Address> parsed = parse_address(address);
  if (!parsed) return {};
  const Network::Octets mapped = masked(parsed->octets, kMappedBits);
  if (mapped[10] == 0xFF && mapped[11] == 0xFF && std::count(mapped.begin(), mapped.end(), 0) == 14)
    parsed->is_ipv4 = true;
  std::array<char, INET6_ADDRSTRLEN> text{};
  const unsigned bits = parsed->is_ipv4 ? kIpv4Bits : kIpv6Bits;
  const Network::Octets block = masked(parsed->octets, parsed->is_ipv4 ? bits + kMappedBits : bits);
  const int family = parsed->is_ipv4 ? AF_INET : AF_INET6;
  const void* begin = block.data() + (parsed->is_ipv4 ? kMappedBits / 8 : 0);
  if (inet_ntop(family, begin, text.data(), text.size()) == nullptr) return {};
  return std::string(text.data()) + '/' + std::to_string(bits);
}

}  // namespace coldpitch
