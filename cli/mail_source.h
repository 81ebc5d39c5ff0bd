// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.h"

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

/// Visits all messages of `paths`, in the order given; folders are walked in order of names, deep, hidden files and Maildir's `tmp`, control
/// and index files left out. "-" reads standard input. Files are read one at a time, at most `max_octets` of each message
/// (one octet more is kept, so that the parser sees that it was cut).
void visit_mail(const std::vector<std::string>& paths, std::size_t max_octets, const MailVisitor& visitor);

/// Number of files `paths` hold, for progress. An mbox counts as one.
[[nodiscard]] std::size_t count_files(const std::vector<std::string>& paths);

/// True when `octets` begin as an mbox does: a "From " line with an address or word and a date (RFC 4155), then a header field.
[[nodiscard]] bool looks_like_mbox(std::string_view octets);

/// Splits an mbox (RFC 4155, mboxrd quoting) at "From " lines that follow an empty line or begin the file. Pure, linear.
void split_mbox(std::string_view octets, const std::function<void(std::string_view)>& message);

/// `message` with one ">" taken off lines that match ">+From " (mboxrd).
[[nodiscard]] std::string unquote_mbox(std::string_view message);

}  // namespace coldpitch
