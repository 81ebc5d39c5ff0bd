// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// Opens the history file for writing: made when absent (mode 0600), checked, brought to the newest schema. A damaged file is
/// set aside as `<file>.damaged-<time>` and a fresh one begun, which `*notice` then tells (unless null).
///
/// Errors: `temporary` when it is locked or I/O fails; `permanent` when it may not be read and written, was made by a newer
/// program, or is the database of another program (which is left untouched).
[[nodiscard]] Result<SqliteConnection> open_history_file(const SqliteOptions& options, std::string* notice);

}  // namespace coldpitch
