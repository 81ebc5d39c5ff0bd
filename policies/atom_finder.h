// SPDX-License-Identifier: MIT
#pragma once

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Tells which of thousands of fixed texts a text holds, in one pass. Immutable; thread-safe.
///
/// Each is known by those eight (of a short one four, or three) of its octets that fewest others have: where these stand in the text
/// the whole is compared. Cost: linear in the text, times the few that share their octets.
class AtomFinder {
 public:
  /// Shorter ones would be found in almost every text.
  static constexpr std::size_t kMinOctets = 3;

  /// `atoms` are distinct and have at least kMinOctets.
  explicit AtomFinder(std::vector<std::string> atoms);

  /// The indices of the atoms that stand in `text`, in no order.
  [[nodiscard]] std::vector<int> find(std::string_view text) const;

 private:
  static constexpr unsigned kBits = 18;
  static constexpr std::size_t kBuckets = std::size_t{1} << kBits;

  /// An atom, and where in it the octets stand that it is known by.
  struct Place {
    std::uint64_t octets;
    int atom;
    std::uint32_t offset;
  };
  /// Atoms by the hash of so many octets.
  struct Table {
    std::bitset<kBuckets> used;
    std::vector<std::uint32_t> begins;  ///< by bucket, and the end of the last
    std::vector<Place> places;
  };
  static std::size_t bucket_of(std::uint64_t octets);
  /// The atoms that have `width` octets, and fewer than `below`.
  [[nodiscard]] Table table_of(std::size_t width, std::size_t below) const;
  void look_up(const Table& table, std::uint64_t octets, std::string_view text, std::size_t at,
               std::vector<bool>& seen, std::vector<int>& found) const;

  std::vector<std::string> atoms_;
  Table eight_, four_, three_;
};

}  // namespace coldpitch
