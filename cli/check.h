// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "parsers/date.h"
#include "policies/verdict.h"

namespace coldpitch {

struct CheckOptions {
  std::vector<std::string> paths;
  std::string config_file;
  bool json = false;
  std::vector<std::string> recipients;
  std::string authenticated_user;
  std::optional<TimePoint> at;   ///< judge as of then; absent: now
  std::string history = "none";  ///< "none", or a store's path
  std::optional<Level> fail_on;
};

/// Judges messages as the daemon would, and records nothing. Results go to standard output, complaints to standard error.
[[nodiscard]] int run_check(const CheckOptions& options);

}  // namespace coldpitch
