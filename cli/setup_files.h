// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/setup_plan.h"

namespace coldpitch {

/// What a plan changes, as `diff -u` shows it, folders as lines of words. "" when there is nothing to do.
[[nodiscard]] Result<std::string> shown(const SetupPlan& plan);

/// Writes the plan's files and folders. What was there before is kept in `setup/` beside coldpitch.yaml, for undo(). Each file is replaced
/// whole, with its owner and mode. Error: `permanent`; files written before it stay written, and undo() knows them.
[[nodiscard]] Result<void> apply(const SetupPlan& plan, const SetupOptions& options);

/// Takes back everything apply() did for `program`. A file nobody changed since is as it was before, octet for octet; from one that was changed
/// only our lines are taken out. Error: `permanent`, and nothing was done, when they cannot be told apart. Returns what was done, in
/// lines for people.
[[nodiscard]] Result<std::string> undo(const std::string& program, const SetupOptions& options);

}  // namespace coldpitch
