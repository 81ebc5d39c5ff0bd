// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace re2 {
class RE2;
}  // namespace re2

namespace coldpitch {

/// Which of the ordinary texts an expression hits: a few letters as anybody gets them, in the languages of the shipped policies, folded.
struct OrdinaryTexts {
  bool all = false;           ///< every one
  std::string_view language;  ///< the first language each of whose texts it hits; "" when there is none
};

/// Pure. Costs one text of each language for most expressions.
[[nodiscard]] OrdinaryTexts ordinary_texts_hit_by(const re2::RE2& expression);

}  // namespace coldpitch
