// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"
#include "parsers/quoting.h"

namespace coldpitch {

/// One line of a mail's text, read for quoting.
struct TextLine {
  Span span;               ///< in the text, line end included
  std::size_t depth = 0;   ///< ">" marks in front
  std::string_view words;  ///< behind those marks, trimmed; points into the text
  std::string_view
      folded;  ///< fold_text() of the first 400 octets of `words`; "" for a line that looks empty
  SegmentKind kind = SegmentKind::human;  ///< what the line was found to be

  [[nodiscard]] bool blank() const { return folded.empty(); }
};

using TextLines = std::vector<TextLine>;

/// Takes `utf8` apart at its line feeds; every octet belongs to one line; the 20,000th is all the rest. A line escaped for
/// mbox (">From ") has depth 0. Never fails; `utf8` and `folded`, which is filled, must outlive the result: it points into both. Pure,
/// thread-safe, linear.
[[nodiscard]] TextLines split_text_lines(std::string_view utf8, std::string& folded);

/// Words and phrases that may stand at the start of a line, found by their first octet.
template <std::size_t Size>
class PrefixTable {
 public:
  explicit constexpr PrefixTable(std::array<std::string_view, Size> words) : words_(words) {
    std::sort(words_.begin(), words_.end());
    for (const std::string_view word : words_) ++begins_[first_of(word) + 1];
    for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  }

  /// True when `text` starts with one of them. Pure, thread-safe; linear in the words that share its first octet.
  [[nodiscard]] constexpr bool starts(std::string_view text) const {
    if (text.empty()) return false;
    for (std::size_t i = begins_[first_of(text)]; i < begins_[first_of(text) + 1]; ++i) {
      if (text.starts_with(words_[i])) return true;
    }
    return false;
  }

 private:
  static constexpr std::size_t first_of(std::string_view text) {
    return static_cast<unsigned char>(text.front());
  }

  std::array<std::string_view, Size> words_;
  std::array<std::size_t, 257>
      begins_{};  ///< of the words with a first octet; words of the one before it end there
};

/// Index of the first line from `at` on that is not blank, or the number of lines. Pure, linear, as all below are.
[[nodiscard]] std::size_t skip_blank_lines(const TextLines& lines, std::size_t at);

/// True when `word` stands in `folded` with neither a letter nor a digit beside it. Any octet past ASCII is a letter.
[[nodiscard]] bool contains_word(std::string_view folded, std::string_view word);

/// Number of words set apart by blanks.
[[nodiscard]] std::size_t count_blank_separated(std::string_view text);

/// An e-mail address, a URL, a telephone number or a column mark: what stands in the lines under a name.
[[nodiscard]] bool has_contact_mark(std::string_view words);

}  // namespace coldpitch
