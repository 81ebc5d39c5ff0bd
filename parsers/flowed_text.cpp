// SPDX-License-Identifier: MIT
#include "parsers/flowed_text.h"

#include <algorithm>
#include <cstddef>

namespace coldpitch {
namespace {

constexpr std::string_view kSignatureMark = "-- ";

struct FlowedLine {
  std::string_view marks;  ///< of the quote
  std::string_view words;
  bool goes_on = false;
};

FlowedLine read_line(std::string_view line) {
  FlowedLine read;
  const std::size_t depth = std::min(line.find_first_not_of('>'), line.size());
  read.marks = line.substr(0, depth);
  read.words = line.substr(depth);
  if (read.words.starts_with(' ')) {
    const std::string_view stuffed = read.words.substr(1);
    const bool is_escape = depth == 0 && (stuffed.starts_with('>') || stuffed.starts_with("From "));
    if (!is_escape) read.words = stuffed;
  }
  read.goes_on = read.words.ends_with(' ') && read.words != kSignatureMark;
  return read;
}

}  // namespace

std::string join_flowed_lines(std::string_view text, bool delete_space) {
  std::string joined;
  joined.reserve(text.size());
  bool goes_on = false;
  std::size_t depth = 0;
  while (!text.empty()) {
    const std::size_t feed = std::min(text.find('\n'), text.size());
    const bool has_feed = feed < text.size();
    const FlowedLine line = read_line(text.substr(0, feed));
    const bool continues = goes_on && line.marks.size() == depth && line.words != kSignatureMark;
    text.remove_prefix(has_feed ? feed + 1 : feed);
    if (goes_on && !continues) joined += '\n';
    if (continues && delete_space) joined.pop_back();
    if (!continues) {
      joined += line.marks;
      if (!line.marks.empty() && !line.words.empty()) joined += ' ';
    }
    joined += line.words;
    goes_on = line.goes_on && has_feed;
    depth = line.marks.size();
    if (!goes_on && has_feed) joined += '\n';
  }
  return joined;
}

}  // namespace coldpitch
