// SPDX-License-Identifier: MIT
#include "parsers/ascii_text.h"

#include <unicode/translit.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace coldpitch {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char octet) { return static_cast<unsigned char>(octet) < 0x80; });
}

/// nullptr where ICU comes without its rules.
std::unique_ptr<icu::Transliterator> make(const char* rules) {
  UErrorCode status = U_ZERO_ERROR;
  std::unique_ptr<icu::Transliterator> made(
      icu::Transliterator::createInstance(rules, UTRANS_FORWARD, status));
  return U_SUCCESS(status) ? std::move(made) : nullptr;
}

std::string transliterated(std::string_view text, std::string_view language) {
  static const std::unique_ptr<icu::Transliterator> general = make("Any-Latin; Latin-ASCII");
  static const std::unique_ptr<icu::Transliterator> german = make("de-ASCII; Any-Latin; Latin-ASCII");
  static std::mutex mutex;  // ICU does not promise that one may be used by several threads
  const icu::Transliterator* chosen = language == "de" && german ? german.get() : general.get();
  if (chosen == nullptr) return std::string(text);
  auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
  {
    const std::lock_guard lock(mutex);
    chosen->transliterate(wide);
  }
  std::string narrow;
  wide.toUTF8String(narrow);
  return narrow;
}

}  // namespace

std::string to_ascii(std::string_view text, std::string_view language) {
  const std::string latin = is_ascii(text) ? std::string(text) : transliterated(text, language);
  std::string ascii;
  for (const char octet : latin) {
    const auto value = static_cast<unsigned char>(octet);
    if (value >= 0x80 && value < 0xC0) continue;  // the rest of a character
    ascii += value >= 0x80 ? '?' : (value < ' ' || value == 0x7F) ? ' ' : octet;
  }
  return ascii;
}

}  // namespace coldpitch
