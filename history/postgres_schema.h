// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "history/postgres_connection.h"
#include "parsers/result.h"

namespace coldpitch {

/// Makes the tables when they are absent and brings them to the newest schema; several servers may do so at once. Reads only where there is nothing
/// to do, so that a user without the right to make tables will do then.
///
/// Errors: those of PostgresConnection; `permanent` when a newer program made the tables, or they belong to another secret (see
/// PostgresOptions::secret_mark).
[[nodiscard]] Result<void> prepare_postgres_schema(PostgresConnection& connection,
                                                   const std::string& secret_mark);

}  // namespace coldpitch
