// SPDX-License-Identifier: MIT
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldpitch {

/// Sixty-four bits that are alike for texts that are alike (SimHash, Charikar 2002), and tell nobody what the text was.
using TextSketch = std::uint64_t;

/// Sketch of a human text, over its distinct runs of three words. Names (capitalised words, addresses, links; several in a row count as
/// one) and numbers are masked first, so that one pitch sent to many people gives nearly one sketch.
/// nullopt for a text too short to tell apart from others: fewer than twenty distinct runs with a word that is not masked.
/// Any octets; pure, thread-safe. Cost: linear but for sorting the runs.
[[nodiscard]] std::optional<TextSketch> sketch_text(std::string_view utf8);

/// Number of bits that differ: 0 for the same text, about 32 for unrelated ones.
[[nodiscard]] constexpr unsigned sketch_distance(TextSketch left, TextSketch right) {
  return static_cast<unsigned>(std::popcount(left ^ right));
}

/// Texts with sketches no further apart say the same, but for a few words.
inline constexpr unsigned kNearSketch = 10;

}  // namespace coldpitch
