// SPDX-License-Identifier: MIT
#include "cli/tally.h"

#include <algorithm>

namespace coldpitch {

void Tally::add(std::string_view name, std::size_t count) {
  const auto found = counts_.find(name);
  if (found == counts_.end()) {
    counts_.emplace(name, count);
  } else {
    found->second += count;
  }
}

std::size_t Tally::of(std::string_view name) const {
  const auto found = counts_.find(name);
  return found == counts_.end() ? 0 : found->second;
}

std::size_t Tally::total() const {
  std::size_t sum = 0;
  for (const auto& [name, count] : counts_) sum += count;
  return sum;
}

std::vector<std::pair<std::string, std::size_t>> Tally::top(std::size_t most) const {
  std::vector<std::pair<std::string, std::size_t>> list(counts_.begin(), counts_.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& left, const auto& right) { return left.second > right.second; });
  if (list.size() > most) list.resize(most);
  return list;
}

}  // namespace coldpitch
