// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

namespace coldpitch {

/// Octets [begin, end) of some text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  bool operator==(const Span&) const = default;
};

/// Maps offsets of a text made from another (folded, joined, cut) back to offsets of its source.
///
/// Kept as runs in which both texts advance octet by octet, so plain ASCII costs one entry, and blocks
/// where octets of other numbers stand for each other. Offsets must be added in rising order of the made
/// text; the sources may go anywhere, but within the project's uses they rise too. Thread-safe for reading.
class OffsetMap {
 public:
  /// From octet `made` of the made text on, octet `made + i` comes from `source + i`, until the next
  /// run. Merged with the run before where that says the same. `made` must not be less than the last.
  void add(std::size_t made, std::size_t source);

  /// From octet `made` of the made text on, every octet comes from the whole of `source`, until the next run
  /// (a letter that was widened, narrowed or composed). `made` must not be less than the last.
  void add_block(std::size_t made, Span source);

  /// Source offset of `made`: 0 for an empty map. Offsets past the last run continue it; in a block it is
  /// the block's begin.
  /// Cost: logarithmic in the number of runs.
  [[nodiscard]] std::size_t source_of(std::size_t made) const;

  /// The source octets that made [begin, end): from the source of the first octet to just behind the
  /// source of the last one (a block counts as a whole, what was dropped inside is covered). Empty stays empty.
  /// `source_size` bounds the result.
  [[nodiscard]] Span source_of(Span made, std::size_t source_size) const;

  /// This map followed by `next` (this: made -> middle; next: middle -> source). Cost: the runs of both, times a logarithm.
  [[nodiscard]] OffsetMap then(const OffsetMap& next) const;

  /// Number of runs: what the map costs.
  [[nodiscard]] std::size_t runs() const { return runs_.size(); }

 private:
  /// Of a run that is no block.
  static constexpr std::size_t kOctetByOctet = static_cast<std::size_t>(-1);

  struct Run {
    std::size_t made = 0;
    std::size_t source = 0;
    std::size_t block_octets = kOctetByOctet;  ///< of the source

    [[nodiscard]] bool is_block() const { return block_octets != kOctetByOctet; }
    [[nodiscard]] Span whole() const { return {source, source + block_octets}; }
  };

  void append(const Run& run);
  [[nodiscard]] const Run* run_of(std::size_t made) const;

  std::vector<Run> runs_;
};

}  // namespace coldpitch
