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
/// Each is known by its four octets that fewest others have: where these stand in the text the whole is compared. Cost: linear in
/// the text, times the few that share their octets.
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
    std::uint32_t octets;
    int atom;
    std::uint32_t offset;
  };
  /// Atoms by the hash of so many octets.
  struct Table {
    std::bitset<kBuckets> used;
    std::vector<std::uint32_t> begins;  ///< by bucket, and the end of the last
    std::vector<Place> places;
  };
  static std::size_t bucket_of(std::uint32_t octets);
  static Table table_of(const std::vector<std::vector<Place>>& buckets);
  void look_up(const Table& table, std::uint32_t octets, std::string_view text, std::size_t at,
               std::vector<bool>& seen, std::vector<int>& found) const;

  std::vector<std::string> atoms_;
  Table short_, long_;
};

}  // namespace coldpitch
