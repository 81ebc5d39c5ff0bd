// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/schema_json.h"

namespace coldpitch {

/// `coldpitch config check`: loads configuration and policies as the daemon would, and says all that is wrong with them.
[[nodiscard]] int run_config_check(const std::string& config_file, bool json);

/// `coldpitch config list-rules`: every rule in force, one a line: policy, clause, group, weight, id, reason.
[[nodiscard]] int run_list_rules(const std::string& config_file, bool json);

/// `coldpitch config schema`: the keys of a kind of file, as JSON Schema or as tables for people.
[[nodiscard]] int run_config_schema(FileKind kind, bool markdown);

/// `coldpitch policy test`: runs the examples inside the rules and says which do not do what they say.
[[nodiscard]] int run_policy_test(const std::string& config_file, bool json);

}  // namespace coldpitch
