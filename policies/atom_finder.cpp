// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <cstring>
#include <limits>
#include <unordered_map>
#include <utility>

namespace coldpitch {
namespace {

constexpr std::size_t kLong = 4;

std::uint32_t octets_at(const char* octets, std::size_t count) {
  std::uint32_t value = 0;
  std::memcpy(&value, octets, count);
  return value;
}

}  // namespace

std::size_t AtomFinder::bucket_of(std::uint32_t octets) {
  constexpr std::uint32_t kSpread = 2654435761U;  // Knuth's multiplicative hash
  return (octets * kSpread) >> (32U - kBits);
}

AtomFinder::Table AtomFinder::table_of(const std::vector<std::vector<Place>>& buckets) {
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

AtomFinder::AtomFinder(std::vector<std::string> atoms) : atoms_(std::move(atoms)) {
  std::unordered_map<std::uint32_t, std::size_t> uses;
  for (const std::string& atom : atoms_) {
    for (std::size_t at = 0; at + kLong <= atom.size(); ++at) ++uses[octets_at(atom.data() + at, kLong)];
  }
  std::vector<std::vector<Place>> short_buckets(kBuckets);
  std::vector<std::vector<Place>> long_buckets(kBuckets);
  for (std::size_t index = 0; index < atoms_.size(); ++index) {
    const std::string& atom = atoms_[index];
    if (atom.size() < kLong) {
      const std::uint32_t octets = octets_at(atom.data(), kMinOctets);
      short_buckets[bucket_of(octets)].push_back({octets, static_cast<int>(index), 0});
      continue;
    }
    std::size_t best = 0;
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (std::size_t at = 0; at + kLong <= atom.size(); ++at) {
      const std::size_t count = uses[octets_at(atom.data() + at, kLong)];
      if (count >= fewest) continue;
      fewest = count;
      best = at;
    }
    const std::uint32_t octets = octets_at(atom.data() + best, kLong);
    long_buckets[bucket_of(octets)].push_back(
        {octets, static_cast<int>(index), static_cast<std::uint32_t>(best)});
  }
  short_ = table_of(short_buckets);
  long_ = table_of(long_buckets);
}

void AtomFinder::look_up(const Table& table, std::uint32_t octets, std::string_view text, std::size_t at,
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
    look_up(short_, octets_at(text.data() + at, kMinOctets), text, at, seen, found);
    if (at + kLong > text.size()) break;
    look_up(long_, octets_at(text.data() + at, kLong), text, at, seen, found);
  }
  return found;
}

}  // namespace coldpitch
