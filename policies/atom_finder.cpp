// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

namespace coldpitch {
namespace {

constexpr std::size_t kEight = 8;
constexpr std::size_t kFour = 4;
constexpr std::size_t kHashBits = 64;
/// So many buckets for an atom: few octets of a text meet a used one by chance.
constexpr std::size_t kSpread = 16;

template <std::size_t width>
std::uint64_t octets_at(const char* octets) {
  std::uint64_t value = 0;
  std::memcpy(&value, octets, width);
  return value;
}

std::uint64_t octets_at(const char* octets, std::size_t width) {
  std::uint64_t value = 0;
  std::memcpy(&value, octets, width);
  return value;
}

}  // namespace

inline std::size_t AtomFinder::Table::bucket_of(std::uint64_t octets) const {
  constexpr std::uint64_t kMultiplier = 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hash
  return static_cast<std::size_t>((octets * kMultiplier) >> shift);
}

/// Sorts by bucket, by counting.
void AtomFinder::Table::fill(const std::vector<Place>& atoms) {
  const std::size_t buckets = std::bit_ceil(std::max(atoms.size() * kSpread, kHashBits));
  shift = static_cast<unsigned>(kHashBits) - static_cast<unsigned>(std::countr_zero(buckets));
  used.assign(buckets / kHashBits, 0);
  begins.assign(buckets + 1, 0);
  for (const Place& atom : atoms) {
    const std::size_t bucket = bucket_of(atom.octets);
    used[bucket / kHashBits] |= std::uint64_t{1} << (bucket % kHashBits);
    ++begins[bucket + 1];
  }
  for (std::size_t bucket = 0; bucket < buckets; ++bucket) begins[bucket + 1] += begins[bucket];
  std::vector<std::uint32_t> next = begins;
  places.resize(atoms.size());
  for (const Place& atom : atoms) places[next[bucket_of(atom.octets)]++] = atom;
}

AtomFinder::Table AtomFinder::table_of(std::size_t width, std::size_t below) const {
  const auto belongs = [&](const std::string& atom) { return atom.size() >= width && atom.size() < below; };
  std::unordered_map<std::uint64_t, std::size_t> uses;
  for (const std::string& atom : atoms_) {
    for (std::size_t at = 0; belongs(atom) && at + width <= atom.size(); ++at)
      ++uses[octets_at(atom.data() + at, width)];
  }
  std::vector<Place> known_by;
  for (std::size_t index = 0; index < atoms_.size(); ++index) {
    const std::string& atom = atoms_[index];
    if (!belongs(atom)) continue;
    std::size_t best = 0;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (std::size_t at = 0; at + width <= atom.size(); ++at) {
      const std::size_t count = uses[octets_at(atom.data() + at, width)];
      if (count >= fewest) continue;
      fewest = count;
      best = at;
    }
    known_by.push_back({octets_at(atom.data() + best, width), static_cast<std::uint32_t>(index),
                        static_cast<std::uint32_t>(best)});
  }
  Table table;
  table.fill(known_by);
  return table;
}

AtomFinder::AtomFinder(std::vector<std::string> atoms)
    : atoms_(std::move(atoms)),
      eight_(table_of(kEight, std::numeric_limits<std::size_t>::max())),
      four_(table_of(kFour, kEight)),
      three_(table_of(kMinOctets, kFour)) {}

inline void AtomFinder::look_up(const Table& table, std::uint64_t octets, std::size_t at,
                                Search& search) const {
  const std::size_t bucket = table.bucket_of(octets);
  if ((table.used[bucket / kHashBits] >> (bucket % kHashBits) & 1U) == 0) return;
  for (std::size_t next = table.begins[bucket]; next < table.begins[bucket + 1]; ++next) {
    const Place& place = table.places[next];
    if (place.octets != octets || place.offset > at) continue;
    std::uint8_t& count = search.counts[place.atom];
    if (count > kMaxPlaces) continue;
    const std::size_t begin = at - place.offset;
    if (!search.text.substr(begin).starts_with(atoms_[place.atom])) continue;
    if (count++ == 0) search.found.push_back(place.atom);
    search.links.push_back({static_cast<std::uint32_t>(begin), search.last[place.atom]});
    search.last[place.atom] = static_cast<std::uint32_t>(search.links.size());
  }
}

AtomFinder::Finds AtomFinder::find(std::string_view text) const {
  Search search{
      text, std::vector<std::uint32_t>(atoms_.size()), std::vector<std::uint8_t>(atoms_.size()), {}, {}};
  for (std::size_t at = 0; at + kMinOctets <= text.size(); ++at) {
    const char* const here = text.data() + at;
    look_up(three_, octets_at<kMinOctets>(here), at, search);
    if (at + kFour <= text.size()) look_up(four_, octets_at<kFour>(here), at, search);
    if (at + kEight <= text.size()) look_up(eight_, octets_at<kEight>(here), at, search);
  }
  Finds finds;
  finds.atoms.reserve(search.found.size());
  finds.places.reserve(search.links.size());
  for (const std::uint32_t atom : search.found) {
    const std::size_t begin = finds.places.size();
    const bool has_more = search.counts[atom] > kMaxPlaces;
    for (std::uint32_t link = has_more ? 0 : search.last[atom]; link != 0;
         link = search.links[link - 1].before)
      finds.places.push_back(search.links[link - 1].place);
    finds.atoms.push_back({atom, has_more, begin, finds.places.size()});
  }
  return finds;
}

}  // namespace coldpitch
