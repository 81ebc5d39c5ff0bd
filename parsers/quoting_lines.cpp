// SPDX-License-Identifier: MIT
#include "parsers/quoting_lines.h"

#include <algorithm>
#include <utility>

#include "parsers/fold.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

constexpr std::size_t kFoldedOctets = 400;
constexpr std::size_t kQuoteIndent = 3;
constexpr std::size_t kTelephoneDigits = 6;
/// Twice what the longest text judged has in lines of ordinary length. A line costs fifty times its two octets here.
constexpr std::size_t kMaxLines = 20'000;

/// Takes the ">" marks off the front of `line` and counts them.
std::size_t take_quote_marks(std::string_view& line) {
  std::size_t depth = 0;
  std::size_t at = 0;
  std::size_t behind_marks = 0;
  std::size_t blanks = 0;
  for (; at < line.size(); ++at) {
    if (line[at] == '>') {
      ++depth;
      blanks = 0;
      behind_marks = at + 1;
    } else if (line[at] == ' ' || line[at] == '\t') {
      if (++blanks > kQuoteIndent) break;
    } else {
      break;
    }
  }
  if (depth == 1 && line.substr(0, 6) == ">From ") return 0;
  line.remove_prefix(behind_marks);
  return depth;
}

/// Appends what fold_text() makes of `words`, which are trimmed.
void append_folded(std::string_view words, std::string& folded) {
  if (find_non_ascii(words, 0) < words.size()) {
    folded += fold_text(words).text;
    return;
  }
  const std::size_t begin = folded.size();
  folded.resize(begin + words.size());
  char* to = folded.data() + begin;
  bool blank = false;
  for (const char octet : words) {
    const bool was_blank = std::exchange(blank, is_ascii_space(octet));
    *to = blank ? ' ' : ascii_lower(octet);
    to += blank && was_blank ? 0 : 1;
  }
  folded.resize(static_cast<std::size_t>(to - folded.data()));
}

bool is_word_octet(char octet) { return is_ascii_alnum(octet) || static_cast<unsigned char>(octet) >= 0x80; }

}  // namespace

TextLines split_text_lines(std::string_view utf8, std::string& folded) {
  TextLines lines;
  folded.clear();
  folded.reserve(utf8.size());
  const auto feeds = static_cast<std::size_t>(std::count(utf8.begin(), utf8.end(), '\n'));
  lines.reserve(std::min(feeds + 1, kMaxLines));
  std::size_t begin = 0;
  while (begin < utf8.size()) {
    const bool is_last = lines.size() + 1 == kMaxLines;
    const std::size_t feed = is_last ? std::string_view::npos : utf8.find('\n', begin);
    const std::size_t end = feed == std::string_view::npos ? utf8.size() : feed + 1;
    TextLine line;
    line.span = {begin, end};
    line.words = utf8.substr(begin, end - begin);
    line.depth = take_quote_marks(line.words);
    line.words = trim(line.words);
    const std::size_t folded_begin = folded.size();
    append_folded(utf8_prefix(line.words, kFoldedOctets), folded);
    line.folded = std::string_view(folded).substr(folded_begin);
    lines.push_back(line);
    begin = end;
  }
  // Where it stands is known only once it grows no more.
  std::size_t at = 0;
  for (TextLine& line : lines) {
    line.folded = std::string_view(folded).substr(at, line.folded.size());
    at += line.folded.size();
  }
  return lines;
}

std::size_t skip_blank_lines(const TextLines& lines, std::size_t at) {
  while (at < lines.size() && lines[at].blank()) ++at;
  return at;
}

bool contains_word(std::string_view folded, std::string_view word) {
  for (std::size_t at = folded.find(word); at != std::string_view::npos; at = folded.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool begins = at == 0 || !is_word_octet(folded[at - 1]);
    if (begins && (end == folded.size() || !is_word_octet(folded[end]))) return true;
  }
  return false;
}

std::size_t count_blank_separated(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char octet : text) {
    const bool blank = is_ascii_space(octet);
    if (!blank && !inside) ++words;
    inside = !blank;
  }
  return words;
}

bool has_contact_mark(std::string_view words) {
  const auto digits = std::count_if(words.begin(), words.end(), is_ascii_digit);
  return static_cast<std::size_t>(digits) >= kTelephoneDigits ||
         words.find_first_of("@|") != std::string_view::npos || words.find("://") != std::string_view::npos ||
         find_ignoring_case(words, "www.") != std::string_view::npos;
}

}  // namespace coldpitch
