// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>
#include <vector>

#include "policies/atom_finder.h"

namespace coldpitch {

/// Fixed texts one of which stands in every hit of an expression that RE2 has accepted: those that are rarest in mail and then fewest.
/// None where a hit may do without, where one of the texts is a single octet, or where that is not sure. Pure; linear in the
/// expression times kMostPieces.
[[nodiscard]] std::vector<AtomFinder::Atom> expression_pieces(std::string_view expression);

/// More than so many alternatives of a part are not put together with those of the next.
inline constexpr std::size_t kMostPieces = 64;

}  // namespace coldpitch
