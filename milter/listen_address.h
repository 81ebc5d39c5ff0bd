// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

/// Where a milter listens.
struct ListenAddress {
  enum class Kind : std::uint8_t { unix_socket, inet, inet6 };
  Kind kind = Kind::unix_socket;
  std::string path = "/run/coldpitch/milter.sock";  ///< unix
  std::string host;                                 ///< inet: name or address
  std::uint16_t port = 0;

  /// libmilter's notation: "unix:/path", "inet:port@host", "inet6:port@host".
  [[nodiscard]] std::string for_libmilter() const;
  /// Postfix's notation: "unix:/path", "inet:host:port".
  [[nodiscard]] std::string for_postfix() const;
  /// What Sendmail's S= wants: "local:/path", "inet:port@host".
  [[nodiscard]] std::string for_sendmail() const;

  bool operator==(const ListenAddress&) const = default;
};

/// Reads "unix:/path", "local:/path", "/path", and both notations of TCP: "inet:8894@127.0.0.1" (libmilter) and
/// "inet:127.0.0.1:8894" (Postfix); "inet6:[::1]:8894", "inet6:8894@::1". nullopt for anything else; a Unix path
/// must be absolute or relative to `base`, and under 104 octets. Pure.
[[nodiscard]] std::optional<ListenAddress> parse_listen_address(std::string_view text, std::string_view base);

}  // namespace coldpitch
