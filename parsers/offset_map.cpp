// SPDX-License-Identifier: MIT
#include "parsers/offset_map.h"

#include <algorithm>
#include <iterator>

namespace coldpitch {

void OffsetMap::add(std::size_t made, std::size_t source) { append({made, source, kOctetByOctet}); }

void OffsetMap::add_block(std::size_t made, Span source) { append({made, source.begin, source.size()}); }

void OffsetMap::append(const Run& run) {
  if (!runs_.empty() && runs_.back().made == run.made) runs_.pop_back();
  if (!runs_.empty() && runs_.back().block_octets == run.block_octets) {
    const Run& last = runs_.back();
    const std::size_t expected = run.is_block() ? last.source : last.source + (run.made - last.made);
    if (expected == run.source) return;
  }
  runs_.push_back(run);
}

/// The run `made` lies in; the first one for what lies before all, null for an empty map.
const OffsetMap::Run* OffsetMap::run_of(std::size_t made) const {
  if (runs_.empty()) return nullptr;
  const auto next = std::upper_bound(runs_.begin(), runs_.end(), made,
                                     [](std::size_t offset, const Run& run) { return offset < run.made; });
  return next == runs_.begin() ? &*next : &*std::prev(next);
}

std::size_t OffsetMap::source_of(std::size_t made) const {
  const Run* run = run_of(made);
  if (run == nullptr) return 0;
  return run->is_block() || made < run->made ? run->source : run->source + (made - run->made);
}

Span OffsetMap::source_of(Span made, std::size_t source_size) const {
  const std::size_t begin = std::min(source_of(made.begin), source_size);
  if (made.end <= made.begin || runs_.empty()) return {begin, begin};
  const Run& last = *run_of(made.end - 1);
  const std::size_t end = last.is_block() ? last.whole().end : source_of(made.end - 1) + 1;
  return {begin, std::max(begin, std::min(end, source_size))};
}

OffsetMap OffsetMap::then(const OffsetMap& next) const {
  OffsetMap joined;
  for (auto run = runs_.begin(); run != runs_.end(); ++run) {
    if (run->is_block()) {
      joined.add_block(run->made, next.source_of(run->whole(), kOctetByOctet));
      continue;
    }
    const Run* first = next.run_of(run->source);
    if (first != nullptr && first->is_block()) {
      joined.add_block(run->made, first->whole());
    } else {
      joined.add(run->made, next.source_of(run->source));
    }
    const bool is_last = std::next(run) == runs_.end();
    const std::size_t length = is_last ? kOctetByOctet - run->source : std::next(run)->made - run->made;
    auto inner = std::upper_bound(next.runs_.begin(), next.runs_.end(), run->source,
                                  [](std::size_t offset, const Run& each) { return offset < each.made; });
    for (; inner != next.runs_.end() && inner->made - run->source < length; ++inner) {
      joined.append({run->made + (inner->made - run->source), inner->source, inner->block_octets});
    }
  }
  return joined;
}

}  // namespace coldpitch
