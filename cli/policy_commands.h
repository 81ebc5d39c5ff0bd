// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace coldpitch {

/// `coldpitch config check`: loads configuration and policies as the daemon would, and says all that is wrong with them.
[[nodiscard]] int run_config_check(const std::string& config_file);

/// `coldpitch config list-rules`: every rule in force, one a line: policy, clause, group, weight, id, reason.
[[nodiscard]] int run_list_rules(const std::string& config_file);

/// `coldpitch policy test`: runs the examples inside the rules and tells how many there were.
[[nodiscard]] int run_policy_test(const std::string& config_file);

}  // namespace coldpitch
