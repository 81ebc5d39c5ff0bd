// SPDX-License-Identifier: MIT
#include "parsers/fold_code_point.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utf16.h>

#include <array>
#include <cstdint>

namespace coldpitch {
namespace {

struct Range {
  char32_t begin;
  char32_t end;
};

/// What the table covers: all up to the letter-like symbols, CJK punctuation and kana, full-width forms.
constexpr std::array kTableRanges{Range{0x0, 0x2150}, Range{0x3000, 0x3100}, Range{0xFF00, 0xFFFF}};
/// No code point folds to more (U+FDFA does to 18).
constexpr std::size_t kMaxUnitsEach = 18;

const UNormalizer2* open_normalizer() {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfkc_casefold = unorm2_getNFKCCasefoldInstance(&status);
  return U_SUCCESS(status) ? nfkc_casefold : nullptr;
}

/// Unified ideographs and Hangul syllables: each starts a segment and alone stays what it is.
bool is_of_large_script(char32_t value) {
  return (value >= 0x4E00 && value <= 0x9FFF) || (value >= 0xAC00 && value <= 0xD7A3);
}

/// Quotes and dashes of all kinds become those of ASCII, white space a blank.
char32_t unify(char32_t value) {
  constexpr std::u32string_view kSingleQuotes =
      U"\u00B4\u02B9\u02BB\u02BC\u02BD\u02CA\u02CB\u2018\u2019\u201A\u201B\u2032\u2035\u2039\u203A\u275B"
      U"\u275C";
  constexpr std::u32string_view kDoubleQuotes =
      U"\u00AB\u00BB\u02BA\u201C\u201D\u201E\u201F\u275D\u275E\u301D\u301E\u301F";
  constexpr std::u32string_view kDashes = U"\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2E3A\u2E3B";
  if (kSingleQuotes.find(value) != kSingleQuotes.npos) return U'\'';
  if (kDoubleQuotes.find(value) != kDoubleQuotes.npos) return U'"';
  if (kDashes.find(value) != kDashes.npos) return U'-';
  return u_isUWhiteSpace(static_cast<UChar32>(value)) != 0 ? U' ' : value;
}

}  // namespace

const CodePointFold& CodePointFold::instance() {
  static const CodePointFold fold;
  return fold;
}

CodePointFold::CodePointFold() : nfkc_casefold_(open_normalizer()) {
  std::vector<char32_t> folded;
  for (const Range& range : kTableRanges) {
    for (char32_t value = range.begin; value < range.end; ++value) {
      folded.clear();
      fold_segment({&value, 1}, folded);
      Entry entry;
      entry.starts_segment = starts_segment_by_icu(value);
      if (folded.empty()) {
        entry.kind = FoldedCodePoint::Kind::none;
      } else if (folded.size() > 1 || folded.front() > 0xFFFF) {
        entry.kind = FoldedCodePoint::Kind::needs_segment;
      } else {
        entry.value = static_cast<char16_t>(folded.front());
      }
      table_.push_back(entry);
    }
  }
}

const CodePointFold::Entry* CodePointFold::find_entry(char32_t value) const {
  std::size_t skipped = 0;
  for (const Range& range : kTableRanges) {
    if (value < range.begin) return nullptr;
    if (value < range.end) return &table_[skipped + (value - range.begin)];
    skipped += range.end - range.begin;
  }
  return nullptr;
}

bool CodePointFold::starts_segment_by_icu(char32_t value) const {
  return nfkc_casefold_ == nullptr ||
         unorm2_hasBoundaryBefore(nfkc_casefold_, static_cast<UChar32>(value)) != 0;
}

bool CodePointFold::starts_segment(char32_t value) const {
  if (is_of_large_script(value)) return true;
  const Entry* entry = find_entry(value);
  return entry != nullptr ? entry->starts_segment : starts_segment_by_icu(value);
}

FoldedCodePoint CodePointFold::fold_alone(char32_t value) const {
  if (is_of_large_script(value)) return {FoldedCodePoint::Kind::one, value};
  if (const Entry* entry = find_entry(value)) return {entry->kind, entry->value};
  const bool is_inert =
      nfkc_casefold_ == nullptr || unorm2_isInert(nfkc_casefold_, static_cast<UChar32>(value)) != 0;
  if (is_inert) return {FoldedCodePoint::Kind::one, unify(value)};
  return {FoldedCodePoint::Kind::needs_segment, 0};
}

void CodePointFold::fold_segment(std::u32string_view segment, std::vector<char32_t>& folded) const {
  std::array<UChar, kMaxSegment * 2> source{};
  std::int32_t source_units = 0;
  for (const char32_t value : segment.substr(0, kMaxSegment)) {
    // The acute accent alone stands for an apostrophe; normalised it would be a blank with an accent.
    const auto c = static_cast<UChar32>(value == 0xB4 ? U'\'' : value);
    U16_APPEND_UNSAFE(source, source_units, c);
  }
  std::array<UChar, kMaxSegment * kMaxUnitsEach> target;
  UErrorCode status = nfkc_casefold_ == nullptr ? U_MISSING_RESOURCE_ERROR : U_ZERO_ERROR;
  const std::int32_t units = unorm2_normalize(nfkc_casefold_, source.data(), source_units, target.data(),
                                              static_cast<std::int32_t>(target.size()), &status);
  if (U_FAILURE(status)) {
    for (const char32_t value : segment) folded.push_back(unify(value));
    return;
  }
  for (std::int32_t i = 0; i < units;) {
    UChar32 value = 0;
    U16_NEXT(target, i, units, value);
    folded.push_back(unify(static_cast<char32_t>(value)));
  }
}

}  // namespace coldpitch
