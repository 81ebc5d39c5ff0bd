// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "policies/atom_finder.h"

namespace coldpitch {

/// More than so many are not written out.
inline constexpr std::size_t kMostExactTexts = 40;

/// The texts that an expression (RE2 syntax) hits, when it is a list of texts in other words: made of letters, groups, "|", "?", small
/// classes and "\b" alone. In RE2's order of preference: of those that stand at one place the first is the hit. Empty for every other
/// expression, and where that is not sure. Pure; linear in the expression and the texts.
[[nodiscard]] std::vector<AtomFinder::Atom> exact_texts(std::string_view expression);

}  // namespace coldpitch
