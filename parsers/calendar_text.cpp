// SPDX-License-Identifier: MIT
#include "parsers/calendar_text.h"

#include <algorithm>
#include <cstddef>
#include <unordered_set>
#include <utility>

#include "parsers/line.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Takes the first content line off `rest`, its folds joined (RFC 5545 §3.1).
std::string take_content_line(std::string_view& rest) {
  std::string content;
  do {
    if (!content.empty()) rest.remove_prefix(1);  // the blank that marks a fold
    const Line line = first_line(rest);
    content += line.text;
    rest.remove_prefix(line.octets);
  } while (!content.empty() && (rest.starts_with(' ') || rest.starts_with('\t')));
  return content;
}

/// Behind the colon that no quoted parameter holds; "" where there is none.
std::string_view value_of(std::string_view content) {
  bool is_quoted = false;
  for (std::size_t at = 0; at < content.size(); ++at) {
    if (content[at] == '"') is_quoted = !is_quoted;
    if (content[at] == ':' && !is_quoted) return content.substr(at + 1);
  }
  return {};
}

/// A TEXT value as it reads (RFC 5545 §3.3.11).
std::string unescaped(std::string_view value) {
  std::string text;
  for (std::size_t at = 0; at < value.size(); ++at) {
    if (value[at] != '\\' || at + 1 == value.size()) {
      text += value[at];
      continue;
    }
    ++at;
    text += value[at] == 'n' || value[at] == 'N' ? '\n' : value[at];
  }
  return std::string(trim(text));
}

bool is_shown(std::string_view name) {
  return equals_ignoring_case(name, "SUMMARY") || equals_ignoring_case(name, "LOCATION") ||
         equals_ignoring_case(name, "DESCRIPTION");
}

}  // namespace

std::string calendar_text(std::string_view utf8) {
  std::string text;
  std::unordered_set<std::string> shown;
  bool in_alarm = false;
  while (!utf8.empty()) {
    const std::string content = take_content_line(utf8);
    const std::string_view name = std::string_view(content).substr(0, content.find_first_of(":;"));
    const std::string_view value = value_of(content);
    if (equals_ignoring_case(trim(value), "VALARM")) {
      in_alarm = equals_ignoring_case(name, "BEGIN") || (in_alarm && !equals_ignoring_case(name, "END"));
    }
    if (in_alarm || !is_shown(name)) continue;
    std::string words = unescaped(value);
    if (words.empty() || !shown.insert(words).second) continue;
    if (!text.empty()) text += "\n\n";
    text += words;
  }
  return text;
}

}  // namespace coldpitch
