// SPDX-License-Identifier: MIT
#include "parsers/linkedin_compare.h"

#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

/// Octets of the white space or invisible character that `rest` begins with, 0 for others.
std::size_t blank_size(std::string_view rest) {
  if (is_ascii_space(rest.front())) return 1;
  for (const std::string_view blank : {"\xC2\xA0", "\xC2\xAD", "\xCD\x8F", "\xE2\x80\x8B", "\xE2\x80\x8C",
                                       "\xE2\x80\x8D", "\xE2\x80\xAF", "\xEF\xBB\xBF"}) {
    if (rest.substr(0, blank.size()) == blank) return blank.size();
  }
  return 0;
}

}  // namespace

Squeezed squeeze(std::string_view utf8) {
  Squeezed squeezed;
  squeezed.text.reserve(utf8.size());
  squeezed.source.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const std::size_t blank = blank_size(utf8.substr(at));
    if (blank == 0) {
      squeezed.text += utf8[at];
      squeezed.source.push_back(at);
    }
    at += blank == 0 ? 1 : blank;
  }
  return squeezed;
}

std::optional<Span> find_squeezed(const Squeezed& text, std::string_view words) {
  if (words.empty() || words.size() > text.text.size()) return std::nullopt;
  std::vector<std::size_t> border(words.size(), 0);
  for (std::size_t at = 1, length = 0; at < words.size();) {
    if (words[at] == words[length]) {
      border[at++] = ++length;
    } else if (length > 0) {
      length = border[length - 1];
    } else {
      border[at++] = 0;
    }
  }
  std::optional<Span> found;
  for (std::size_t at = 0, length = 0; at < text.text.size();) {
    if (text.text[at] == words[length]) {
      ++at;
      if (++length == words.size()) {
        found = Span{text.source[at - length], text.source[at - 1] + 1};
        length = border[length - 1];
      }
    } else if (length > 0) {
      length = border[length - 1];
    } else {
      ++at;
    }
  }
  return found;
}

}  // namespace coldpitch::linkedin
