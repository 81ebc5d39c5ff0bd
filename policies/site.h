// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

namespace coldpitch {

/// What the site is and buys, in the names of offers that rules give (`offer:`): by it an offer is irrelevant or not.
struct Site {
  std::vector<std::string> we_are;      ///< what it does itself
  std::vector<std::string> we_buy;      ///< what it may have use for; empty: not said
  std::vector<std::string> not_for_us;  ///< what it has no use for

  bool operator==(const Site&) const = default;
};

}  // namespace coldpitch
