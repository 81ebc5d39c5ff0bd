// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

namespace coldpitch {
namespace {

constexpr std::size_t kEight = 8;
constexpr std::size_t kFour = 4;

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

std::size_t AtomFinder::bucket_of(std::uint64_t octets) {
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15ULL;  // Knuth's multiplicative hash
  return static_cast<std::size_t>((octets * kSpread) >> (64U - kBits));
}

AtomFinder::Table AtomFinder::table_of(std::size_t width, std::size_t below) const {
  const auto belongs = [&](const std::string& atom) { return atom.size() >= width && atom.size() < below; };
  std::unordered_map<std::uint64_t, std::size_t> uses;
  for (const std::string& atom : atoms_) {
    for (std::size_t at = 0; belongs(atom) && at + width <= atom.size(); ++at)
      ++uses[octets_at(atom.data() + at, width)];
  }
  std::vector<std::vector<Place>> buckets(kBuckets);
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
    const std::uint64_t octets = octets_at(atom.data() + best, width);
    buckets[bucket_of(octets)].push_back({octets, static_cast<int>(index), static_cast<std::uint32_t>(best)});
  }
  Table table;
  table.begins.reserve(buckets.size() + 1);
  for (std::size_t bucket = 0; bucket < buckets.size(); ++bucket) {
    table.begins.push_back(static_cast<std::uint32_t>(table.places.size()));
    table.used[bucket] = !buckets[bucket].empty();
    table.places.insert(table.places.end(), buckets[bucket].begin(), buckets[bucket].end());
  }
  table.begins.push_back(static_cast<std::uint32_t>(table.places.size()));
  return table;
}

AtomFinder::AtomFinder(std::vector<std::string> atoms)
    : atoms_(std::move(atoms)),
      eight_(table_of(kEight, std::numeric_limits<std::size_t>::max())),
      four_(table_of(kFour, kEight)),
      three_(table_of(kMinOctets, kFour)) {}

void AtomFinder::look_up(const Table& table, std::uint64_t octets, std::string_view text, std::size_t at,
                         std::vector<bool>& seen, std::vector<int>& found) const {
  const std::size_t bucket = bucket_of(octets);
  if (!table.used[bucket]) return;
  for (std::size_t next = table.begins[bucket]; next < table.begins[bucket + 1]; ++next) {
    const Place& place = table.places[next];
    const auto index = static_cast<std::size_t>(place.atom);
    if (place.octets != octets || seen[index] || place.offset > at) continue;
    if (!text.substr(at - place.offset).starts_with(atoms_[index])) continue;
    seen[index] = true;
    found.push_back(place.atom);
  }
}

std::vector<int> AtomFinder::find(std::string_view text) const {
  std::vector<int> found;
  std::vector<bool> seen(atoms_.size());
  for (std::size_t at = 0; at + kMinOctets <= text.size(); ++at) {
    const char* const here = text.data() + at;
    look_up(three_, octets_at<kMinOctets>(here), text, at, seen, found);
    if (at + kFour <= text.size()) look_up(four_, octets_at<kFour>(here), text, at, seen, found);
    if (at + kEight <= text.size()) look_up(eight_, octets_at<kEight>(here), text, at, seen, found);
  }
  return found;
}

}  // namespace coldpitch
