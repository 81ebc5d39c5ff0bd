// SPDX-License-Identifier: MIT
#include "parsers/language.h"

// Before cld2's header, which uses FILE without including it.
#include <cstdio>

#include <cld2/public/compact_lang_det.h>

#include <array>
#include <cstddef>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kReadOctets = 4096;

/// Addresses are English to a detector of letters, whatever the language round them.
bool is_address(std::string_view word) {
  return word.find("://") != std::string_view::npos || word.find('@') != std::string_view::npos ||
         starts_with_ignoring_case(word, "www.");
}

/// The words worth reading, set apart by blanks.
std::string words_of(std::string_view text) {
  std::string words;
  words.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    while (at < text.size() && !is_ascii_space(text[at])) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    if (!word.empty() && !is_address(word)) words.append(word).append(" ");
    ++at;
  }
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
  const std::string words = words_of(to_valid_utf8(utf8_prefix(utf8, kReadOctets)));
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
