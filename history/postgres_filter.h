// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "history/postgres_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// The parts of `WHERE` on `coldpitch_event AS e` that mean the events of an EventFilter. $1 is the user, $2 the persons; see
/// filter_parameters().
[[nodiscard]] std::string postgres_event_condition();
[[nodiscard]] PostgresParameters filter_parameters(const EventFilter& filter);

/// Store::events(), Store::scan() and Store::stats().
[[nodiscard]] Result<std::vector<Event>> read_postgres_events(PostgresConnection& connection,
                                                              const EventFilter& filter, std::size_t limit,
                                                              Deadline deadline);
[[nodiscard]] Result<void> scan_postgres_events(PostgresConnection& connection, TimePoint since,
                                                const std::function<void(const Event&)>& visit,
                                                Deadline deadline);
[[nodiscard]] Result<StoreStats> read_postgres_stats(PostgresConnection& connection, Deadline deadline);

}  // namespace coldpitch
