// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "milter/snapshot.h"
#include "parsers/date.h"

namespace coldpitch {

struct DigestOptions {
  std::vector<std::string> recipients;  ///< empty: those of the configuration
  std::string maildir;                  ///< "" : that of the configuration
  std::string config_file;
  std::string language;            ///< "": that of the recipient's profile
  std::optional<TimePoint> since;  ///< absent: as the configuration says
  bool send = false;               ///< through sendmail; else to standard output
  bool json = false;
};

/// `coldpitch digest`: writes or sends each recipient a mail about what was put aside for them.
[[nodiscard]] int run_digest(const DigestOptions& options);

/// A message that was put aside.
struct DigestItem {
  std::string sender, subject, reason;  ///< as a person reads them; hostile
  TimePoint time{};                     ///< when it was delivered
};

struct Digest {
  std::string recipient, sender;  ///< addresses
  std::string language;
  std::string note;  ///< the site's own words, "" none
  TimePoint from{}, to{};
  std::vector<DigestItem> items;  ///< newest first
  std::size_t more = 0;           ///< found, but not listed
};

/// Reads a Maildir folder: messages delivered (by the time of the file) from `digest.from` to `digest.to` that are not marked as deleted, at most
/// `most`. Their reasons are said anew, in the recipient's language; where they hung on history, as the milter's field says. Returns how many files
/// could not be read; nullopt when there is no such folder.
[[nodiscard]] std::optional<std::size_t> collect_digest(const std::string& maildir, const Snapshot& snapshot,
                                                        std::size_t most, Digest& digest);

/// The mail: multipart/alternative of plain text and HTML without links or anything to load. Lines end in LF. Nothing of a message can leave its
/// place.
[[nodiscard]] std::string compose_digest(const Digest& digest);

/// `pattern` with %u, %d and %a replaced by the local-part, domain and whole of `address`; "" when one of them would lead out of a
/// folder ("/", ".."). Pure.
[[nodiscard]] std::string maildir_of(const std::string& pattern, const std::string& address);

}  // namespace coldpitch
