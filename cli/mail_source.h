// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/mbox.h"

namespace coldpitch {

/// One message found in a file, a folder, a Maildir, an mbox or on standard input.
struct SourceMessage {
  std::string path;    ///< file; for an mbox "file#3" (the third message); "-" for standard input
  std::string octets;  ///< the message; the mbox "From " line and its ">From " quoting taken off
};

/// What walking over sources needs from its caller. `unreadable` gets path and reason; the walk goes on.
struct MailVisitor {
  std::function<void(SourceMessage)> message;
  std::function<void(const std::string& path, const std::string& reason)> unreadable;
};

/// Octets a packed file may grow to unless the user says otherwise.
inline constexpr std::uint64_t kMaxUnpackedOctets = 16ULL << 30U;

/// Visits all messages of `paths`, in the order given; folders are walked in order of names, deep, hidden files and Maildir's `tmp`, control
/// and index files left out. "-" reads standard input; "file#3" the third message of an mbox. Packed files (see MailFile) are opened up. Files
/// are read one at a time, at most `max_octets` of each message (one octet more is kept, so that the parser sees that it was cut).
void visit_mail(const std::vector<std::string>& paths, std::size_t max_octets, const MailVisitor& visitor);

/// Files below `folder` in the order of their names, as visit_mail() takes them. `unreadable` may be null.
[[nodiscard]] std::vector<std::filesystem::path> mail_files_below(const std::filesystem::path& folder,
                                                                  const MailVisitor* visitor);

/// Number of files `paths` hold, for progress. An mbox counts as one.
[[nodiscard]] std::size_t count_files(const std::vector<std::string>& paths);

}  // namespace coldpitch
