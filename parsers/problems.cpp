// SPDX-License-Identifier: MIT
#include "parsers/problems.h"

#include <algorithm>

namespace coldpitch {

void Problems::add(std::string_view name) {
  if (!has(name)) names_.emplace_back(name);
}

bool Problems::has(std::string_view name) const {
  return std::find(names_.begin(), names_.end(), name) != names_.end();
}

}  // namespace coldpitch
