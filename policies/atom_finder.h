// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Tells which of thousands of fixed texts a text holds and where, in one pass. Immutable; thread-safe.
///
/// Each is known by those eight (of a short one four, or three) of its octets that fewest others have: where these stand in the text
/// the whole is compared. Cost: linear in the text, times the few that share their octets.
class AtomFinder {
 public:
  /// Shorter ones would be found in almost every text.
  static constexpr std::size_t kMinOctets = 3;
  /// Places told of one atom: of what stands in more, more are of no help.
  static constexpr std::size_t kMaxPlaces = 24;

  struct Found {
    std::size_t atom;        ///< its index
    bool has_more;           ///< there are more than kMaxPlaces; `begin` to `end` is then empty
    std::size_t begin, end;  ///< of its places in Finds::places
  };
  struct Finds {
    std::vector<Found> atoms;           ///< each once, in no order
    std::vector<std::uint32_t> places;  ///< offsets where they begin, those of one atom in no order
  };

  /// `atoms` are distinct and have at least kMinOctets.
  explicit AtomFinder(std::vector<std::string> atoms);

  /// What stands in `text` (less than 4 GiB).
  [[nodiscard]] Finds find(std::string_view text) const;
  [[nodiscard]] const std::string& atom(std::size_t index) const { return atoms_[index]; }
  [[nodiscard]] std::size_t size() const { return atoms_.size(); }

 private:
  /// An atom, and where in it the octets stand that it is known by.
  struct Place {
    std::uint64_t octets;
    std::uint32_t atom;
    std::uint32_t offset;
  };
  /// Atoms by the hash of so many octets.
  struct Table {
    unsigned shift = 63;                ///< leaves of a hash the bits of a bucket
    std::vector<std::uint64_t> used;    ///< a bit for each bucket
    std::vector<std::uint32_t> begins;  ///< by bucket, and the end of the last
    std::vector<Place> places;

    [[nodiscard]] std::size_t bucket_of(std::uint64_t octets) const;
    void fill(const std::vector<Place>& atoms);
  };
  /// A place found, and the one found before it of the same atom.
  struct Link {
    std::uint32_t place, before;
  };
  /// What one search has found so far.
  struct Search {
    std::string_view text;
    std::vector<std::uint32_t> last;   ///< by atom: its latest link + 1, 0 for none
    std::vector<std::uint8_t> counts;  ///< by atom
    std::vector<std::uint32_t> found;
    std::vector<Link> links;
  };
  /// The atoms that have `width` octets, and fewer than `below`.
  [[nodiscard]] Table table_of(std::size_t width, std::size_t below) const;
  void look_up(const Table& table, std::uint64_t octets, std::size_t at, Search& search) const;

  std::vector<std::string> atoms_;
  Table eight_, four_, three_;
};

}  // namespace coldpitch
