// SPDX-License-Identifier: MIT
#include "history/postgres_filter.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace coldpitch {
namespace {

/// The columns event_in() reads.
constexpr const char* kSelectEvents =
    "SELECT kind, time, local_user, person, organisation, message_id, verdict, score, authenticated, source, "
    "traces FROM coldpitch_event AS e WHERE ";

TimePoint time_in(const PostgresRows& rows, int row, int column) {
  return TimePoint(std::chrono::seconds(rows.integer(row, column).value_or(0)));
}

Event event_in(const PostgresRows& rows, int row) {
  Event event;
  event.kind = static_cast<EventKind>(rows.integer(row, 0).value_or(0));
  event.time = time_in(rows, row, 1);
  event.user = rows.key(row, 2);
  event.person = rows.key(row, 3);
  event.organisation = rows.key(row, 4);
  event.message_id = rows.key(row, 5);
  event.verdict = rows.text(row, 6);
  event.score = rows.real(row, 7);
  event.authenticated = rows.integer(row, 8) == 1;
  event.source = rows.integer(row, 9) == 1 ? EventSource::user : EventSource::mail;
  event.traces = rows.keys(row, 10);
  return event;
}

PostgresQuery direct(std::string sql, PostgresParameters parameters = {}) {
  return {PostgresQuery::Kind::direct, "", std::move(sql), std::move(parameters)};
}

}  // namespace

// Traces of inbound mail are kept with the event alone.
std::string postgres_event_condition() {
  return R"sql(($1::bytea IS NOT NULL OR cardinality($2::bytea[]) > 0)
    AND ($1::bytea IS NULL OR e.local_user = $1::bytea)
    AND (cardinality($2::bytea[]) = 0 OR e.person = ANY($2::bytea[])
         OR EXISTS (SELECT 1 FROM coldpitch_trace AS t
                    WHERE t.trace = ANY($2::bytea[]) AND t.local_user = e.local_user AND t.person = e.person
                      AND t.kind = e.kind AND t.time = e.time AND t.seq = e.seq)
         OR EXISTS (SELECT 1 FROM unnest($2::bytea[]) AS k(key) WHERE position(k.key IN e.traces) > 0)))sql";
}

PostgresParameters filter_parameters(const EventFilter& filter) {
  PostgresParameters parameters;
  parameters.key(filter.user).text(postgres_key_array(filter.persons));
  return parameters;
}

Result<std::vector<Event>> read_postgres_events(PostgresConnection& connection, const EventFilter& filter,
                                                std::size_t limit, Deadline deadline) {
  const std::string sql = kSelectEvents + postgres_event_condition() +
                          " ORDER BY time DESC, kind DESC, seq DESC LIMIT " + std::to_string(limit);
  const Result<std::vector<PostgresRows>> answer =
      connection.run({direct(sql, filter_parameters(filter))}, deadline);
  if (!answer) return tl::unexpected(answer.error());
  std::vector<Event> events;
  const PostgresRows& rows = answer->front();
  for (int row = 0; row < rows.size(); ++row) events.push_back(event_in(rows, row));
  std::reverse(events.begin(), events.end());
  return events;
}

Result<void> scan_postgres_events(PostgresConnection& connection, TimePoint since,
                                  const std::function<void(const Event&)>& visit, Deadline deadline) {
  PostgresParameters from;
  from.integer(since.time_since_epoch().count());
  return connection.stream(direct(std::string(kSelectEvents) + "time >= $1::bigint", std::move(from)),
                           deadline, [&](const PostgresRows& row) { visit(event_in(row, 0)); });
}

Result<StoreStats> read_postgres_stats(PostgresConnection& connection, Deadline deadline) {
  const Result<std::vector<PostgresRows>> answers = connection.run(
      {direct("SELECT kind, count(*), min(time), max(time) FROM coldpitch_event GROUP BY kind"),
       direct("SELECT count(DISTINCT local_user), count(DISTINCT person) FROM coldpitch_event")},
      deadline);
  if (!answers) return tl::unexpected(answers.error());
  StoreStats stats;
  const PostgresRows& kinds = answers->at(0);
  for (int row = 0; row < kinds.size(); ++row) {
    const auto kind = static_cast<std::size_t>(kinds.integer(row, 0).value_or(0));
    if (kind < stats.events.size())
      stats.events[kind] = static_cast<std::size_t>(kinds.integer(row, 1).value_or(0));
    const TimePoint oldest = time_in(kinds, row, 2);
    const TimePoint newest = time_in(kinds, row, 3);
    stats.oldest = std::min(stats.oldest.value_or(oldest), oldest);
    stats.newest = std::max(stats.newest.value_or(newest), newest);
  }
  const PostgresRows& counts = answers->at(1);
  stats.users = static_cast<std::size_t>(counts.integer(0, 0).value_or(0));
  stats.persons = static_cast<std::size_t>(counts.integer(0, 1).value_or(0));
  return stats;
}

}  // namespace coldpitch
