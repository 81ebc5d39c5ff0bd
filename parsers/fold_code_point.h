// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct UNormalizer2;

namespace coldpitch {

/// What one code point becomes when it is folded.
struct FoldedCodePoint {
  enum class Kind : unsigned char { one, none, needs_segment };
  Kind kind = Kind::one;
  char32_t value = 0;  ///< for `one`
};

/// Folds code points for fold_text: NFKC_Casefold, quotes and dashes unified, white space to U+0020.
///
/// Text is folded in segments: a segment runs up to the next code point that starts one, so that each
/// segment's result does not depend on its neighbours. Immutable; thread-safe.
class CodePointFold {
 public:
  /// Segments of more code points are cut: reordering marks is quadratic in their number.
  static constexpr std::size_t kMaxSegment = 32;

  /// The one instance, made at the first call (some milliseconds). Lives for ever; thread-safe.
  static const CodePointFold& instance();

  /// True when `value` never composes with what stands before it.
  [[nodiscard]] bool starts_segment(char32_t value) const;

  /// For a segment of one code point.
  [[nodiscard]] FoldedCodePoint fold_alone(char32_t value) const;

  /// For a segment of at most kMaxSegment code points. Appends to `folded`.
  void fold_segment(std::u32string_view segment, std::vector<char32_t>& folded) const;

 private:
  CodePointFold();

  [[nodiscard]] bool starts_segment_by_icu(char32_t value) const;

  struct Entry {
    char16_t value = 0;
    FoldedCodePoint::Kind kind = FoldedCodePoint::Kind::one;
    bool starts_segment = true;
  };
  [[nodiscard]] const Entry* find_entry(char32_t value) const;

  const UNormalizer2*
      nfkc_casefold_;         ///< ICU's; null only where its data is broken, nothing is normalised then
  std::vector<Entry> table_;  ///< for the scripts written most in mail; for the others ICU is asked
};

}  // namespace coldpitch
