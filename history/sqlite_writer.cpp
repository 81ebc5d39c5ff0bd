// SPDX-License-Identifier: MIT
#include "history/sqlite_writer.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "history/sqlite_filter.h"
#include "history/sqlite_reader.h"

namespace coldpitch {
namespace {

/// Places of the statements below in SqliteWriter::statements_.
enum Insertion : std::size_t { kEvent, kTrace, kText, kSeen };

constexpr std::string_view kEventSql = R"sql(
  INSERT INTO event (user, person, kind, time, seq, organisation, message_id, verdict, score, authenticated, source,
                     traces, sketch)
  VALUES (coalesce(?1, x''), coalesce(?2, x''), ?3, ?4,
          (SELECT coalesce(max(seq) + 1, 0) FROM event
           WHERE user=coalesce(?1, x'') AND person=coalesce(?2, x'') AND kind=?3 AND time=?4),
          ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
  RETURNING seq)sql";

constexpr std::string_view kTraceSql = R"sql(
  INSERT OR IGNORE INTO trace (user, trace, kind, time, person, seq)
  VALUES (?1, ?2, ?3, ?4, coalesce(?5, x''), ?6))sql";

constexpr std::string_view kTextSql =
    "INSERT OR REPLACE INTO text (band, time, user, person, sketch) VALUES (?1, ?2, ?3, coalesce(?4, x''), "
    "?5)";

constexpr std::string_view kSeenSql = R"sql(
  INSERT INTO seen (key, kind, first, last) VALUES (?1, ?2, ?3, ?3)
  ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
  WHERE excluded.first < first OR excluded.last > last)sql";

constexpr std::array kStatements = {kEventSql, kTraceSql, kTextSql, kSeenSql};

constexpr std::size_t kEventsInStep = 5000;
constexpr const char* kExpireEventsSql = R"sql(
  DELETE FROM event WHERE (user, person, kind, time, seq) IN
    (SELECT user, person, kind, time, seq FROM event WHERE time < ?1 LIMIT 5000))sql";
constexpr const char* kExpireTracesSql = R"sql(
  DELETE FROM trace WHERE (user, trace, kind, time, person, seq) IN
    (SELECT user, trace, kind, time, person, seq FROM trace WHERE time < ?1 LIMIT 5000))sql";
constexpr const char* kExpireTextsSql = R"sql(
  DELETE FROM text WHERE (band, time, user, person) IN
    (SELECT band, time, user, person FROM text WHERE time < ?1 LIMIT 5000))sql";
constexpr const char* kExpireSeenSql = "DELETE FROM seen WHERE last < ?1";
constexpr const char* kShortenSeenSql = "UPDATE seen SET first = ?1 WHERE first < ?1";

Result<void> done(Result<bool> step) {
  if (!step) return tl::unexpected(std::move(step.error()));
  return {};
}

}  // namespace

Result<std::unique_ptr<SqliteWriter>> SqliteWriter::make(SqliteConnection connection) {
  std::vector<SqliteStatement> statements;
  for (const std::string_view sql : kStatements) {
    auto statement = connection.prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    statements.push_back(std::move(*statement));
  }
  return std::unique_ptr<SqliteWriter>(new SqliteWriter(std::move(connection), std::move(statements)));
}

Result<void> SqliteWriter::write(const std::vector<Event>& events) {
  const std::lock_guard lock(mutex_);
  auto transaction = SqliteTransaction::begin_writing(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  for (const Event& event : events) {
    if (Result<void> inserted = insert(event); !inserted) return inserted;
  }
  return transaction->commit();
}

Result<void> SqliteWriter::insert(const Event& event) {
  const Result<std::int64_t> seq = insert_event(event);
  if (!seq) return tl::unexpected(seq.error());
  Result<void> inserted = insert_traces(event, *seq);
  if (inserted) inserted = insert_text(event);
  if (inserted) inserted = note_seen(event);
  return inserted;
}

Result<std::int64_t> SqliteWriter::insert_event(const Event& event) {
  SqliteStatement& statement = statements_[kEvent];
  statement.bind_key(1, event.user);
  statement.bind_key(2, event.person);
  statement.bind(3, static_cast<std::int64_t>(event.kind));
  statement.bind(4, sqlite_seconds(event.time));
  statement.bind_key(5, event.organisation);
  statement.bind_key(6, event.message_id);
  statement.bind(7, event.verdict);
  statement.bind(8, event.score);
  statement.bind(9, static_cast<std::int64_t>(event.authenticated));
  statement.bind(10, static_cast<std::int64_t>(event.source));
  statement.bind_keys(11, event.traces);
  if (event.sketch) {
    statement.bind(12, static_cast<std::int64_t>(event.sketch->bits));
  } else {
    statement.bind_null(12);
  }
  const Result<bool> row = statement.step();
  if (!row) return tl::unexpected(row.error());
  const std::int64_t seq = statement.integer(0).value_or(0);
  statement.reset();
  return seq;
}

Result<void> SqliteWriter::insert_traces(const Event& event, std::int64_t seq) {
  if (event.user.empty()) return {};
  std::vector<std::string> traces;
  if (event.kind == EventKind::inbound) {
    traces.assign(event.routes.begin(), event.routes.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                   event.routes.size(), kMaxRoutes)));
  } else {
    traces.assign(event.traces.begin(), event.traces.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                   event.traces.size(), kMaxTraces)));
    traces.push_back(event.person);
  }
  SqliteStatement& statement = statements_[kTrace];
  statement.bind_key(1, event.user);
  statement.bind(3, static_cast<std::int64_t>(event.kind));
  statement.bind(4, sqlite_seconds(event.time));
  statement.bind_key(5, event.person);
  statement.bind(6, seq);
  for (const std::string& trace : traces) {
    if (trace.empty()) continue;
    statement.bind_key(2, trace);
    if (Result<void> inserted = done(statement.step()); !inserted) return inserted;
  }
  return {};
}

Result<void> SqliteWriter::insert_text(const Event& event) {
  if (!event.sketch || event.user.empty()) return {};
  SqliteStatement& statement = statements_[kText];
  statement.bind(2, sqlite_seconds(event.time));
  statement.bind_key(3, event.user);
  statement.bind_key(4, event.person);
  statement.bind(5, static_cast<std::int64_t>(event.sketch->bits));
  for (const std::uint64_t band : event.sketch->bands) {
    statement.bind(1, static_cast<std::int64_t>(band));
    if (Result<void> inserted = done(statement.step()); !inserted) return inserted;
  }
  return {};
}

Result<void> SqliteWriter::note_seen(const Event& event) {
  const bool written = event.kind == EventKind::outbound;
  if (event.user.empty() || (!written && event.kind != EventKind::inbound)) return {};
  SqliteStatement& statement = statements_[kSeen];
  statement.bind(2, static_cast<std::int64_t>(event.kind));
  statement.bind(3, sqlite_seconds(event.time));
  for (const std::string* key : {&event.person, &event.organisation}) {
    if (key->empty() || (key == &event.organisation && !written)) continue;
    statement.bind_key(1, *key);
    if (Result<void> noted = done(statement.step()); !noted) return noted;
  }
  return {};
}

Result<std::size_t> SqliteWriter::forget(const char* sql, TimePoint time) {
  const std::lock_guard lock(mutex_);
  auto statement = connection_.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, sqlite_seconds(time));
  if (const Result<bool> step = statement->step(); !step) return tl::unexpected(step.error());
  return connection_.changes();
}

Result<std::size_t> SqliteWriter::expire(TimePoint before, TimePoint texts_before) {
  const std::pair<const char*, TimePoint> rounds[] = {
      {kExpireEventsSql, before}, {kExpireTracesSql, before}, {kExpireTextsSql, texts_before}};
  std::size_t forgotten = 0;
  for (const auto& [sql, time] : rounds) {
    for (std::size_t step = kEventsInStep; step == kEventsInStep;) {
      const Result<std::size_t> changed = forget(sql, time);
      if (!changed) return changed;
      step = *changed;
      if (sql == kExpireEventsSql) forgotten += step;
    }
  }
  for (const char* sql : {kExpireSeenSql, kShortenSeenSql}) {
    if (const Result<std::size_t> changed = forget(sql, before); !changed) return changed;
  }
  return forgotten;
}

Result<std::size_t> SqliteWriter::run_filtered(const std::string& sql, const EventFilter& filter) {
  auto statement = connection_.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  bind_filter(*statement, filter);
  if (const Result<bool> step = statement->step(); !step) return tl::unexpected(step.error());
  return connection_.changes();
}

Result<std::size_t> SqliteWriter::erase(const EventFilter& filter) {
  const std::lock_guard lock(mutex_);
  auto transaction = SqliteTransaction::begin_writing(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  const Result<std::size_t> erased =
      run_filtered("DELETE FROM event WHERE " + event_condition(filter), filter);
  if (!erased) return erased;
  const std::string of_persons = "IN (" + persons_list(filter) + ")";
  std::vector<std::string> rest = {
      "DELETE FROM trace WHERE NOT EXISTS (SELECT 1 FROM event e WHERE e.user = trace.user AND e.person = "
      "trace.person"
      " AND e.kind = trace.kind AND e.time = trace.time AND e.seq = trace.seq)"};
  if (!filter.persons.empty()) {
    rest.push_back("DELETE FROM text WHERE person " + of_persons +
                   (filter.user.empty() ? "" : " AND user = ?1"));
  } else if (!filter.user.empty()) {
    rest.emplace_back("DELETE FROM text WHERE user = ?1");
  }
  if (filter.user.empty()) rest.push_back("DELETE FROM seen WHERE key " + of_persons);
  for (const std::string& sql : rest) {
    if (const Result<std::size_t> changed = run_filtered(sql, filter); !changed) return changed;
  }
  if (Result<void> committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  return erased;
}

}  // namespace coldpitch
