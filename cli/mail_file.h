// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/spool.h"
#include "parsers/result.h"

namespace coldpitch {

/// Where one message lies.
struct MailPlace {
  std::uint32_t section = 0;  ///< index into MailFile::sections()
  std::uint32_t number = 0;   ///< the how-manieth of an mbox, from 1; 0: the section is the message
  std::uint64_t offset = 0;   ///< in the file, unpacked
  std::uint64_t octets = 0;
};

/// A file that holds mail: one message, an mbox, either of them compressed (gzip, xz, zstd, bzip2), or a tar or zip of such files.
///
/// Only an mbox that is packed, and archives, are unpacked whole, into a temporary file; all else is read where it lies, and is opened
/// only while it is read. Reading is thread-safe.
class MailFile {
 public:
  struct Section {
    std::string path;  ///< of the file; "backup.tar/inbox/1" for one inside an archive
    std::uint64_t offset = 0, octets = 0;
    bool is_mbox = false;
  };

  /// Opens `path` and tells what it holds. Errors: what the system or the unpacker says; `limit` when more than
  /// `max_unpacked` octets would come of it.
  [[nodiscard]] static Result<MailFile> open(const std::string& path, std::uint64_t max_unpacked);
  /// The same of octets put into a temporary file before.
  [[nodiscard]] static Result<MailFile> open(const std::string& path, Spool spool);

  [[nodiscard]] const std::vector<Section>& sections() const { return sections_; }
  /// Finds the messages in order. `begin` gets the first octets of each (at most `begin_octets`). Errors: as open(); what was told before
  /// stays true.
  Result<void> find(std::size_t begin_octets,
                    const std::function<void(const MailPlace&, std::string_view begin)>& message) const;
  /// The message, at most `max_octets`; the mbox's quoting taken off.
  [[nodiscard]] Result<std::string> read(const MailPlace& place, std::size_t max_octets) const;
  /// "file", "file#3" (third of an mbox), "backup.tar/inbox#3".
  [[nodiscard]] std::string path_of(const MailPlace& place) const;

 private:
  explicit MailFile(std::string path) : path_(std::move(path)) {}
  void add_section(const std::string& name, std::uint64_t offset, std::uint64_t octets,
                   std::string_view begin);
  Result<void> find_in_mbox(std::uint32_t section,
                            const std::function<void(const MailPlace&)>& message) const;
  [[nodiscard]] Result<std::string> octets_at(std::uint64_t offset, std::size_t octets) const;

  std::string path_;
  std::vector<Section> sections_;
  std::unique_ptr<Spool> spool_;    ///< what was unpacked
  bool is_packed_message_ = false;  ///< unpacked at each reading
};

}  // namespace coldpitch
