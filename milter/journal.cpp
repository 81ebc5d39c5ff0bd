// SPDX-License-Identifier: MIT
#include "milter/journal.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#ifdef COLDPITCH_HAVE_SYSTEMD
#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>
#endif

namespace coldpitch {
namespace {

/// The value at the start of `rest`, without its quotes, which are taken off `rest`.
std::string take_value(std::string_view& rest) {
  std::string value;
  if (!rest.starts_with('"')) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    return value;
  }
  std::size_t i = 1;
  for (; i < rest.size() && rest[i] != '"'; ++i) {
    // The other escapes stay: as in the line, no control character is in a field.
    if (rest[i] == '\\' && i + 1 < rest.size() && rest[++i] != '"') value += '\\';
    value += rest[i];
  }
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return value;
}

bool is_key(std::string_view key) {
  return !key.empty() && key.size() <= 32 &&
         std::all_of(key.begin(), key.end(), [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

}  // namespace

bool is_journal_stream(int descriptor, const char* journal_stream) {
  struct stat status {};
  if (journal_stream == nullptr || fstat(descriptor, &status) != 0) return false;
  return std::to_string(status.st_dev) + ':' + std::to_string(status.st_ino) == journal_stream;
}

std::vector<std::string> journal_entry(std::string_view level, int priority, std::string_view line) {
  std::vector<std::string> entry = {"MESSAGE=level=" + std::string(level) + ' ' + std::string(line),
                                    "PRIORITY=" + std::to_string(priority),
                                    std::string("SYSLOG_IDENTIFIER=") + program_invocation_short_name};
  for (std::string_view rest = line; !rest.empty();) {
    const std::size_t end = rest.find_first_of(" =");
    if (end == std::string_view::npos) break;
    const std::string_view key = rest.substr(0, end);
    const bool has_value = rest[end] == '=';
    rest.remove_prefix(end + 1);
    if (!has_value) continue;
    const std::string value = take_value(rest);
    if (!is_key(key)) continue;
    std::string field = "COLDPITCH_";
    for (const char c : key) field += c == '_' ? c : static_cast<char>(c - 'a' + 'A');
    field += '=';
    field += value;
    entry.push_back(std::move(field));
  }
  return entry;
}

bool send_to_journal([[maybe_unused]] const std::vector<std::string>& entry) {
#ifdef COLDPITCH_HAVE_SYSTEMD
  // It says that it sent, too, where there is no socket.
  struct stat status {};
  if (stat("/run/systemd/journal/socket", &status) != 0) return false;
  std::vector<iovec> fields;
  fields.reserve(entry.size());
  for (const std::string& field : entry) {
    fields.push_back({const_cast<char*>(field.data()), field.size()});
  }
  return sd_journal_sendv(fields.data(), static_cast<int>(fields.size())) >= 0;
#else
  return false;
#endif
}

}  // namespace coldpitch
