// SPDX-License-Identifier: MIT
#include "history/sketch.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "parsers/fold.h"
#include "parsers/outreach_greeting.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kBits = std::numeric_limits<std::uint64_t>::digits;
constexpr std::size_t kRowsInBand = 2;
constexpr std::size_t kLeastRuns = 20;

enum class WordKind : std::uint8_t { plain, name, number };

/// Spreads every bit of `value` over the result (finalizer of SplitMix64).
constexpr std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

/// FNV-1a.
constexpr std::uint64_t hash_of(std::string_view word) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const char octet : word) hash = (hash ^ static_cast<std::uint8_t>(octet)) * 0x100000001B3U;
  return hash;
}

/// Takes words one by one and collects the runs of three.
class Sketcher {
 public:
  explicit Sketcher(std::uint64_t seed) : seed_(mixed(seed)) {}

  void add(WordKind kind, std::string_view word) {
    if (kind == WordKind::name && last_kind_ == WordKind::name) return;
    last_kind_ = kind;
    run_ = {run_[1], run_[2], kind == WordKind::plain ? hash_of(word) : mask_of(kind)};
    masked_in_a_row_ = kind == WordKind::plain ? 0 : masked_in_a_row_ + 1;
    if (++words_ >= run_.size() && masked_in_a_row_ < run_.size()) {
      runs_.push_back(mixed(run_[0] + mixed(run_[1] + mixed(run_[2] + seed_))));
    }
  }

  /// A run counts once, or a repeated line would outvote the text.
  [[nodiscard]] std::optional<TextSketch> sketch() {
    std::sort(runs_.begin(), runs_.end());
    runs_.erase(std::unique(runs_.begin(), runs_.end()), runs_.end());
    if (runs_.size() < kLeastRuns) return std::nullopt;
    TextSketch sketch;
    sketch.bits = majority();
    std::uint64_t row = 0;
    for (std::uint64_t& band : sketch.bands) {
      for (std::size_t i = 0; i < kRowsInBand; ++i) band = mixed(band + least(++row));
    }
    return sketch;
  }

 private:
  /// Each bit is that of most runs.
  [[nodiscard]] std::uint64_t majority() const {
    std::uint64_t bits = 0;
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      std::size_t votes = 0;
      for (const std::uint64_t run : runs_) votes += (run >> bit) & 1U;
      if (votes * 2 > runs_.size()) bits |= std::uint64_t{1} << bit;
    }
    return bits;
  }

  /// The run that comes first in the order number `row`: two texts have the same one as often as they have runs in common.
  [[nodiscard]] std::uint64_t least(std::uint64_t row) const {
    std::uint64_t best = std::numeric_limits<std::uint64_t>::max();
    for (const std::uint64_t run : runs_) best = std::min(best, mixed(run ^ mixed(row)));
    return best;
  }

  static constexpr std::uint64_t mask_of(WordKind kind) { return kind == WordKind::name ? 1 : 2; }

  std::uint64_t seed_;
  std::array<std::uint64_t, 3> run_{};
  std::vector<std::uint64_t> runs_;
  std::size_t words_ = 0;
  std::size_t masked_in_a_row_ = 0;
  WordKind last_kind_ = WordKind::plain;
};

bool is_ascii(char octet) { return static_cast<std::uint8_t>(octet) < 0x80; }

/// Length of the sign at the start of `text` when it is a word by itself, as in scripts that put no blanks between words
/// (U+3000 and above), else 0. `text` is well-formed and not empty.
std::size_t lone_sign(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text.front());
  if (lead >= 0xF0) return 4;
  return lead >= 0xE3 ? 3 : 0;
}

/// Length of the word at the start of `text`, 0 where none starts.
std::size_t word_length(std::string_view text) {
  if (const std::size_t length = lone_sign(text); length != 0) return length;
  std::size_t length = 0;
  while (length < text.size()) {
    const char octet = text[length];
    const bool is_inside = is_ascii_alnum(octet) || !is_ascii(octet) || (octet == '\'' && length > 0);
    if (!is_inside || lone_sign(text.substr(length)) != 0) break;
    ++length;
  }
  return length;
}

/// True when `folded` begins with the small letter to the capital that `original` begins with. A letter that came from another
/// script, as a look-alike, is none.
bool was_capital(std::string_view folded, std::string_view original) {
  if (folded.empty() || original.empty() || is_ascii(folded[0]) != is_ascii(original[0])) return false;
  const std::size_t octets = is_ascii(folded[0]) ? 1 : 2;
  return folded.substr(0, octets) != original.substr(0, octets);
}

bool is_address(std::string_view chunk) {
  return chunk.find('@') != std::string_view::npos || chunk.find("://") != std::string_view::npos ||
         chunk.starts_with("www.");
}

WordKind kind_of(std::string_view word, std::string_view original) {
  if (std::any_of(word.begin(), word.end(), is_ascii_digit)) return WordKind::number;
  if (lone_sign(word) == 0 && was_capital(word, original)) return WordKind::name;
  return WordKind::plain;
}

/// The text behind the name that its first line greets: it is what differs most between copies, and not always written with a capital.
std::string_view without_greeting(std::string_view utf8) {
  const std::size_t begin = std::min(utf8.find_first_not_of(" \t\r\n"), utf8.size());
  const std::size_t end = std::min(utf8.find('\n', begin), utf8.size());
  const std::optional<Greeting> greeting = read_greeting(utf8.substr(begin, end - begin));
  if (!greeting || greeting->addressee.size() == 0) return utf8;
  return utf8.substr(std::min(begin + greeting->addressee.end, utf8.size()));
}

}  // namespace

std::optional<TextSketch> sketch_text(std::string_view utf8, std::uint64_t seed) {
  utf8 = without_greeting(utf8);
  const FoldedText folded = fold_text(utf8);
  const std::string_view text = folded.text;
  Sketcher sketcher(seed);
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    const std::string_view chunk = text.substr(begin, end - begin);
    if (is_address(chunk)) {
      sketcher.add(WordKind::name, chunk);
      begin = end + 1;
      continue;
    }
    while (begin < end) {
      const std::string_view word = text.substr(begin, word_length(text.substr(begin, end - begin)));
      if (!word.empty()) {
        const std::size_t source = std::min(folded.source.source_of(begin), utf8.size());
        sketcher.add(kind_of(word, utf8.substr(source)), word);
      }
      begin += std::max<std::size_t>(word.size(), 1);
    }
    begin = end + 1;
  }
  return sketcher.sketch();
}

}  // namespace coldpitch
