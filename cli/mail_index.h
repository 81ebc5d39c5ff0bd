// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cli/mail_file.h"
#include "parsers/date.h"
#include "parsers/limits.h"

namespace coldpitch {

/// All messages of some archives in the order of their dates, without the messages: some 50 octets each, and the names of the files. Reading is
/// thread-safe.
///
/// A message's date is date_in_header(); without one, that of the message before it in the same file, else the file's own. Equal dates keep the order
/// in which the archives were given and their files are named. Drafts (is_drafts_folder()) are left out.
class MailIndex {
 public:
  struct Options {
    std::vector<std::string> archives;  ///< files, folders, Maildirs, mbox files, packed or not
    std::vector<std::string> sent;      ///< archives of mail that our users sent
    std::uint64_t max_unpacked = 0;     ///< octets a packed file may grow to
    Limits limits;
  };
  struct Events {
    std::function<void(const std::string& path, const std::string& reason)> unreadable;
    std::function<void()> found;  ///< once a message
  };

  [[nodiscard]] static MailIndex build(const Options& options, const Events& events);

  [[nodiscard]] std::size_t size() const { return messages_.size(); }
  [[nodiscard]] TimePoint date(std::size_t message) const { return messages_[message].date; }
  [[nodiscard]] std::uint64_t octets(std::size_t message) const { return messages_[message].place.octets; }
  /// As in SourceMessage.
  [[nodiscard]] std::string path(std::size_t message) const;
  /// The folder a person would say it lies in: "Maildir", ".Sent", "work/inbox.mbox".
  [[nodiscard]] std::string folder(std::size_t message) const;
  /// It lies in an archive of sent mail: one given as such, or a folder named as mail programs name it (is_sent_folder()).
  [[nodiscard]] bool is_sent(std::size_t message) const;
  [[nodiscard]] Result<std::string> read(std::size_t message, std::size_t max_octets) const;

 private:
  struct File {
    MailFile mail;
    std::string root;      ///< the archive it belongs to
    bool is_sent = false;  ///< given as an archive of sent mail
  };
  struct Entry {
    TimePoint date;
    MailPlace place;
    std::uint32_t file = 0;
  };
  class Builder;

  std::vector<File> files_;
  std::vector<Entry> messages_;
};

/// The folder of a message in `path` (file or mbox) of the archive `root`: the path below `root` without its file and Maildir's cur and new,
/// an mbox with its name; "" is the archive itself, then its own name. Pure.
[[nodiscard]] std::string folder_name(const std::string& root, const std::string& path, bool is_mbox);

/// "Sent", ".Sent Items", "INBOX.Gesendet", "sent.mbox" ... as mail programs in en, de, fr, es, it, pt, nl and pl name it, in UTF-8 or modified
/// UTF-7. Pure.
[[nodiscard]] bool is_sent_folder(const std::string& folder);

/// The same of drafts, which nobody got.
[[nodiscard]] bool is_drafts_folder(const std::string& folder);

}  // namespace coldpitch
