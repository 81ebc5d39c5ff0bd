// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coldpitch {

/// Counts by name.
class Tally {
 public:
  void add(std::string_view name, std::size_t count = 1);
  [[nodiscard]] bool empty() const { return counts_.empty(); }
  [[nodiscard]] std::size_t size() const { return counts_.size(); }
  [[nodiscard]] std::size_t of(std::string_view name) const;
  [[nodiscard]] std::size_t total() const;
  /// The `most` highest, highest first, equal ones by name.
  [[nodiscard]] std::vector<std::pair<std::string, std::size_t>> top(std::size_t most) const;

 private:
  std::map<std::string, std::size_t, std::less<>> counts_;
};

}  // namespace coldpitch
