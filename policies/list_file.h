// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "policies/diagnostic.h"

namespace coldpitch {

/// Most octets and entries of a list file, and octets of an entry.
inline constexpr std::size_t kMaxListOctets = std::size_t{8} * 1024 * 1024;
inline constexpr std::size_t kMaxListEntries = 200'000;
inline constexpr std::size_t kMaxListEntryOctets = 254;

/// An entry of a list, with its place.
struct ListEntry {
  std::string text;
  SourceLocation location;
  std::string line;  ///< its source line, for messages
};

/// Reads a file of entries, one a line: blank lines and what follows a "#" at the start of a line or behind a blank are
/// left out, and so are blanks around an entry. Refused with place and reason: files that cannot be read, are too large or no UTF-8, entries that are too
/// long or hold control characters. Warned: a file without entries, entries that are there twice.
[[nodiscard]] std::optional<std::vector<ListEntry>> read_list_file(const std::string& path,
                                                                   std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
