// SPDX-License-Identifier: MIT
#include "parsers/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "parsers/fold.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// Hashes of words. Kept in order rather than in buckets, which a hostile text could fill unevenly.
using WordSet = std::vector<std::uint64_t>;

constexpr std::size_t kMinLetters = 4;
constexpr std::size_t kMinWords = 8;

bool is_beyond_ascii(char c) { return static_cast<std::uint8_t>(c) >= 0x80; }

/// White space and characters nobody sees, as UTF-8.
constexpr auto kBlankSequences = std::to_array<std::string_view>(
    {"\u00A0", "\u00AD", "\u034F", "\u061C", "\u180E", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004",
     "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200A", "\u200B", "\u200C", "\u200D", "\u200E",
     "\u200F", "\u2028", "\u2029", "\u202F", "\u205F", "\u2060", "\u3000", "\uFEFF", "\uFFFC", "\uFFFD"});

void make_distinct(WordSet& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

/// FNV-1a, 64 bits: that two words are the same in it does not happen by chance.
class WordHash {
 public:
  void add(char octet) {
    const auto value = static_cast<std::uint8_t>(octet);
    if ((value & 0xC0U) != 0x80U) ++letters_;
    hash_ = (hash_ ^ value) * 0x100000001B3U;
  }
  [[nodiscard]] bool is_of_word() const { return letters_ >= kMinLetters; }
  [[nodiscard]] std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = 0xCBF29CE484222325U;
  std::size_t letters_ = 0;
};

/// Hands the hash of each word of a line to `take`; of one beyond ASCII as fold_text() gives it.
template <class Take>
void hash_words_of_line(std::string_view line, const Take& take) {
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::size_t begin = at;
    bool has_colon = false;
    for (; at < line.size() && !is_ascii_space(line[at]); ++at) has_colon = has_colon || line[at] == ':';
    const std::string_view token = line.substr(begin, at - begin);
    if (has_colon && token.find("://") != std::string_view::npos) continue;
    for (std::size_t i = 0; i < token.size(); ++i) {
      WordHash hash;
      for (; i < token.size() && (is_ascii_alnum(token[i]) || is_beyond_ascii(token[i])); ++i)
        hash.add(ascii_lower(token[i]));
      if (hash.is_of_word()) take(hash.value());
    }
  }
}

/// The same for a text, folded line by line; ends when `take` has said false.
template <class Take>
void hash_words(std::string_view text, const Take& take) {
  bool goes_on = true;
  const auto take_next = [&](std::uint64_t hash) { goes_on = goes_on && take(hash); };
  while (!text.empty() && goes_on) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const bool is_ascii = find_non_ascii(line, 0) == line.size();
    if (is_ascii) {
      hash_words_of_line(line, take_next);
    } else {
      hash_words_of_line(fold_text(line).text, take_next);
    }
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
  hash_words(left, [&](std::uint64_t hash) {
    left_words.push_back(hash);
    return true;
  });
  make_distinct(left_words);
  if (left_words.size() < kMinWords) return false;
  std::vector<bool> is_common(left_words.size());
  std::size_t common = 0;
  WordSet others;
  hash_words(right, [&](std::uint64_t hash) {
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
