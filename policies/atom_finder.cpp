// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kEight = 8;
constexpr std::size_t kFour = 4;
constexpr std::size_t kThree = 3;
constexpr std::size_t kTwo = 2;
constexpr unsigned kBits = 64;
constexpr unsigned kBefore = 1;
constexpr unsigned kBehind = 2;
/// So many bits of the filter for an atom: few octets of a text meet one by chance.
constexpr std::size_t kSpread = 16;
constexpr std::size_t kPairs = std::size_t{1} << 16U;
constexpr std::uint64_t kThreeOctets = 0xFFFFFF;
constexpr std::uint64_t kTwoOctets = 0xFFFF;

/// Octets on all machines in the order of a little-endian one: the masks count from the first.
std::uint64_t word_at(const char* octets, std::size_t size = kEight) {
  std::uint64_t value = 0;
  if constexpr (std::endian::native == std::endian::little) {
    std::memcpy(&value, octets, size);
  } else {
    for (std::size_t at = 0; at < size; ++at)
      value |= std::uint64_t{static_cast<unsigned char>(octets[at])} << (at * 8);
  }
  return value;
}

inline std::uint64_t hash_of(std::uint64_t octets) {
  return octets * 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hash
}

/// Bits of a filter's word, which the hash's highest, that choose the word, do not know.
inline std::uint64_t two_bits(std::uint64_t hash) {
  return std::uint64_t{1} << (hash >> 32U) % kBits | std::uint64_t{1} << (hash >> 38U) % kBits;
}

/// The bit of a filter's word that stands for the fourth of some octets.
inline unsigned fourth_bit(std::uint64_t octets, std::uint64_t hash_of_three) {
  return static_cast<unsigned>((octets >> 24U & 0xFFU) + (hash_of_three >> 40U)) % kBits;
}

bool is_word(char octet) { return is_ascii_alnum(octet) || octet == '_'; }

std::uint8_t borders_of(const AtomFinder::Atom& atom) {
  const unsigned before = atom.border_before ? kBefore : 0;
  const unsigned behind = atom.border_behind ? kBehind : 0;
  return static_cast<std::uint8_t>(before | behind);
}

/// RE2's "\b".
bool is_border(std::string_view text, std::size_t at) {
  const bool before = at > 0 && is_word(text[at - 1]);
  const bool behind = at < text.size() && is_word(text[at]);
  return before != behind;
}

/// The first `width` of eight octets.
inline std::uint64_t mask_of(std::size_t width) { return ~std::uint64_t{0} >> (kBits - 8 * width); }

/// Leaves of a hash as many of its highest bits as number `count` things, a power of two.
unsigned shift_for(std::size_t count) { return kBits - static_cast<unsigned>(std::countr_zero(count)); }

}  // namespace

/// How often octets stand in the atoms: the policies' phrases are of the same languages as mail.
class AtomFinder::Rarity {
 public:
  Rarity(std::string_view octets, const std::vector<std::uint32_t>& begins) : pairs_(kPairs), fours_(kFours) {
    for (std::size_t atom = 0; atom + 1 < begins.size(); ++atom) {
      for (std::size_t at = begins[atom]; at + kTwo <= begins[atom + 1]; ++at) ++pairs_[pair(&octets[at])];
      for (std::size_t at = begins[atom]; at + kFour <= begins[atom + 1]; ++at) ++fours_[four(&octets[at])];
    }
  }

  /// Of the `width` octets: the lower the rarer.
  [[nodiscard]] double commonness(const char* octets, std::size_t width) const {
    double common = width < kFour ? 1 : std::pow(fours_[four(octets)], 3);
    for (std::size_t at = 0; at + kTwo <= width; ++at) common *= pairs_[pair(octets + at)];
    return common;
  }

 private:
  static constexpr std::size_t kFours = std::size_t{1} << 18U;

  static std::size_t pair(const char* octets) { return static_cast<std::size_t>(word_at(octets, kTwo)); }
  static std::size_t four(const char* octets) {
    return static_cast<std::size_t>(hash_of(word_at(octets, kFour)) >> (kBits - 18));
  }

  std::vector<std::uint32_t> pairs_, fours_;
};

/// What one search has found so far. Few of the atoms stand in a text: they are kept in a table that grows with what is found.
class AtomFinder::Search {
 public:
  explicit Search(std::string_view text) : text_(text), slots_(kSlots) {}

  [[nodiscard]] std::string_view text() const { return text_; }

  void add(std::uint32_t atom, std::uint32_t begin) {
    Item& item = items_[index_of(atom)];
    if (item.count > kMaxPlaces) return;
    if (++item.count > kMaxPlaces) return;
    links_.push_back({begin, item.last});
    item.last = static_cast<std::uint32_t>(links_.size());
  }

  [[nodiscard]] Finds finds() const {
    Finds finds;
    finds.atoms.reserve(items_.size());
    finds.places.reserve(links_.size());
    for (const Item& item : items_) {
      const std::size_t begin = finds.places.size();
      const bool has_more = item.count > kMaxPlaces;
      for (std::uint32_t link = has_more ? 0 : item.last; link != 0; link = links_[link - 1].before)
        finds.places.push_back(links_[link - 1].place);
      finds.atoms.push_back({item.atom, has_more, begin, finds.places.size()});
    }
    return finds;
  }

 private:
  static constexpr std::size_t kSlots = 256;

  struct Item {
    std::uint32_t atom;
    std::uint32_t count;
    std::uint32_t last;  ///< link + 1, 0 for none
  };
  /// A place found, and the one found before it of the same atom.
  struct Link {
    std::uint32_t place, before;
  };

  /// The slot of `atom`, or the free one where it belongs.
  std::uint32_t& slot_of(std::uint32_t atom) {
    std::size_t at = atom * std::size_t{0x9E3779B1} % slots_.size();
    while (slots_[at] != 0 && items_[slots_[at] - 1].atom != atom) at = (at + 1) % slots_.size();
    return slots_[at];
  }

  std::size_t index_of(std::uint32_t atom) {
    std::uint32_t& slot = slot_of(atom);
    if (slot != 0) return slot - 1;
    items_.push_back({atom, 0, 0});
    slot = static_cast<std::uint32_t>(items_.size());
    if (items_.size() * 2 > slots_.size()) grow();
    return items_.size() - 1;
  }

  void grow() {
    slots_.assign(slots_.size() * 4, 0);
    for (std::uint32_t item = 0; item < items_.size(); ++item) slot_of(items_[item].atom) = item + 1;
  }

  std::string_view text_;
  std::vector<std::uint32_t> slots_;  ///< item + 1, 0 for none
  std::vector<Item> items_;
  std::vector<Link> links_;
};

/// Sorts by bucket, by counting.
void AtomFinder::Table::fill(const std::vector<Place>& atoms) {
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(atoms.size() * 2, 2));
  shift = shift_for(buckets);
  begins.assign(buckets + 1, 0);
  const auto bucket_of = [&](const Place& atom) { return hash_of(atom.octets & mask) >> shift; };
  for (const Place& atom : atoms) ++begins[bucket_of(atom) + 1];
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) begins[bucket + 1] += begins[bucket];
  std::vector<std::uint32_t> next = begins;
  places.resize(atoms.size());
  for (const Place& atom : atoms) places[next[bucket_of(atom)]++] = atom;
}

AtomFinder::Table AtomFinder::table_of(const std::vector<Atom>& atoms, std::size_t width, std::size_t below,
                                       const Rarity& rarity) const {
  std::vector<Place> known_by;
  for (std::size_t index = 0; index < size(); ++index) {
    const std::string_view own = text_of(index);
    if (own.size() < width || own.size() >= below) continue;
    std::size_t best = 0;
    double rarest = std::numeric_limits<double>::max();
    const std::size_t last =
        std::min<std::size_t>(own.size() - width, std::numeric_limits<std::uint16_t>::max());
    for (std::size_t at = 0; at <= last; ++at) {
      const double common = rarity.commonness(own.data() + at, width);
      if (common >= rarest) continue;
      rarest = common;
      best = at;
    }
    const std::size_t there = std::min(kEight, own.size() - best);
    known_by.push_back({word_at(own.data() + best, there), static_cast<std::uint32_t>(index),
                        static_cast<std::uint16_t>(best), static_cast<std::uint8_t>(there),
                        borders_of(atoms[index])});
  }
  Table table;
  table.mask = mask_of(width);
  table.fill(known_by);
  return table;
}

void AtomFinder::fill_filters() {
  const auto words_for = [](std::size_t bits) {
    return std::bit_ceil(std::max<std::size_t>(bits / kBits, 2));
  };
  const std::size_t long_words = words_for(eight_.places.size() * kSpread);
  long_shift_ = shift_for(long_words);
  long_filter_.assign(long_words, 0);
  for (const Place& place : eight_.places) {
    const std::uint64_t hash = hash_of(place.octets);
    long_filter_[hash >> long_shift_] |= two_bits(hash);
  }
  const std::size_t short_words =
      words_for(std::max(four_.places.size(), three_.places.size() * kBits) * kSpread);
  short_shift_ = shift_for(short_words);
  short_filter_.assign(short_words, 0);
  for (const Place& place : four_.places) {
    const std::uint64_t hash = hash_of(place.octets & kThreeOctets);
    short_filter_[hash >> short_shift_] |= std::uint64_t{1} << fourth_bit(place.octets, hash);
  }
  for (const Place& place : three_.places)
    short_filter_[hash_of(place.octets) >> short_shift_] = ~std::uint64_t{0};
  pairs_.assign(kPairs / kBits, 0);
  for (const Place& place : two_.places)
    pairs_[place.octets / kBits] |= std::uint64_t{1} << place.octets % kBits;
}

AtomFinder::AtomFinder(const std::vector<Atom>& atoms) {
  begins_.push_back(0);
  for (const Atom& one : atoms) {
    octets_ += one.text;
    begins_.push_back(static_cast<std::uint32_t>(octets_.size()));
  }
  const Rarity rarity(octets_, begins_);
  eight_ = table_of(atoms, kEight, std::numeric_limits<std::size_t>::max(), rarity);
  four_ = table_of(atoms, kFour, kEight, rarity);
  three_ = table_of(atoms, kThree, kFour, rarity);
  two_ = table_of(atoms, kTwo, kThree, rarity);
  fill_filters();
}

/// Whether an atom may be known by eight octets: false for almost all of a text.
inline bool AtomFinder::may_be_long(std::uint64_t octets) const {
  const std::uint64_t hash = hash_of(octets);
  const std::uint64_t bits = two_bits(hash);
  return (long_filter_[hash >> long_shift_] & bits) == bits;
}

/// Whether a short atom may be known by the first of eight octets.
inline bool AtomFinder::may_be_short(std::uint64_t octets) const {
  const std::uint64_t hash = hash_of(octets & kThreeOctets);
  const std::uint64_t longer = short_filter_[hash >> short_shift_] >> fourth_bit(octets, hash);
  const std::uint64_t pair = octets & kTwoOctets;
  return ((longer | pairs_[pair / kBits] >> pair % kBits) & 1U) != 0;
}

/// Its octets from the offset on are compared already.
inline bool AtomFinder::stands_at(const Place& place, std::string_view text, std::size_t begin) const {
  const std::size_t size = octets(place.atom);
  if (begin + size > text.size()) return false;
  if ((place.borders & kBefore) != 0 && !is_border(text, begin)) return false;
  if ((place.borders & kBehind) != 0 && !is_border(text, begin + size)) return false;
  const bool is_compared = place.offset == 0 && place.width == size;
  return is_compared || text.substr(begin).starts_with(text_of(place.atom));
}

void AtomFinder::look_up(const Table& table, std::uint64_t octets, std::size_t at, Search& search) const {
  const std::size_t bucket = hash_of(octets & table.mask) >> table.shift;
  for (std::size_t next = table.begins[bucket]; next < table.begins[bucket + 1]; ++next) {
    const Place& place = table.places[next];
    if (((place.octets ^ octets) & mask_of(place.width)) != 0 || place.offset > at) continue;
    const std::size_t begin = at - place.offset;
    if (stands_at(place, search.text(), begin)) search.add(place.atom, static_cast<std::uint32_t>(begin));
  }
}

void AtomFinder::look_up_short(std::uint64_t octets, std::size_t at, Search& search) const {
  for (const Table* table : {&four_, &three_, &two_}) look_up(*table, octets, at, search);
}

AtomFinder::Finds AtomFinder::find(std::string_view text) const {
  Search search(text);
  std::size_t at = 0;
  for (; at + kEight <= text.size(); ++at) {
    const std::uint64_t octets = word_at(text.data() + at);
    if (may_be_long(octets)) look_up(eight_, octets, at, search);
    if (may_be_short(octets)) look_up_short(octets, at, search);
  }
  // Behind the end stand no octets: an atom that would need them is not taken when the whole is compared.
  for (; at < text.size(); ++at) look_up_short(word_at(text.data() + at, text.size() - at), at, search);
  return search.finds();
}

}  // namespace coldpitch
