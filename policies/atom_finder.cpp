// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <limits>

namespace coldpitch {
namespace {

constexpr std::size_t kEight = 8;
constexpr std::size_t kFour = 4;
constexpr std::size_t kThree = 3;
constexpr std::size_t kTwo = 2;
constexpr unsigned kBits = 64;
constexpr unsigned kBefore = 1;
constexpr unsigned kBehind = 2;
/// So many bits of a filter for each atom: few octets of a text meet one by chance.
constexpr std::size_t kSpread = 64;
/// Octets of a text gone through before the atoms are compared that may be there.
constexpr std::size_t kBlock = 512;
/// Octets of an atom that its places tell of; an atom may be longer.
constexpr std::size_t kTold = 255;

/// Octets on all machines in the order of a little-endian one: the masks count from the first.
inline std::uint64_t word_at(const char* octets, std::size_t size = kEight) {
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

/// The first `width` of eight octets.
inline std::uint64_t mask_of(std::size_t width) {
  return width == 0 ? 0 : ~std::uint64_t{0} >> (kBits - 8 * width);
}

/// Leaves of a hash as many of its highest bits as number `count` things, a power of two.
unsigned shift_for(std::size_t count) { return kBits - static_cast<unsigned>(std::countr_zero(count)); }

/// Classes of octets. A word starts at an octet of a higher class than the one before.
constexpr std::uint8_t kOfWord = 2;  ///< as RE2 knows words; 1 is of a character beyond ASCII
constexpr std::uint64_t kEightOfWord = 0x0202020202020202ULL;

/// By arithmetic alone, which compilers do for many octets at once.
constexpr std::uint8_t class_of(char octet) {
  const auto value = static_cast<std::uint8_t>(octet);
  const auto letter = static_cast<std::uint8_t>((value | 0x20U) - 'a');
  const auto digit = static_cast<std::uint8_t>(value - '0');
  const bool is_of_word = (letter < 26) | (digit < 10) | (value == '_');
  return static_cast<std::uint8_t>(is_of_word ? kOfWord : value >> 7U);
}

constexpr auto kIsOfWord = [] {
  std::array<bool, 256> is_of_word{};
  for (std::size_t octet = 0; octet < is_of_word.size(); ++octet)
    is_of_word[octet] = class_of(static_cast<char>(octet)) == kOfWord;
  return is_of_word;
}();

inline bool is_of_word(char octet) { return kIsOfWord[static_cast<unsigned char>(octet)]; }

/// How many of eight octets, of these classes, are of a word before the first that is not.
inline std::size_t word_size(const std::uint8_t* classes) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, classes, kEight);
  const std::uint64_t others = eight ^ kEightOfWord;
  const bool is_little = std::endian::native == std::endian::little;
  return static_cast<std::size_t>(is_little ? std::countr_zero(others) : std::countl_zero(others)) / 8;
}

/// Places where something may be.
class Spots {
 public:
  /// Without a branch, which nothing could foretell.
  void add_if(std::uint64_t may_be, std::size_t at) {
    at_[count_] = static_cast<std::uint32_t>(at);
    count_ += may_be & 1U;
  }
  [[nodiscard]] std::span<const std::uint32_t> all() const { return std::span(at_).first(count_); }

 private:
  std::array<std::uint32_t, kBlock + 1> at_;
  std::size_t count_ = 0;
};

/// What an atom may be known by.
enum class Kind { start, word, four, three, pair };
constexpr std::size_t kKinds = 5;

/// Octets of an atom that it may be known by.
struct Key {
  Kind kind;
  std::size_t offset;
  std::uint64_t octets;
};

bool starts_word(const AtomFinder::Atom& atom, std::size_t at) {
  if (at == 0) return atom.border_before && is_of_word(atom.text.front());
  return class_of(atom.text[at]) > class_of(atom.text[at - 1]);
}

/// Calls `action` with each key of `atom`.
template <typename Action>
void for_each_key(const AtomFinder::Atom& atom, const Action& action) {
  const std::string_view own = atom.text;
  const auto key = [&](Kind kind, std::size_t at, std::size_t width) {
    action(Key{kind, at, word_at(own.data() + at, width)});
  };
  if (own.size() < kFour) key(own.size() == kTwo ? Kind::pair : Kind::three, 0, own.size());
  const std::size_t told = std::min(own.size(), kTold - kEight);
  for (std::size_t at = 0; at < told; ++at) {
    if (at + kFour <= own.size()) key(Kind::four, at, kFour);
    if (!starts_word(atom, at)) continue;
    if (at + kEight <= own.size()) key(Kind::start, at, kEight);
    std::size_t end = at;
    while (end < own.size() && is_of_word(own[end])) ++end;
    const bool is_whole = end < own.size() || atom.border_behind;
    if (is_whole && end > at && end - at < kEight) key(Kind::word, at, end - at);
  }
}

}  // namespace

/// How often keys stand in the atoms: the policies' phrases are of the same languages as mail.
class AtomFinder::Rarity {
 public:
  explicit Rarity(const std::vector<Atom>& atoms) {
    std::size_t octets = 1;
    for (const Atom& atom : atoms) octets += atom.text.size();
    counts_.assign(std::bit_ceil(octets * 2), 0);
    for (const Atom& atom : atoms) for_each_key(atom, [&](const Key& key) { ++counts_[slot_of(key)]; });
  }

  /// The key that stands in the fewest atoms. What is looked for at the starts of words alone is met less often.
  [[nodiscard]] Key rarest(const Atom& atom) const {
    constexpr std::uint32_t kOutsideStarts = 8;
    Key best{};
    std::uint32_t fewest = std::numeric_limits<std::uint32_t>::max();
    for_each_key(atom, [&](const Key& key) {
      const bool is_at_start = key.kind == Kind::start || key.kind == Kind::word;
      const std::uint32_t count = counts_[slot_of(key)] * (is_at_start ? 1 : kOutsideStarts);
      if (count >= fewest) return;
      fewest = count;
      best = key;
    });
    return best;
  }

 private:
  [[nodiscard]] std::size_t slot_of(const Key& key) const {
    return hash_of(hash_of(key.octets) + static_cast<std::uint64_t>(key.kind)) >> shift_for(counts_.size());
  }

  std::vector<std::uint32_t> counts_;
};

/// What one search has found so far. Few of the atoms stand in a text: they are kept in a table that grows with what is found.
class AtomFinder::Search {
 public:
  explicit Search(std::string_view text) : size_(text.size()), slots_(kSlots) {
    padded_.reserve(size_ + (kTold + 1 + kEight) * 2);
    padded_.append(kTold + 1, '\0').append(text).append(kTold + 1 + kEight, '\0');
    items_.reserve(kSlots / 4);
    links_.reserve(kSlots / 2);
  }

  [[nodiscard]] std::size_t size() const { return size_; }
  /// The text, with as many octets around it as the places of an atom tell of.
  [[nodiscard]] const char* text() const { return padded_.data() + kTold + 1; }

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
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = atom * std::size_t{0x9E3779B1} & mask;
    while (slots_[at] != 0 && items_[slots_[at] - 1].atom != atom) at = (at + 1) & mask;
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

  std::string padded_;
  std::size_t size_;
  std::vector<std::uint32_t> slots_;  ///< item + 1, 0 for none; a power of two
  std::vector<Item> items_;
  std::vector<Link> links_;
};

/// Sorts by bucket, by counting.
AtomFinder::Table::Table(const std::vector<Known>& atoms) {
  const std::size_t bits = std::bit_ceil(std::max<std::size_t>(atoms.size() * kSpread, 1U << 15));
  filter_shift_ = shift_for(bits);
  filter_.assign(bits / kBits, 0);
  const std::size_t buckets = std::bit_ceil(std::max<std::size_t>(atoms.size() * 2, 2));
  bucket_shift_ = shift_for(buckets);
  begins_.assign(buckets + 1, 0);
  for (const auto& [octets, place] : atoms) {
    const std::uint64_t bit = hash_of(octets) >> filter_shift_;
    filter_[bit / kBits] |= std::uint64_t{1} << bit % kBits;
    ++begins_[(hash_of(octets) >> bucket_shift_) + 1];
  }
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) begins_[bucket + 1] += begins_[bucket];
  std::vector<std::uint32_t> next = begins_;
  places_.resize(atoms.size());
  for (const auto& [octets, place] : atoms) places_[next[hash_of(octets) >> bucket_shift_]++] = place;
}

inline std::uint64_t AtomFinder::Table::may_know(std::uint64_t octets) const {
  const std::uint64_t bit = hash_of(octets) >> filter_shift_;
  return filter_[bit / kBits] >> bit % kBits;
}

inline std::span<const AtomFinder::Place> AtomFinder::Table::places(std::uint64_t octets) const {
  const std::size_t bucket = hash_of(octets) >> bucket_shift_;
  return std::span(places_).subspan(begins_[bucket], begins_[bucket + 1] - begins_[bucket]);
}

AtomFinder::AtomFinder(const std::vector<Atom>& atoms) {
  const Rarity rarity(atoms);
  std::array<std::vector<Table::Known>, kKinds> known;
  begins_.push_back(0);
  for (const Atom& atom : atoms) {
    const std::string_view own = atom.text;
    const Key key = rarity.rarest(atom);
    // The end tells most where the beginning is known, and the beginning where the end is.
    const std::size_t last = std::min(own.size(), kTold) - std::min(own.size(), kEight);
    const std::size_t told_by = key.offset < last / 2 + 1 ? last : 0;
    const std::size_t width = std::min(own.size(), kEight);
    const unsigned borders = (atom.border_before ? kBefore : 0) | (atom.border_behind ? kBehind : 0);
    const Place place{word_at(own.data() + told_by, width),  static_cast<std::uint32_t>(begins_.size() - 1),
                      static_cast<std::uint8_t>(key.offset), static_cast<std::uint8_t>(told_by),
                      static_cast<std::uint8_t>(width),      static_cast<std::uint8_t>(borders)};
    known[static_cast<std::size_t>(key.kind)].emplace_back(key.octets, place);
    octets_ += own;
    begins_.push_back(static_cast<std::uint32_t>(octets_.size()));
  }
  std::size_t kind = 0;
  for (Table* const table : {&starts_, &words_, &fours_, &threes_, &pairs_}) *table = Table(known[kind++]);
}

/// Whether the atom stands where what it is known by may be at `at`.
inline bool AtomFinder::stands_at(const Place& place, std::size_t at, const Search& search) const {
  const char* const begin = search.text() + at - place.known_by;
  if (((word_at(begin + place.told_by) ^ place.octets) & mask_of(place.width)) != 0) return false;
  const std::size_t size = octets(place.atom);
  if (place.known_by > at || at - place.known_by + size > search.size()) return false;
  const char* const end = begin + size;
  const bool has_before = is_of_word(begin[-1]) != is_of_word(*begin);
  const bool has_behind = is_of_word(end[-1]) != is_of_word(*end);
  if ((place.borders & ~((has_before ? kBefore : 0) | (has_behind ? kBehind : 0))) != 0) return false;
  if (size == place.width) return true;
  const char* const own = octets_.data() + begins_[place.atom];
  std::size_t same = 0;
  while (same + kEight < size && word_at(begin + same) == word_at(own + same)) same += kEight;
  return same + kEight >= size && word_at(end - kEight) == word_at(own + size - kEight);
}

inline void AtomFinder::look_up(std::span<const Place> places, std::size_t at, Search& search) const {
  for (const Place& place : places) {
    if (stands_at(place, at, search)) search.add(place.atom, static_cast<std::uint32_t>(at - place.known_by));
  }
}

/// Of `count` octets of the text from `begin` on: the atoms known by the start of a word.
void AtomFinder::find_starts(Search& search, std::size_t begin, std::size_t count) const {
  const char* const octets = search.text() + begin;
  std::array<std::uint8_t, 1 + kBlock + kEight> classes;
  const char* const before = octets - 1;
  for (std::size_t at = 0; at < count + 1 + kEight; ++at) classes[at] = class_of(before[at]);
  const auto word = [&](std::size_t at) {
    return word_at(octets + at) & mask_of(word_size(&classes[at + 1]));
  };
  Spots all, starts, words;
  for (std::size_t at = 0; at < count; ++at) all.add_if(classes[at + 1] > classes[at] ? 1 : 0, at);
  for (const std::size_t at : all.all()) {
    starts.add_if(starts_.may_know(word_at(octets + at)), at);
    words.add_if(words_.may_know(word(at)), at);
  }
  for (const std::size_t at : starts.all()) look_up(starts_.places(word_at(octets + at)), begin + at, search);
  for (const std::size_t at : words.all()) look_up(words_.places(word(at)), begin + at, search);
}

/// The same of atoms known by what may stand anywhere.
void AtomFinder::find_inside(Search& search, std::size_t begin, std::size_t count) const {
  const char* const octets = search.text() + begin;
  const auto first = [&](std::size_t at, std::size_t width) {
    return word_at(octets + at, kFour) & mask_of(width);
  };
  Spots spots;
  for (std::size_t at = 0; at < count; ++at)
    spots.add_if(fours_.may_know(first(at, kFour)) | threes_.may_know(first(at, kThree)), at);
  for (const std::size_t at : spots.all()) {
    look_up(fours_.places(first(at, kFour)), begin + at, search);
    if (!threes_.is_empty()) look_up(threes_.places(first(at, kThree)), begin + at, search);
  }
  if (pairs_.is_empty()) return;
  Spots pairs;
  for (std::size_t at = 0; at < count; ++at) pairs.add_if(pairs_.may_know(first(at, kTwo)), at);
  for (const std::size_t at : pairs.all()) look_up(pairs_.places(first(at, kTwo)), begin + at, search);
}

AtomFinder::Finds AtomFinder::find(std::string_view text) const {
  Search search(text);
  for (std::size_t begin = 0; begin < text.size(); begin += kBlock) {
    const std::size_t count = std::min(kBlock, text.size() - begin);
    find_starts(search, begin, count);
    find_inside(search, begin, count);
  }
  return search.finds();
}

}  // namespace coldpitch
