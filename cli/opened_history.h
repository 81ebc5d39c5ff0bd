// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "milter/memory.h"
#include "parsers/result.h"

namespace coldpitch {

/// The store a command's --history names: "none" is no store, else an SQLite file, which must exist, for looking must not make
/// one. Errors: `permanent` with what is wrong.
[[nodiscard]] Result<OpenedMemory> open_history(const std::string& history);

}  // namespace coldpitch
