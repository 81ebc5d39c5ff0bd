// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/problems.h"

namespace coldpitch {

/// Decodes `octets` in the charset called `label` (RFC 2045 §5.1, RFC 2978 names, any case, the odd
/// spellings mail carries too) to well-formed UTF-8.
///
/// An empty label means us-ascii. A label nobody knows: UTF-8 when the octets are that, else windows-1252;
/// flagged `charset-unknown`. us-ascii with 8-bit octets goes the same way, flagged `charset-8bit`. Octets
/// that do not fit the charset become U+FFFD, flagged `charset-malformed`, unless all of them are UTF-8: then that is what they are
/// (`charset-malformed` too). "utf-16" without a byte order mark is what makes more characters ASCII, else little-endian; iso-8859-1 is
/// windows-1252. A UTF BOM is taken off.
/// The result is at most 4 times the input plus 16 octets (`charset-output` when cut).
/// Never fails; the result owns its text. Pure, linear, thread-safe.
[[nodiscard]] std::string to_utf8(std::string_view octets, std::string_view label, Problems& problems);

}  // namespace coldpitch
