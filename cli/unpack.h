// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/spool.h"
#include "parsers/result.h"

namespace coldpitch {

/// Octets at the beginning of a file that looks_packed() wants to see.
inline constexpr std::size_t kPackedStartOctets = 512;

/// True when a file that begins with `start` is compressed (gzip, xz, zstd, bzip2) or an archive of files (tar, zip).
[[nodiscard]] bool looks_packed(std::string_view start);

/// The beginning of what a packed file holds.
struct PackedStart {
  bool is_archive = false;  ///< an archive of files
  std::string octets;       ///< of the first file
};

/// The first `octets` of the (first) file in a packed file; fewer when that is shorter. Errors: `syntax` when it is damaged.
[[nodiscard]] Result<PackedStart> unpack_start(const std::string& path, std::size_t octets);

/// Unpacks all of a compressed file or an archive to the end of `spool` and tells of each file in it: its name ("" for
/// a compressed file) and where it lies. Links and folders inside are passed over; no name in it is ever used as a path.
/// Errors: `limit` when it grows past `max_octets`, `syntax` when it is damaged; what was told before stays true.
Result<void> unpack(
    const std::string& path, std::uint64_t max_octets, Spool& spool,
    const std::function<void(const std::string& name, std::uint64_t offset, std::uint64_t octets)>& file);

}  // namespace coldpitch
