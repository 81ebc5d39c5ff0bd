// SPDX-License-Identifier: MIT
#include "parsers/url_host.h"

#include <unicode/uidna.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// RFC 1035 §2.3.4, as text.
constexpr std::size_t kMaxHostOctets = 253;
/// Percent-encoding and UTF-8 take more octets than the name they stand for; Punycode is quadratic in them.
constexpr std::size_t kMaxWrittenOctets = 4 * kMaxHostOctets;

struct IdnaCloser {
  void operator()(UIDNA* idna) const { uidna_close(idna); }
};

/// Thread-safe by ICU's promise; null only where ICU's data is broken.
const UIDNA* idna() {
  static const std::unique_ptr<UIDNA, IdnaCloser> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    return std::unique_ptr<UIDNA, IdnaCloser>(
        uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, &status));
  }();
  return instance.get();
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char octet) { return static_cast<std::uint8_t>(octet) < 0x80; });
}

int hex_value(char octet) {
  if (is_ascii_digit(octet)) return octet - '0';
  const char lower = ascii_lower(octet);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::string percent_decode(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i];
    }
  }
  return decoded;
}

/// Names with hyphens where IDNA forbids them and empty labels are in use or harmless; browsers take them too.
std::optional<std::string> to_a_labels(const std::string& name) {
  constexpr std::uint32_t kHarmless = UIDNA_ERROR_HYPHEN_3_4 | UIDNA_ERROR_LEADING_HYPHEN |
                                      UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_EMPTY_LABEL;
  if (idna() == nullptr || !is_valid_utf8(name)) return std::nullopt;
  std::array<char, kMaxWrittenOctets> ascii{};
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  UErrorCode status = U_ZERO_ERROR;
  const std::int32_t length =
      uidna_nameToASCII_UTF8(idna(), name.data(), static_cast<std::int32_t>(name.size()), ascii.data(),
                             static_cast<std::int32_t>(ascii.size()), &info, &status);
  if (U_FAILURE(status) || (info.errors & ~kHarmless) != 0) return std::nullopt;
  return std::string(ascii.data(), static_cast<std::size_t>(length));
}

bool is_host_octet(char octet) {
  constexpr std::string_view kForbidden = " #/:<>?@[\\]^|%\x7F";
  return static_cast<std::uint8_t>(octet) > 0x20 && kForbidden.find(octet) == std::string_view::npos;
}

/// A decimal, octal ("0..") or hexadecimal ("0x..") number; saturates far above what an address holds.
std::optional<std::uint64_t> read_ipv4_number(std::string_view text) {
  constexpr std::uint64_t kEnough = std::uint64_t{1} << 40U;
  if (text.empty()) return std::nullopt;
  std::uint64_t base = 10;
  if (text.size() >= 2 && text[0] == '0') {
    const bool is_hexadecimal = text[1] == 'x';
    base = is_hexadecimal ? 16 : 8;
    text.remove_prefix(is_hexadecimal ? 2 : 1);
  }
  std::uint64_t number = 0;
  for (const char octet : text) {
    const int digit = hex_value(octet);
    if (digit < 0 || static_cast<std::uint64_t>(digit) >= base) return std::nullopt;
    number = std::min(number * base + static_cast<std::uint64_t>(digit), kEnough);
  }
  return number;
}

bool is_decimal(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_ascii_digit);
}

/// WHATWG URL §3.6, "ends in a number": such a host is an IPv4 address or nothing.
bool ends_in_number(std::string_view host) {
  const std::size_t dot = host.rfind('.');
  const std::string_view last = dot == std::string_view::npos ? host : host.substr(dot + 1);
  return is_decimal(last) || (last.substr(0, 2) == "0x" && read_ipv4_number(last).has_value());
}

/// One to four numbers; the last one fills the octets that are left.
std::optional<std::string> read_ipv4(std::string_view host) {
  const std::vector<std::string_view> parts = split(host, '.');
  if (parts.size() > 4) return std::nullopt;
  std::uint64_t address = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = read_ipv4_number(parts[i]);
    const bool is_last = i + 1 == parts.size();
    const std::size_t octets = is_last ? 4 - i : 1;
    if (!number || *number >> (8 * octets) != 0) return std::nullopt;
    address = (address << (8 * octets)) | *number;
  }
  std::string text;
  for (unsigned shift = 32; shift > 0; shift -= 8) {
    if (!text.empty()) text += '.';
    text += std::to_string((address >> (shift - 8)) & 0xFFU);
  }
  return text;
}

/// The syntax alone; equal addresses may be written differently.
std::optional<std::string> read_ipv6(std::string_view written) {
  const std::string host = to_ascii_lower(written);
  const std::string_view inside = std::string_view(host).substr(1, host.size() - 2);
  const bool is_address =
      host.size() >= 4 && host.back() == ']' && inside.find(':') != std::string_view::npos &&
      std::all_of(inside.begin(), inside.end(),
                  [](char octet) { return hex_value(octet) >= 0 || octet == ':' || octet == '.'; });
  return is_address ? std::optional(host) : std::nullopt;
}

}  // namespace

std::optional<std::string> read_host(std::string_view written) {
  if (written.empty() || written.size() > kMaxWrittenOctets) return std::nullopt;
  if (written.front() == '[') return read_ipv6(written);
  const std::string decoded = percent_decode(written);
  auto host = is_ascii(decoded) ? std::optional(to_ascii_lower(decoded)) : to_a_labels(decoded);
  if (!host) return std::nullopt;
  while (!host->empty() && host->back() == '.') host->pop_back();
  if (host->empty() || host->size() > kMaxHostOctets ||
      !std::all_of(host->begin(), host->end(), is_host_octet)) {
    return std::nullopt;
  }
  return ends_in_number(*host) ? read_ipv4(*host) : host;
}

bool is_ip_address(std::string_view host) {
  return !host.empty() && (host.front() == '[' || ends_in_number(host));
}

}  // namespace coldpitch
