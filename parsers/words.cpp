// SPDX-License-Identifier: MIT
#include "parsers/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "parsers/fold.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Hashes of distinct words, rising: that two of them are the same in 64 bits does not happen by chance.
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

void add_words(std::string_view token, WordSet& words) {
  for (std::size_t at = 0; at < token.size();) {
    const std::size_t begin = at;
    while (at < token.size() && (is_ascii_alnum(token[at]) || is_beyond_ascii(token[at]))) ++at;
    const std::string_view word = token.substr(begin, at - begin);
    if (word.size() >= kMinLetters && letters_in(word) >= kMinLetters)
      words.push_back(std::hash<std::string_view>()(word));
    ++at;
  }
}

WordSet words_of(std::string_view folded) {
  WordSet words;
  for (const std::string_view token : split(folded, ' ')) {
    if (token.find("://") == std::string_view::npos) add_words(token, words);
  }
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
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
  const FoldedText left_folded = fold_text(left);
  const FoldedText right_folded = fold_text(right);
  const WordSet left_words = words_of(left_folded.text);
  const WordSet right_words = words_of(right_folded.text);
  const std::size_t fewer = std::min(left_words.size(), right_words.size());
  if (fewer < kMinWords) return false;
  WordSet common;
  common.reserve(fewer);
  std::set_intersection(left_words.begin(), left_words.end(), right_words.begin(), right_words.end(),
                        std::back_inserter(common));
  return common.size() * 3 < fewer;
}

}  // namespace coldpitch
