// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Tells which of thousands of fixed texts a text holds and where, in one pass. Immutable; thread-safe.
///
/// Each is known by those eight (of a short one four, three or two) of its octets that are rarest in all of them: where these stand in
/// the text the whole is compared. Cost: linear in the text, times the few that share their octets.
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
  /// Where in an atom the octets stand that it is known by.
  struct Place {
    std::uint64_t octets;  ///< there, up to eight
    std::uint32_t atom;
    std::uint16_t offset;
    std::uint8_t width;    ///< of `octets`
    std::uint8_t borders;  ///< kBefore and kBehind
  };
  /// Atoms known by so many octets.
  struct Table {
    std::uint64_t mask = 0;             ///< leaves of eight octets those
    unsigned shift = 63;                ///< leaves of a hash the bucket
    std::vector<std::uint32_t> begins;  ///< by bucket, and the end of the last
    std::vector<Place> places;

    void fill(const std::vector<Place>& atoms);
  };
  class Search;
  class Rarity;

  [[nodiscard]] std::string_view text_of(std::size_t index) const {
    return std::string_view(octets_).substr(begins_[index], octets(index));
  }
  /// The atoms that have `width` octets, and fewer than `below`.
  [[nodiscard]] Table table_of(const std::vector<Atom>& atoms, std::size_t width, std::size_t below,
                               const Rarity& rarity) const;
  void fill_filters();
  [[nodiscard]] bool may_be_long(std::uint64_t octets) const;
  [[nodiscard]] bool may_be_short(std::uint64_t octets) const;
  [[nodiscard]] bool stands_at(const Place& place, std::string_view text, std::size_t begin) const;
  void look_up(const Table& table, std::uint64_t octets, std::size_t at, Search& search) const;
  void look_up_short(std::uint64_t octets, std::size_t at, Search& search) const;

  std::string octets_;                 ///< of all atoms
  std::vector<std::uint32_t> begins_;  ///< by atom, and the end of the last
  Table eight_, four_, three_, two_;
  /// A word by the hash of eight octets, in it two bits.
  std::vector<std::uint64_t> long_filter_;
  unsigned long_shift_ = 63;
  /// A word by the hash of three octets, in it a bit by the fourth; all of them for an atom known by three.
  std::vector<std::uint64_t> short_filter_;
  unsigned short_shift_ = 63;
  std::vector<std::uint64_t> pairs_;  ///< a bit for each two octets that an atom is known by
};

}  // namespace coldpitch
