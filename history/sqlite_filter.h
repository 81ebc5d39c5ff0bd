// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// For `WITH RECURSIVE`: the parts of the table `origin`, each to be searched by itself.
inline constexpr const char* kOriginParts =
    "parts(part) AS (SELECT min(part) FROM origin UNION ALL"
    " SELECT part + 1 FROM parts WHERE part < (SELECT max(part) FROM origin))";

/// The parts of `WHERE` that mean the events of an EventFilter. Parameters: ?1 the user, from ?2 on the persons; see bind_filter().
/// "0" for the filter that means none.
[[nodiscard]] std::string event_condition(const EventFilter& filter);
/// "?2, ?3": the list of filter.persons.
[[nodiscard]] std::string persons_list(const EventFilter& filter);
void bind_filter(SqliteStatement& statement, const EventFilter& filter);

/// Store::events(), Store::scan() and Store::stats(), on a connection that may only read.
[[nodiscard]] Result<std::vector<Event>> read_events(SqliteConnection& connection, const EventFilter& filter,
                                                     std::size_t limit);
[[nodiscard]] Result<void> scan_events(SqliteConnection& connection, TimePoint since,
                                       const std::function<void(const Event&)>& visit);
[[nodiscard]] Result<StoreStats> read_stats(SqliteConnection& connection);

}  // namespace coldpitch
