// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <vector>

#include "history/postgres_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// Writes events in one transaction and one round trip. They get the numbers from `first_seq` on: written again with the same numbers, what is
/// there already is left alone. Conflicts with other servers are tried again a few times. Errors as those of PostgresConnection.
[[nodiscard]] Result<void> write_postgres(PostgresConnection& connection, const std::vector<Event>& events,
                                          std::int64_t first_seq, Deadline deadline);

/// As Store says. `connection` must allow statements to take long.
[[nodiscard]] Result<std::size_t> expire_postgres(PostgresConnection& connection, TimePoint before,
                                                  TimePoint texts_before, Deadline deadline);
[[nodiscard]] Result<std::size_t> erase_postgres(PostgresConnection& connection, const EventFilter& filter,
                                                 Deadline deadline);

}  // namespace coldpitch
