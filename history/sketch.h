// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coldpitch {

/// What is kept of a text to know it again when it comes with other names in it. Tells nobody what the text was: all of it hangs on the
/// seed it was made with.
struct TextSketch {
  /// Alike for texts that are alike (SimHash, Charikar 2002).
  std::uint64_t bits = 0;
  /// Texts that are alike share at least one of them, others hardly ever do (MinHash, Broder 1997, in bands of two): what an
  /// index can look up before `bits` are compared.
  std::array<std::uint64_t, 4> bands{};

  bool operator==(const TextSketch&) const = default;
};

/// Sketch of a human text, over its distinct runs of three words. Names (capitalised words, addresses, links; several in a row count as
/// one) and numbers are masked first, so that one pitch sent to many people gives nearly one sketch. A name that is greeted ("Hi jane,") is left out.
/// nullopt for a text too short to tell apart from others: fewer than twenty distinct runs with a word that is not masked.
/// Sketches made with different seeds (Keyring::sketch_seed()) have nothing to do with each other.
/// Any octets; pure, thread-safe. Cost: linear but for sorting the runs.
[[nodiscard]] std::optional<TextSketch> sketch_text(std::string_view utf8, std::uint64_t seed);

/// Number of bits that differ: 0 for the same text, about 32 for unrelated ones.
[[nodiscard]] constexpr unsigned sketch_distance(std::uint64_t left, std::uint64_t right) {
  return static_cast<unsigned>(std::popcount(left ^ right));
}

/// Texts with sketches no further apart say the same, but for a few words.
inline constexpr unsigned kNearSketch = 10;

/// True when a text with `bits` says the same as the one `sketch` was made of.
[[nodiscard]] constexpr bool is_same_text(const TextSketch& sketch, std::uint64_t bits) {
  return sketch_distance(sketch.bits, bits) <= kNearSketch;
}

}  // namespace coldpitch
