// SPDX-License-Identifier: MIT
#include "history/sqlite_filter.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace coldpitch {
namespace {

/// The columns event_in() reads.
constexpr const char* kSelectEvents =
    "SELECT kind, time, user, person, organisation, message_id, verdict, score, authenticated, source, traces"
    " FROM event WHERE ";

TimePoint time_in(const SqliteStatement& row, int column) {
  return TimePoint(std::chrono::seconds(row.integer(column).value_or(0)));
}

Event event_in(const SqliteStatement& row) {
  Event event;
  event.kind = static_cast<EventKind>(row.integer(0).value_or(0));
  event.time = time_in(row, 1);
  event.user = row.key(2);
  event.person = row.key(3);
  event.organisation = row.key(4);
  event.message_id = row.key(5);
  event.verdict = row.text(6);
  event.score = row.real(7);
  event.authenticated = row.integer(8) == 1;
  event.source = row.integer(9) == 1 ? EventSource::user : EventSource::mail;
  event.traces = row.keys(10);
  return event;
}

}  // namespace

std::string persons_list(const EventFilter& filter) {
  std::string list;
  for (std::size_t i = 0; i < filter.persons.size(); ++i) {
    list += (i == 0 ? "?" : ", ?") + std::to_string(i + 2);
  }
  return list;
}

std::string event_condition(const EventFilter& filter) {
  if (filter.persons.empty() && filter.user.empty()) return "0";
  std::string condition = filter.user.empty() ? "1" : "user = ?1";
  if (filter.persons.empty()) return condition;
  const std::string list = persons_list(filter);
  std::string last_octets;
  std::string in_traces;  // those of inbound mail are kept with the event alone
  for (std::size_t i = 0; i < filter.persons.size(); ++i) {
    const std::string parameter = "?" + std::to_string(i + 2);
    last_octets += (i == 0 ? "substr(" : ", substr(") + parameter + ", -8)";
    in_traces += " OR instr(coalesce(traces, x''), " + parameter + ")";
  }
  return condition + " AND (person IN (" + list + ") OR id IN (SELECT event FROM trace WHERE trace IN (" +
         list + ")) OR id IN (WITH RECURSIVE " + kOriginParts +
         " SELECT event FROM parts CROSS JOIN origin USING (part) WHERE key IN (" + last_octets + "))" +
         in_traces + ")";
}

void bind_filter(SqliteStatement& statement, const EventFilter& filter) {
  statement.bind_key(1, filter.user);
  int parameter = 1;
  for (const std::string& person : filter.persons) statement.bind_key(++parameter, person);
}

Result<std::vector<Event>> read_events(SqliteConnection& connection, const EventFilter& filter,
                                       std::size_t limit) {
  const std::string sql = kSelectEvents + event_condition(filter) +
                          " ORDER BY time DESC, kind DESC, id DESC LIMIT " + std::to_string(limit);
  auto statement = connection.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  bind_filter(*statement, filter);
  std::vector<Event> events;
  while (true) {
    const Result<bool> row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    events.push_back(event_in(*statement));
  }
  std::reverse(events.begin(), events.end());
  return events;
}

Result<void> scan_events(SqliteConnection& connection, TimePoint since,
                         const std::function<void(const Event&)>& visit) {
  const auto seconds = static_cast<std::int64_t>(since.time_since_epoch().count());
  auto statement = connection.prepare(kSelectEvents + ("time >= " + std::to_string(seconds)));
  if (!statement) return tl::unexpected(statement.error());
  while (true) {
    const Result<bool> row = statement->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    visit(event_in(*statement));
  }
}

Result<StoreStats> read_stats(SqliteConnection& connection) {
  StoreStats stats;
  auto kinds = connection.prepare("SELECT kind, count(*), min(time), max(time) FROM event GROUP BY kind");
  if (!kinds) return tl::unexpected(kinds.error());
  while (true) {
    const Result<bool> row = kinds->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto kind = static_cast<std::size_t>(kinds->integer(0).value_or(0));
    if (kind < stats.events.size())
      stats.events[kind] = static_cast<std::size_t>(kinds->integer(1).value_or(0));
    const TimePoint oldest = time_in(*kinds, 2);
    const TimePoint newest = time_in(*kinds, 3);
    stats.oldest = std::min(stats.oldest.value_or(oldest), oldest);
    stats.newest = std::max(stats.newest.value_or(newest), newest);
  }
  const std::pair<const char*, std::size_t*> counts[] = {
      {"SELECT count(DISTINCT user) FROM event", &stats.users},
      {"SELECT count(DISTINCT person) FROM event", &stats.persons},
  };
  for (const auto& [sql, count] : counts) {
    const Result<std::int64_t> number = connection.query_integer(sql);
    if (!number) return tl::unexpected(number.error());
    *count = static_cast<std::size_t>(*number);
  }
  return stats;
}

}  // namespace coldpitch
