// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/offset_map.h"

namespace coldpitch {

/// Text made comparable, with the way back.
struct FoldedText {
  std::string text;
  OffsetMap source;  ///< octets of `text` -> octets of the text it was made from
};

/// Folds UTF-8 for matching: NFKC case fold (Unicode: NFKC_Casefold), which drops zero-width characters, bidi controls and
/// soft hyphens; typographic quotes and dashes become ' " and -; runs of white space become one blank (line ends a
/// blank too), none at the ends; look-alike letters of other scripts become Latin ones in words that mix scripts.
/// Ill-formed input is read as U+FFFD. Never fails; the result owns its text; the caller bounds `utf8` (limits.text_octets). Pure, linear,
/// thread-safe.
[[nodiscard]] FoldedText fold_text(std::string_view utf8);

}  // namespace coldpitch
