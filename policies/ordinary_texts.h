// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "policies/automata.h"

namespace coldpitch {

/// Which of the ordinary texts an expression hits: a few letters as anybody gets them, in the languages of the shipped policies, folded.
struct OrdinaryTexts {
  bool all = false;           ///< every one
  std::string_view language;  ///< the first language each of whose texts it hits; "" when there is none
};

/// Pure. Costs one text of each language for most expressions.
[[nodiscard]] OrdinaryTexts ordinary_texts_hit_by(const Automata::Expression& expression);

}  // namespace coldpitch
