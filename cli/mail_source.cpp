// SPDX-License-Identifier: MIT
#include "cli/mail_source.h"

#include <algorithm>
#include <charconv>
#include <iostream>
#include <istream>
#include <optional>
#include <system_error>
#include <utility>

#include "cli/mail_file.h"
#include "cli/unpack.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

/// Maildir's delivery area, and files that mail programs keep beside messages.
bool is_left_out(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  if (entry.is_directory()) return name == "tmp" && fs::is_directory(entry.path().parent_path() / "cur");
  return name.starts_with('.') || name.starts_with("dovecot") || name == "maildirsize" ||
         name == "maildirfolder" || name == "subscriptions";
}

/// "inbox.mbox#3", unless a file has that very name.
struct NumberedPath {
  std::string path;
  std::uint32_t number = 0;  ///< 0: all
};

NumberedPath numbered(const std::string& path) {
  std::error_code error;
  const std::size_t hash = path.rfind('#');
  if (hash == std::string::npos || fs::exists(path, error)) return {path, 0};
  std::uint32_t number = 0;
  const auto [end, failure] = std::from_chars(path.data() + hash + 1, path.data() + path.size(), number);
  if (failure != std::errc() || end != path.data() + path.size()) return {path, 0};
  return {path.substr(0, hash), number};
}

class Walk {
 public:
  Walk(std::size_t max_octets, const MailVisitor& visitor) : max_octets_(max_octets), visitor_(visitor) {}

  void visit(const std::string& path) {
    std::error_code error;
    if (path == "-") {
      visit_standard_input();
    } else if (fs::is_directory(path, error)) {
      for (const fs::path& file : mail_files_below(path, &visitor_)) visit_file({file.string(), 0});
    } else {
      visit_file(numbered(path));
    }
  }

 private:
  void visit_file(const NumberedPath& path) {
    const Result<MailFile> file = MailFile::open(path.path, kMaxUnpackedOctets);
    if (!file) {
      visitor_.unreadable(path.path, file.error().detail);
      return;
    }
    visit_messages(*file, path);
  }

  void visit_messages(const MailFile& file, const NumberedPath& path) {
    bool found = false;
    const Result<void> all = file.find(0, [&](const MailPlace& place, std::string_view) {
      if (path.number != 0 && path.number != place.number) return;
      found = true;
      Result<std::string> octets = file.read(place, max_octets_ + 1);
      if (octets) {
        visitor_.message({file.path_of(place), std::move(*octets)});
      } else {
        visitor_.unreadable(file.path_of(place), octets.error().detail);
      }
    });
    if (!all) {
      visitor_.unreadable(path.path, all.error().detail);
    } else if (!found && path.number != 0) {
      visitor_.unreadable(path.path, "has no message number " + std::to_string(path.number));
    }
  }

  /// A single message is cut at the limit; what holds several goes through a temporary file.
  void visit_standard_input() {
    std::string start = read_block(kPackedStartOctets);
    if (looks_packed(start)) {
      visitor_.unreadable("-", "is packed; unpack it before, such as with zcat, or give the file's name");
      return;
    }
    if (!looks_like_mbox(start)) {
      while (std::cin && start.size() <= max_octets_) start += read_block(kBlockOctets);
      if (start.size() > max_octets_) start.resize(max_octets_ + 1);
      visitor_.message({"-", std::move(start)});
      return;
    }
    Result<Spool> spool = Spool::make();
    Result<void> written = spool ? spool->append(start) : Result<void>(tl::unexpected(spool.error()));
    while (written && std::cin) written = spool->append(read_block(kBlockOctets));
    if (!written) {
      visitor_.unreadable("-", written.error().detail);
      return;
    }
    if (const Result<MailFile> file = MailFile::open("-", std::move(*spool)); file)
      visit_messages(*file, {"-", 0});
  }

  static std::string read_block(std::size_t octets) {
    std::string block(octets, '\0');
    std::cin.read(block.data(), static_cast<std::streamsize>(block.size()));
    block.resize(static_cast<std::size_t>(std::cin.gcount()));
    return block;
  }

  static constexpr std::size_t kBlockOctets = 64U * 1024U;
  std::size_t max_octets_;
  const MailVisitor& visitor_;
};

}  // namespace

std::vector<fs::path> mail_files_below(const fs::path& folder, const MailVisitor* visitor) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (is_left_out(*entry)) {
      entry.disable_recursion_pending();
      continue;
    }
    if (entry->is_regular_file(error)) files.push_back(entry->path());
  }
  if (error && visitor != nullptr) visitor->unreadable(folder.string(), error.message());
  std::sort(files.begin(), files.end());
  return files;
}

void visit_mail(const std::vector<std::string>& paths, std::size_t max_octets, const MailVisitor& visitor) {
  Walk walk(max_octets, visitor);
  for (const std::string& path : paths) walk.visit(path);
}

std::size_t count_files(const std::vector<std::string>& paths) {
  std::size_t count = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    count += fs::is_directory(path, error) ? mail_files_below(path, nullptr).size() : 1;
  }
  return count;
}

}  // namespace coldpitch
