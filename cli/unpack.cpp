// SPDX-License-Identifier: MIT
#include "cli/unpack.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <array>
#include <memory>

namespace coldpitch {
namespace {

constexpr std::size_t kBlockOctets = 256U * 1024U;

struct FreeArchive {
  void operator()(archive* handle) const { archive_read_free(handle); }
};
using Archive = std::unique_ptr<archive, FreeArchive>;

Error archive_error(archive* handle, Code code) {
  const char* reason = archive_error_string(handle);
  return {code, 0, reason == nullptr ? "cannot be unpacked" : std::string("cannot be unpacked: ") + reason};
}

/// Opened, with its first file ahead; nothing but what coldpitch says it reads is tried.
Result<Archive> open_archive(const std::string& path) {
  Archive handle(archive_read_new());
  if (!handle) return tl::unexpected(Error{Code::temporary, 0, "no memory"});
  archive_read_support_filter_gzip(handle.get());
  archive_read_support_filter_xz(handle.get());
  archive_read_support_filter_zstd(handle.get());
  archive_read_support_filter_bzip2(handle.get());
  archive_read_support_format_tar(handle.get());
  archive_read_support_format_zip(handle.get());
  archive_read_support_format_raw(handle.get());
  if (archive_read_open_filename(handle.get(), path.c_str(), kBlockOctets) != ARCHIVE_OK) {
    return tl::unexpected(archive_error(handle.get(), Code::permanent));
  }
  return handle;
}

/// Up to `octets` more of the file that is ahead; fewer at its end.
Result<std::string> read_data(archive* handle, std::size_t octets) {
  std::string text(octets, '\0');
  std::size_t have = 0;
  while (have < octets) {
    const la_ssize_t got = archive_read_data(handle, text.data() + have, octets - have);
    if (got < 0) return tl::unexpected(archive_error(handle, Code::syntax));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

Result<void> copy_file(archive* handle, std::uint64_t max_octets, Spool& spool) {
  for (;;) {
    const Result<std::string> block = read_data(handle, kBlockOctets);
    if (!block) return tl::unexpected(block.error());
    if (block->empty()) return {};
    if (block->size() > max_octets - std::min(max_octets, spool.size())) {
      return tl::unexpected(
          Error{Code::limit, 0, "unpacks to more than " + std::to_string(max_octets) + " octets"});
    }
    if (Result<void> written = spool.append(*block); !written) return written;
  }
}

}  // namespace

bool looks_packed(std::string_view start) {
  constexpr std::size_t kTarMagic = 257;
  constexpr std::array<std::string_view, 5> kMagics{"\x1F\x8B",
                                                    {"\xFD"
                                                     "7zXZ\0",
                                                     6},
                                                    "\x28\xB5\x2F\xFD",
                                                    "BZh",
                                                    "PK\x03\x04"};
  const bool is_tar = start.size() > kTarMagic && start.substr(kTarMagic).starts_with("ustar");
  return is_tar || std::any_of(kMagics.begin(), kMagics.end(),
                               [&](std::string_view magic) { return start.starts_with(magic); });
}

Result<PackedStart> unpack_start(const std::string& path, std::size_t octets) {
  Result<Archive> opened = open_archive(path);
  if (!opened) return tl::unexpected(opened.error());
  archive_entry* entry = nullptr;
  const int status = archive_read_next_header(opened->get(), &entry);
  if (status == ARCHIVE_EOF) return PackedStart{};
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN) {
    return tl::unexpected(archive_error(opened->get(), Code::syntax));
  }
  Result<std::string> text = read_data(opened->get(), octets);
  if (!text) return tl::unexpected(text.error());
  return PackedStart{archive_format(opened->get()) != ARCHIVE_FORMAT_RAW, std::move(*text)};
}

Result<void> unpack(const std::string& path, std::uint64_t max_octets, Spool& spool,
                    const std::function<void(const std::string&, std::uint64_t, std::uint64_t)>& file) {
  Result<Archive> opened = open_archive(path);
  if (!opened) return tl::unexpected(opened.error());
  archive* handle = opened->get();
  for (;;) {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(handle, &entry);
    if (status == ARCHIVE_EOF) return {};
    if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
      return tl::unexpected(archive_error(handle, Code::syntax));
    const bool is_raw = archive_format(handle) == ARCHIVE_FORMAT_RAW;
    if (!is_raw && archive_entry_filetype(entry) != AE_IFREG) continue;
    const char* name = is_raw ? "" : archive_entry_pathname_utf8(entry);
    if (name == nullptr) name = archive_entry_pathname(entry);
    const std::string entry_name = name == nullptr ? "?" : name;
    const std::uint64_t begin = spool.size();
    if (Result<void> copied = copy_file(handle, max_octets, spool); !copied) return copied;
    file(entry_name, begin, spool.size() - begin);
  }
}

}  // namespace coldpitch
