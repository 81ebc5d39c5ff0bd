// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldpitch {

/// Tells which of thousands of fixed texts a text holds and where, in one pass. Immutable; thread-safe.
///
/// Each is known by those of its octets that are rarest in all of them: eight from the start of a word on, a whole word of fewer, or, if it
/// has neither, four of them wherever they stand (of a short one three or two). Filters of bits tell without a branch where in a text such
/// octets may be; there the whole is compared. Cost: linear in the text, times the few that share their octets.
class AtomFinder {
 public:
  static constexpr std::size_t kMinOctets = 2;
  /// Places told of one atom: of what stands in more, more are of no help.
  static constexpr std::size_t kMaxPlaces = 24;

  /// Octets, and whether they must begin or end at a border of a word (RE2's "\b": of ASCII words).
  struct Atom {
    std::string text;
    bool border_before = false, border_behind = false;

    auto operator<=>(const Atom&) const = default;
  };
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
  explicit AtomFinder(const std::vector<Atom>& atoms);

  /// What stands in `text` (less than 4 GiB).
  [[nodiscard]] Finds find(std::string_view text) const;
  [[nodiscard]] std::size_t octets(std::size_t atom) const { return begins_[atom + 1] - begins_[atom]; }
  [[nodiscard]] std::size_t size() const { return begins_.size() - 1; }

 private:
  /// An atom, and the octets that tell it from those known by the same.
  struct Place {
    std::uint64_t octets;  ///< up to eight
    std::uint32_t atom;
    std::uint8_t known_by;  ///< offset in the atom of the octets it is known by
    std::uint8_t told_by;   ///< offset of `octets`
    std::uint8_t width;     ///< of `octets`
    std::uint8_t borders;   ///< kBefore and kBehind
  };
  /// Atoms by a hash of the octets they are known by.
  class Table {
   public:
    using Known = std::pair<std::uint64_t, Place>;  ///< the octets, and the atom

    explicit Table(const std::vector<Known>& atoms = {});

    [[nodiscard]] bool is_empty() const { return places_.empty(); }
    /// In the lowest bit whether an atom may be known by `octets`.
    [[nodiscard]] std::uint64_t may_know(std::uint64_t octets) const;
    [[nodiscard]] std::span<const Place> places(std::uint64_t octets) const;

   private:
    std::vector<std::uint64_t> filter_;  ///< a bit by hash
    unsigned filter_shift_ = 63;         ///< leaves of a hash the bit
    std::vector<std::uint32_t> begins_;  ///< by bucket, and the end of the last
    unsigned bucket_shift_ = 63;         ///< leaves of a hash the bucket
    std::vector<Place> places_;
  };
  class Rarity;
  class Search;

  [[nodiscard]] bool stands_at(const Place& place, std::size_t at, const Search& search) const;
  void look_up(std::span<const Place> places, std::size_t at, Search& search) const;
  void find_starts(Search& search, std::size_t begin, std::size_t count) const;
  void find_inside(Search& search, std::size_t begin, std::size_t count) const;

  std::string octets_;                             ///< of all atoms
  std::vector<std::uint32_t> begins_;              ///< by atom, and the end of the last
  Table starts_, words_, fours_, threes_, pairs_;  ///< by what the atoms are known by
};

}  // namespace coldpitch
