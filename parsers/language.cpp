// SPDX-License-Identifier: MIT
#include "parsers/language.h"

// Before cld2's header, which uses FILE without including it.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kReadOctets = 4096;
/// More words than those of two such stretches change the answer for one mail in a thousand, and cost as much again.
constexpr std::size_t kStretchOctets = 768;

/// Addresses are English to a detector of letters, whatever the language round them.
bool is_address(std::string_view word) {
  return word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos ||
         starts_with_ignoring_case(word, "www.");
}

/// Appends the words worth reading, set apart by blanks, from octet `at` on until there is a stretch of them; returns where it stopped.
std::size_t append_stretch(std::string_view text, std::size_t at, std::string& words) {
  const std::size_t full = words.size() + kStretchOctets;
  while (at < text.size() && words.size() < full) {
    const std::size_t begin = at;
    while (at < text.size() && !is_ascii_space(text[at])) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    if (!word.empty() && !is_address(word)) {
      const std::string_view kept = utf8_prefix(word, full - words.size());
      words.append(kept).append(" ");
      if (kept.size() < word.size()) return at;
    }
    ++at;
  }
  return std::min(at, text.size());
}

/// A stretch of words from the start and one from the middle: a greeting or a heading may be in another language than the rest.
std::string words_of(std::string_view text) {
  std::string words;
  words.reserve(2 * (kStretchOctets + 1));
  const std::size_t behind = append_stretch(text, 0, words);
  std::size_t middle = text.size() / 2;
  while (middle < text.size() && !is_ascii_space(text[middle])) ++middle;
  append_stretch(text, std::max(behind, middle), words);
  return words;
}

/// cld2's codes are partly withdrawn ones, partly of ISO 639-2, partly with a script or region.
std::string iso_639_1(std::string_view code) {
  static constexpr auto kRenamed =
      std::to_array<std::pair<std::string_view, std::string_view>>({{"iw", "he"}, {"jw", "jv"}, {"un", ""}});
  code = code.substr(0, code.find('-'));
  for (const auto& [old_code, new_code] : kRenamed) {
    if (code == old_code) return std::string(new_code);
  }
  return code.size() == 2 && code != "xx" ? std::string(code) : std::string();
}

}  // namespace

std::string detect_language(std::string_view utf8) {
  const std::string_view read = utf8_prefix(utf8, kReadOctets);
  const std::string words = is_valid_utf8(read) ? words_of(read) : words_of(to_valid_utf8(read));
  std::array<CLD2::Language, 3> languages{};
  std::array<int, 3> percents{};
  int letters = 0;
  bool reliable = false;
  const CLD2::Language language =
      CLD2::ExtDetectLanguageSummary(words.data(), static_cast<int>(words.size()), /*is_plain_text=*/true,
                                     languages.data(), percents.data(), &letters, &reliable);
  return reliable ? iso_639_1(CLD2::LanguageCode(language)) : std::string();
}

}  // namespace coldpitch
