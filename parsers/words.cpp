// SPDX-License-Identifier: MIT
#include "parsers/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "parsers/fold.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// Hashes of words. Kept in order rather than in buckets, which a hostile text could fill unevenly.
using WordSet = std::vector<std::size_t>;

constexpr std::size_t kMinLetters = 4;
constexpr std::size_t kMinWords = 8;

bool is_beyond_ascii(char c) { return static_cast<std::uint8_t>(c) >= 0x80; }

/// White space and characters nobody sees, as UTF-8.
constexpr auto kBlankSequences = std::to_array<std::string_view>(
    {"\u00A0", "\u00AD", "\u034F", "\u061C", "\u180E", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
     "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u200B", "\u200C", "\u200D", "\u200E",
     "\u200F", "\u2028", "\u2029", "\u202F", "\u205F", "\u2060", "\u3000", "\uFEFF", "\uFFFC", "\uFFFD"});

std::size_t letters_in(std::string_view word) {
  return static_cast<std::size_t>(std::count_if(
      word.begin(), word.end(), [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) != 0x80U; }));
}

void make_distinct(WordSet& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

/// Hands a hash of each word of a line to `take`: that two words are the same in 64 bits does not happen by chance. `folded` is one
/// as fold_text() gives it.
template <class Take>
void hash_words_of_line(std::string_view folded, const Take& take) {
  while (!folded.empty()) {
    const std::string_view token = folded.substr(0, folded.find(' '));
    folded.remove_prefix(std::min(token.size() + 1, folded.size()));
    if (token.find("://") != std::string_view::npos) continue;
    for (std::size_t at = 0; at < token.size(); ++at) {
      const std::size_t begin = at;
      while (at < token.size() && (is_ascii_alnum(token[at]) || is_beyond_ascii(token[at]))) ++at;
      const std::string_view word = token.substr(begin, at - begin);
      if (word.size() >= kMinLetters && letters_in(word) >= kMinLetters)
        take(std::hash<std::string_view>()(word));
    }
  }
}

/// The same for a text, line by line; ends when `take` has said false.
template <class Take>
void hash_words(std::string_view text, const Take& take) {
  std::string folded;
  bool goes_on = true;
  while (!text.empty() && goes_on) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (find_non_ascii(line, 0) < line.size()) {
      folded = fold_text(line).text;
    } else {
      folded.resize(line.size());
      std::transform(line.begin(), line.end(), folded.begin(),
                     [](char octet) { return is_ascii_space(octet) ? ' ' : ascii_lower(octet); });
    }
    hash_words_of_line(folded, [&](std::size_t hash) { goes_on = goes_on && take(hash); });
  }
}

}  // namespace

bool has_words(std::string_view utf8) {
  while (!utf8.empty()) {
    const char first = utf8.front();
    if (is_ascii_alnum(first)) return true;
    std::size_t length = 1;
    if (is_beyond_ascii(first)) {
      const auto blank = std::find_if(kBlankSequences.begin(), kBlankSequences.end(),
                                      [&](std::string_view sequence) { return utf8.starts_with(sequence); });
      if (blank == kBlankSequences.end()) return true;
      length = blank->size();
    }
    utf8.remove_prefix(length);
  }
  return false;
}

bool words_differ(std::string_view left, std::string_view right) {
  WordSet left_words;
  hash_words(left, [&](std::size_t hash) {
    left_words.push_back(hash);
    return true;
  });
  make_distinct(left_words);
  if (left_words.size() < kMinWords) return false;
  std::vector<bool> is_common(left_words.size());
  std::size_t common = 0;
  WordSet others;
  hash_words(right, [&](std::size_t hash) {
    const auto known = std::lower_bound(left_words.begin(), left_words.end(), hash);
    if (known == left_words.end() || *known != hash) {
      others.push_back(hash);
    } else if (const auto place = known - left_words.begin(); !is_common[static_cast<std::size_t>(place)]) {
      is_common[static_cast<std::size_t>(place)] = true;
      ++common;
    }
    // A third of the left text's words is a third of the shorter one's, too.
    return common * 3 < left_words.size();
  });
  make_distinct(others);
  const std::size_t fewer = std::min(left_words.size(), common + others.size());
  return fewer >= kMinWords && common * 3 < fewer;
}

}  // namespace coldpitch
