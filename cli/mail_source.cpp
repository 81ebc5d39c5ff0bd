// SPDX-License-Identifier: MIT
#include "cli/mail_source.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <istream>
#include <system_error>

#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFromLine = "From ";
/// An mbox is split in memory; a larger one would better be split by its owner.
constexpr std::size_t kMaxMboxOctets = 4ULL * 1024 * 1024 * 1024;

/// Length of the line at `at`, its line end included.
std::size_t line_length(std::string_view text, std::size_t at) {
  const std::size_t end = text.find('\n', at);
  return (end == std::string_view::npos ? text.size() : end + 1) - at;
}

bool is_blank_line(std::string_view line) { return line == "\n" || line == "\r\n"; }

/// "From sender Thu Jan  1 00:00:00 1970": a clock time tells it from a sentence.
bool is_from_line(std::string_view line) {
  if (!line.starts_with(kFromLine)) return false;
  for (std::size_t i = kFromLine.size() + 1; i + 2 < line.size(); ++i) {
    if (line[i] == ':' && is_ascii_digit(line[i - 1]) && is_ascii_digit(line[i + 1]) &&
        is_ascii_digit(line[i + 2])) {
      return true;
    }
  }
  return false;
}

/// Reads a stream up to `max_octets` + 1.
std::string read_stream(std::istream& stream, std::size_t max_octets) {
  std::string octets;
  std::string block(64U * 1024U, '\0');
  while (stream && octets.size() <= max_octets) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    octets.append(block, 0, static_cast<std::size_t>(stream.gcount()));
  }
  if (octets.size() > max_octets) octets.resize(max_octets + 1);
  return octets;
}

std::string cut(std::string octets, std::size_t max_octets) {
  if (octets.size() > max_octets) octets.resize(max_octets + 1);
  return octets;
}

/// Maildir's delivery area, and files that mail programs keep beside messages.
bool is_left_out(const fs::directory_entry& entry) {
  const std::string name = entry.path().filename().string();
  if (entry.is_directory()) return name == "tmp" && fs::is_directory(entry.path().parent_path() / "cur");
  return name.starts_with('.') || name.starts_with("dovecot") || name == "maildirsize" ||
         name == "subscriptions";
}

/// Files below `folder` in order of their names, so that two runs say the same.
std::vector<fs::path> files_below(const fs::path& folder, const MailVisitor* visitor) {
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

void visit_octets(const std::string& path, std::string octets, std::size_t max_octets,
                  const MailVisitor& visitor) {
  if (!looks_like_mbox(octets)) {
    visitor.message({path, cut(std::move(octets), max_octets)});
    return;
  }
  std::size_t number = 0;
  split_mbox(octets, [&](std::string_view message) {
    ++number;
    visitor.message({path + "#" + std::to_string(number), cut(unquote_mbox(message), max_octets)});
  });
}

void visit_file(const fs::path& path, std::size_t max_octets, const MailVisitor& visitor) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    visitor.unreadable(path.string(), std::generic_category().message(errno));
    return;
  }
  std::string start(512, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  const std::size_t most = looks_like_mbox(start) ? kMaxMboxOctets : max_octets;
  std::string octets = std::move(start);
  octets += read_stream(file, most);
  if (file.bad()) {
    visitor.unreadable(path.string(), "read error");
    return;
  }
  visit_octets(path.string(), std::move(octets), max_octets, visitor);
}

}  // namespace

bool looks_like_mbox(std::string_view octets) {
  if (!octets.starts_with(kFromLine)) return false;
  const std::size_t length = line_length(octets, 0);
  if (!is_from_line(octets.substr(0, length))) return false;
  const std::string_view next = octets.substr(length, line_length(octets, length));
  const std::size_t colon = next.find(':');
  return colon != std::string_view::npos && colon > 0 &&
         std::all_of(next.begin(), next.begin() + static_cast<std::ptrdiff_t>(colon),
                     [](char c) { return c > ' ' && c < '\x7F'; });
}

void split_mbox(std::string_view octets, const std::function<void(std::string_view)>& message) {
  std::size_t start = std::string_view::npos;
  std::size_t end_of_message = 0;  // without the empty line that sets messages apart
  bool after_blank = true;
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t length = line_length(octets, at);
    const std::string_view line = octets.substr(at, length);
    if (after_blank && is_from_line(line)) {
      if (start != std::string_view::npos) message(octets.substr(start, end_of_message - start));
      start = at + length;
      end_of_message = start;
    }
    after_blank = is_blank_line(line);
    at += length;
    if (!after_blank) end_of_message = std::max(end_of_message, at);
  }
  if (start != std::string_view::npos) message(octets.substr(start));
}

std::string unquote_mbox(std::string_view message) {
  std::string text;
  text.reserve(message.size());
  for (std::size_t at = 0; at < message.size();) {
    const std::size_t length = line_length(message, at);
    std::string_view line = message.substr(at, length);
    const std::size_t quotes = line.find_first_not_of('>');
    if (quotes != 0 && quotes != std::string_view::npos && line.substr(quotes).starts_with(kFromLine)) {
      line.remove_prefix(1);
    }
    text += line;
    at += length;
  }
  return text;
}

void visit_mail(const std::vector<std::string>& paths, std::size_t max_octets, const MailVisitor& visitor) {
  for (const std::string& path : paths) {
    std::error_code error;
    if (path == "-") {
      visit_octets("-", read_stream(std::cin, kMaxMboxOctets), max_octets, visitor);
    } else if (fs::is_directory(path, error)) {
      for (const fs::path& file : files_below(path, &visitor)) visit_file(file, max_octets, visitor);
    } else {
      visit_file(path, max_octets, visitor);
    }
  }
}

std::size_t count_files(const std::vector<std::string>& paths) {
  std::size_t count = 0;
  for (const std::string& path : paths) {
    std::error_code error;
    count += fs::is_directory(path, error) ? files_below(path, nullptr).size() : 1;
  }
  return count;
}

}  // namespace coldpitch
