// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coldpitch::test {

/// True when changing the line ends of `octets` changes nothing they say: each CR belongs to a line end, and it is no UTF-16.
inline bool has_plain_line_ends(std::string_view octets) {
  if (octets.find('\0') != std::string_view::npos) return false;
  for (std::size_t at = octets.find('\r'); at != std::string_view::npos; at = octets.find('\r', at + 1)) {
    if (at + 1 == octets.size() || octets[at + 1] != '\n') return false;
  }
  return true;
}

/// `octets` with `line_end` for every LF, and without any CR.
inline std::string with_line_ends(std::string_view octets, std::string_view line_end) {
  std::string changed;
  changed.reserve(octets.size() + octets.size() / 16);
  for (const char octet : octets) {
    if (octet == '\n') {
      changed += line_end;
    } else if (octet != '\r') {
      changed += octet;
    }
  }
  return changed;
}

}  // namespace coldpitch::test
