// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace coldpitch {

/// The host of a URL as a browser reads it (WHATWG URL §3.5): percent-decoded, lower case, international
/// names as A-labels (UTS 46), IPv4 addresses in any notation as four decimals, no trailing dot.
///
/// nullopt for what cannot be a host; also for names longer than the DNS allows (RFC 1035 §2.3.4). The result owns its text. Pure,
/// thread-safe, linear.
[[nodiscard]] std::optional<std::string> read_host(std::string_view written);

/// True for what read_host() gives for IPv4 and IPv6 addresses (RFC 5952 in brackets). Pure, thread-safe.
[[nodiscard]] bool is_ip_address(std::string_view host);

}  // namespace coldpitch
