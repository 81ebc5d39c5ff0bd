// SPDX-License-Identifier: MIT
#include "history/sketch.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <tuple>
#include <utility>
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

/// Different runs in any order: what is made of them asks for none, and to sort them would take longer.
std::vector<std::uint64_t> distinct(const std::vector<std::uint64_t>& runs) {
  constexpr std::uint64_t kFree = 0;
  std::vector<std::uint64_t> distinct;
  distinct.reserve(runs.size());
  std::vector<std::uint64_t> table(std::bit_ceil(2 * runs.size() + 1), kFree);
  bool has_free = false;  // a run that looks like a free place
  for (const std::uint64_t run : runs) {
    std::size_t at = run & (table.size() - 1);
    while (table[at] != kFree && table[at] != run) at = (at + 1) & (table.size() - 1);
    const bool is_known = run == kFree ? std::exchange(has_free, true) : table[at] == run;
    if (is_known) continue;
    table[at] = run;
    distinct.push_back(run);
  }
  return distinct;
}

/// How many of many numbers have each bit: eight counters of eight bits in each of eight numbers, emptied before one can overflow.
class BitCounts {
 public:
  void add(std::uint64_t number) {
    constexpr std::uint64_t kLowBits = 0x0101010101010101U;
    for (std::size_t i = 0; i < eights_.size(); ++i) eights_[i] += (number >> i) & kLowBits;
    if (++added_ == std::numeric_limits<std::uint8_t>::max()) empty();
  }

  [[nodiscard]] std::array<std::size_t, kBits> take() {
    empty();
    return counts_;
  }

 private:
  void empty() {
    for (std::size_t bit = 0; bit < kBits; ++bit) counts_[bit] += (eights_[bit % 8] >> (bit / 8 * 8)) & 0xFFU;
    eights_ = {};
    added_ = 0;
  }

  std::array<std::uint64_t, 8> eights_{};
  std::array<std::size_t, kBits> counts_{};
  std::size_t added_ = 0;
};

/// Takes words one by one and collects the runs of three.
class Sketcher {
 public:
  /// `octets`: how long the text is.
  Sketcher(std::uint64_t seed, std::size_t octets) : seed_(mixed(seed)) {
    constexpr std::size_t kOctetsOfWord = 6;
    runs_.reserve(octets / kOctetsOfWord);
  }

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
  [[nodiscard]] std::optional<TextSketch> sketch() const {
    if (runs_.size() < kLeastRuns) return std::nullopt;
    const std::vector<std::uint64_t> runs = distinct(runs_);
    if (runs.size() < kLeastRuns) return std::nullopt;
    TextSketch sketch;
    sketch.bits = majority(runs);
    const std::array<std::uint64_t, kRows> least = least_of(runs);
    for (std::size_t row = 0; row < kRows; ++row) {
      std::uint64_t& band = sketch.bands[row / kRowsInBand];
      band = mixed(band + least[row]);
    }
    return sketch;
  }

 private:
  static constexpr std::size_t kRows = kRowsInBand * std::tuple_size_v<decltype(TextSketch::bands)>;

  /// Each bit is that of most runs.
  [[nodiscard]] static std::uint64_t majority(const std::vector<std::uint64_t>& runs) {
    BitCounts counts;
    for (const std::uint64_t run : runs) counts.add(run);
    const std::array<std::size_t, kBits> votes = counts.take();
    std::uint64_t bits = 0;
    for (std::size_t bit = 0; bit < kBits; ++bit) {
      if (votes[bit] * 2 > runs.size()) bits |= std::uint64_t{1} << bit;
    }
    return bits;
  }

  /// The run that comes first in the order of each row: two texts have the same one as often as they have runs in common.
  [[nodiscard]] static std::array<std::uint64_t, kRows> least_of(const std::vector<std::uint64_t>& runs) {
    std::array<std::uint64_t, kRows> least;
    least.fill(std::numeric_limits<std::uint64_t>::max());
    for (const std::uint64_t run : runs) {
      for (std::size_t row = 0; row < kRows; ++row) {
        least[row] = std::min(least[row], mixed(run ^ mixed(row + 1)));
      }
    }
    return least;
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

/// What an octet of a text may be part of; those of several are joined, to know what needs no looking for.
enum OctetKind : std::uint8_t {
  kLetter = 1,  ///< or a part of one
  kDigit = 2,
  kApostrophe = 4,
  kSignOfThree = 8,  ///< begins a sign of so many octets that is a word by itself
  kSignOfFour = 16,
  kAt = 32,
  kColon = 64,
  kOther = 128,
};

constexpr std::array<std::uint8_t, 256> make_octet_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  kinds.fill(kOther);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char octet = static_cast<char>(i);
    if (i >= 0x80 || is_ascii_alpha(octet)) kinds[i] = kLetter;
    if (i >= 0xE3) kinds[i] = i >= 0xF0 ? kSignOfFour : kSignOfThree;
    if (is_ascii_digit(octet)) kinds[i] = kDigit;
  }
  kinds['\''] = kApostrophe;
  kinds['@'] = kAt;
  kinds[':'] = kColon;
  return kinds;
}

constexpr std::array<std::uint8_t, 256> kOctetKinds = make_octet_kinds();

unsigned kind_of(char octet) { return kOctetKinds[static_cast<std::uint8_t>(octet)]; }

struct FoundWord {
  std::size_t octets = 0;  ///< 0 where none starts
  bool is_sign = false;
  bool has_digit = false;
};

/// The word at the start of `text`, which is well-formed and not empty. In scripts that put no blanks between words (U+3000 and above) a sign is
/// a word by itself.
FoundWord word_at(std::string_view text) {
  const unsigned first = kind_of(text.front());
  if (first == kSignOfFour) return {4, true, false};
  if (first == kSignOfThree) return {3, true, false};
  if (first == kApostrophe) return {};
  unsigned kinds = 0;
  std::size_t octets = 0;
  for (; octets < text.size(); ++octets) {
    const unsigned kind = kind_of(text[octets]);
    if ((kind & (kLetter | kDigit | kApostrophe)) == 0) break;
    kinds |= kind;
  }
  return {octets, false, (kinds & kDigit) != 0};
}

/// True when `folded` begins with the small letter to the capital that `original` begins with. A letter that came from another
/// script, as a look-alike, is none.
bool was_capital(std::string_view folded, std::string_view original) {
  if (folded.empty() || original.empty() || is_ascii(folded[0]) != is_ascii(original[0])) return false;
  if (is_ascii(folded[0])) return folded[0] != original[0];
  return folded.substr(0, 2) != original.substr(0, 2);
}

/// `kinds` are those of its octets.
bool is_address(std::string_view chunk, unsigned kinds) {
  return (kinds & kAt) != 0 || ((kinds & kColon) != 0 && chunk.find("://") != std::string_view::npos) ||
         chunk.starts_with("www.");
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
  Sketcher sketcher(seed, text.size());
  for (std::size_t begin = 0; begin < text.size();) {
    unsigned kinds = 0;
    std::size_t end = begin;
    for (; end < text.size() && text[end] != ' '; ++end) kinds |= kind_of(text[end]);
    const std::string_view chunk = text.substr(begin, end - begin);
    if (is_address(chunk, kinds)) {
      sketcher.add(WordKind::name, chunk);
      begin = end + 1;
      continue;
    }
    while (begin < end) {
      const FoundWord found =
          kinds == kLetter ? FoundWord{chunk.size(), false, false} : word_at(text.substr(begin, end - begin));
      const std::string_view word = text.substr(begin, found.octets);
      if (found.has_digit) {
        sketcher.add(WordKind::number, word);
      } else if (found.octets > 0) {
        const std::size_t source = std::min(folded.source.source_of(begin), utf8.size());
        const bool is_name = !found.is_sign && was_capital(word, utf8.substr(source));
        sketcher.add(is_name ? WordKind::name : WordKind::plain, word);
      }
      begin += std::max<std::size_t>(word.size(), 1);
    }
    begin = end + 1;
  }
  return sketcher.sketch();
}

}  // namespace coldpitch
