// SPDX-License-Identifier: MIT
#include "policies/list_file.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>
#include <unordered_map>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

using Severity = Diagnostic::Severity;

/// So many faults of one file are told.
constexpr std::size_t kMaxTold = 20;

std::string_view without_comment(std::string_view line) {
  for (std::size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || is_ascii_space(line[at - 1])) return line.substr(0, at);
  }
  return line;
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string fault_of(std::string_view entry) {
  if (!is_valid_utf8(entry)) return "not valid UTF-8";
  if (entry.size() > kMaxListEntryOctets) {
    return "an entry is longer than " + std::to_string(kMaxListEntryOctets) + " octets";
  }
  const bool has_control = std::any_of(entry.begin(), entry.end(), [](char octet) {
    return (octet >= '\0' && octet < ' ' && octet != '\t') || octet == '\x7F';
  });
  return has_control ? "an entry holds a control character" : "";
}

class Reader {
 public:
  Reader(const std::string& path, std::vector<Diagnostic>& diagnostics)
      : path_(path), diagnostics_(diagnostics) {}

  std::optional<std::vector<ListEntry>> read() {
    std::optional<std::string> text = read_text();
    if (!text) return std::nullopt;
    std::string_view rest = *text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    for (std::size_t number = 1; !rest.empty() && told_ < kMaxTold; ++number) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      add_line(rest.substr(0, end), number);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (refused_) return std::nullopt;
    if (entries_.empty()) tell(Severity::warning, 0, 0, "holds no entries", "");
    return std::move(entries_);
  }

 private:
  void tell(Severity severity, std::size_t line, std::size_t column, std::string message,
            std::string_view source) {
    if (severity == Severity::error) refused_ = true;
    if (++told_ > kMaxTold) return;
    diagnostics_.push_back(
        {severity, {path_, line, column}, std::move(message), std::string(source.substr(0, 1000))});
  }

  std::optional<std::string> read_text() {
    std::error_code ignored;
    errno = 0;
    std::ifstream stream(path_, std::ios::binary);
    if (!stream || std::filesystem::is_directory(path_, ignored)) {
      tell(Severity::error, 0, 0,
           "cannot be read: " + (errno == 0 ? "it is no file" : std::generic_category().message(errno)), "");
      return std::nullopt;
    }
    std::string text(kMaxListOctets + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    if (text.size() <= kMaxListOctets) return text;
    tell(Severity::error, 0, 0, "larger than " + std::to_string(kMaxListOctets) + " octets", "");
    return std::nullopt;
  }

  void add_line(std::string_view line, std::size_t number) {
    const std::string_view entry = trim(without_comment(line));
    if (entry.empty()) return;
    const auto column = static_cast<std::size_t>(entry.data() - line.data()) + 1;
    if (std::string fault = fault_of(entry); !fault.empty()) {
      return tell(Severity::error, number, column, std::move(fault), without_return(line));
    }
    const auto [place, is_new] = lines_.emplace(entry, number);
    if (!is_new) {
      return tell(Severity::warning, number, column,
                  quote(entry) + " is there twice (first in line " + std::to_string(place->second) + ")",
                  line);
    }
    if (entries_.size() == kMaxListEntries) {
      return tell(Severity::error, number, column,
                  "more than " + std::to_string(kMaxListEntries) + " entries", line);
    }
    entries_.push_back({std::string(entry), {path_, number, column}, std::string(without_return(line))});
  }

  const std::string& path_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<ListEntry> entries_;
  std::unordered_map<std::string, std::size_t> lines_;  ///< by entry
  std::size_t told_ = 0;
  bool refused_ = false;
};

}  // namespace

std::optional<std::vector<ListEntry>> read_list_file(const std::string& path,
                                                     std::vector<Diagnostic>& diagnostics) {
  return Reader(path, diagnostics).read();
}

}  // namespace coldpitch
