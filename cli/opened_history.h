// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "milter/memory.h"
#include "parsers/result.h"

namespace coldpitch {

/// The store a command's --history names: "none" is no store, else an SQLite file, which must exist, for looking must not make
/// one. Errors: `permanent` with what is wrong.
[[nodiscard]] Result<OpenedMemory> open_history(const std::string& history);

/// A store to look through without its secret: an SQLite file must exist. Errors: those of the store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store_to_read(const HistorySettings& settings);

}  // namespace coldpitch
