// SPDX-License-Identifier: MIT
#include "milter/listen_address.h"

#include <charconv>
#include <filesystem>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// sun_path holds 108 octets on Linux and 104 on BSD; the smaller serves both.
constexpr std::size_t kMaxUnixPath = 104;

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

std::optional<ListenAddress> parse_unix(std::string_view path, std::string_view base) {
  if (path.empty()) return std::nullopt;
  std::filesystem::path full(path);
  if (full.is_relative()) full = std::filesystem::path(base) / full;
  ListenAddress address;
  address.path = full.lexically_normal().string();
  if (address.path.size() >= kMaxUnixPath) return std::nullopt;
  return address;
}

std::optional<ListenAddress> parse_inet(std::string_view text, ListenAddress::Kind kind) {
  ListenAddress address;
  address.kind = kind;
  address.path.clear();
  std::string_view host;
  std::string_view port;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    port = text.substr(0, at);
    host = text.substr(at + 1);
  } else {
    const std::size_t colon = text.rfind(':');
    if (colon == std::string_view::npos) return std::nullopt;
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  const std::optional<std::uint16_t> number = parse_port(port);
  if (!number || host.empty()) return std::nullopt;
  address.host = host;
  address.port = *number;
  return address;
}

}  // namespace

std::string ListenAddress::for_libmilter() const {
  switch (kind) {
    case Kind::unix_socket:
      return "unix:" + path;
    case Kind::inet:
      return "inet:" + std::to_string(port) + "@" + host;
    case Kind::inet6:
      return "inet6:" + std::to_string(port) + "@" + host;
  }
  return {};
}

std::string ListenAddress::for_postfix() const {
  switch (kind) {
    case Kind::unix_socket:
      return "unix:" + path;
    case Kind::inet:
      return "inet:" + host + ":" + std::to_string(port);
    case Kind::inet6:
      return "inet:[" + host + "]:" + std::to_string(port);
  }
  return {};
}

std::string ListenAddress::for_sendmail() const {
  return kind == Kind::unix_socket ? "local:" + path : for_libmilter();
}

std::optional<ListenAddress> parse_listen_address(std::string_view text, std::string_view base) {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;
  if (text.starts_with("unix:")) return parse_unix(text.substr(5), base);
  if (text.starts_with("local:")) return parse_unix(text.substr(6), base);
  if (text.starts_with("inet:")) return parse_inet(text.substr(5), ListenAddress::Kind::inet);
  if (text.starts_with("inet6:")) return parse_inet(text.substr(6), ListenAddress::Kind::inet6);
  if (text.starts_with("/")) return parse_unix(text, base);
  return std::nullopt;
}

}  // namespace coldpitch
