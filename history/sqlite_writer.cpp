// SPDX-License-Identifier: MIT
#include "history/sqlite_writer.h"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <string_view>

#include "history/milestones.h"
#include "history/sqlite_filter.h"
#include "history/sqlite_reader.h"

namespace coldpitch {
namespace {

/// Places of the statements below in SqliteWriter::statements_.
enum Insertion : std::size_t { kEvent, kTrace, kOrigin, kText, kSeen };

constexpr std::string_view kEventSql = R"sql(
  INSERT INTO event (time, kind, user, person, organisation, message_id, verdict, pitch, score, authenticated, source,
                     traces, sketch)
  VALUES (?1, ?2, coalesce(?3, x''), coalesce(?4, x''), ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13))sql";

constexpr std::string_view kTraceSql = R"sql(
  INSERT OR IGNORE INTO trace (trace, user, kind, time, source, authenticated, event)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7))sql";

constexpr std::string_view kOriginSql =
    "INSERT OR IGNORE INTO origin (part, key, event) VALUES (?2 >> 17, substr(?1, -8), ?2)";

constexpr std::string_view kTextSql = "INSERT OR IGNORE INTO text (band, time, event) VALUES (?1, ?2, ?3)";

constexpr std::string_view kSeenSql = R"sql(
  INSERT INTO seen (key, kind, first, last) VALUES (?1, ?2, ?3, ?3)
  ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
  WHERE excluded.first < first OR excluded.last > last)sql";

constexpr std::array kStatements = {kEventSql, kTraceSql, kOriginSql, kTextSql, kSeenSql};

constexpr std::size_t kEventsInStep = 5000;
// Run one after the other in one transaction, on the same events.
constexpr const char* kExpireOriginsSql = R"sql(
  DELETE FROM origin WHERE part IN (SELECT id >> 17 FROM event WHERE time < ?1 ORDER BY time, id LIMIT 5000)
    AND event IN (SELECT id FROM event WHERE time < ?1 ORDER BY time, id LIMIT 5000))sql";
constexpr const char* kExpireEventsSql =
    "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE time < ?1 ORDER BY time, id LIMIT 5000)";
constexpr const char* kExpireTracesSql = R"sql(
  DELETE FROM trace WHERE (trace, user, kind, time, source, authenticated, event) IN
    (SELECT trace, user, kind, time, source, authenticated, event FROM trace WHERE time < ?1 LIMIT 5000))sql";
/// ?2 and ?3 the least and the greatest band. All texts are looked through, once: they are in no order of time.
constexpr const char* kExpireTextsSql = "DELETE FROM text WHERE band BETWEEN ?2 AND ?3 AND time < ?1";
constexpr int kTextSteps = 64;
constexpr const char* kExpireSeenSql = "DELETE FROM seen WHERE last < ?1";
constexpr const char* kShortenSeenSql = "UPDATE seen SET first = ?1 WHERE first < ?1";

Result<void> done(Result<bool> step) {
  if (!step) return tl::unexpected(std::move(step.error()));
  return {};
}

/// Rows are inserted in the order of their table, so that each page is looked for and changed once: what is changed in a group need not fit
/// into the cache.
std::vector<const Event*> by_person(const std::vector<Event>& events) {
  std::vector<const Event*> sorted;
  sorted.reserve(events.size());
  for (const Event& event : events) sorted.push_back(&event);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Event* left, const Event* right) { return left->person < right->person; });
  return sorted;
}

}  // namespace

/// A row of `trace`, `origin` or `seen`.
struct SqliteWriter::Way {
  const std::string* key;
  const Event* event;
  std::int64_t id;  ///< of the event
};

struct SqliteWriter::Text {
  std::int64_t band, time, id;
};

void SqliteWriter::add_ways(std::vector<Way>& ways, std::span<const std::string> keys, const Event& event,
                            std::int64_t id) {
  for (const std::string& key : keys) {
    if (!key.empty()) ways.push_back({&key, &event, id});
  }
}

bool SqliteWriter::has_lesser_key(const Way& left, const Way& right) { return *left.key < *right.key; }

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
  // Nothing else would ever tell, until a restart forgets all that was written since.
  if (connection_.has_moved()) {
    return tl::unexpected(
        Error{Code::temporary, 0,
              "the history file was removed or replaced while it was in use: put it back, or "
              "restart coldpitch-milter"});
  }
  auto transaction = SqliteTransaction::begin_writing(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  if (Result<void> inserted = insert(events); !inserted) return inserted;
  return transaction->commit();
}

Result<void> SqliteWriter::insert(const std::vector<Event>& events) {
  std::vector<Way> traces, origins, seen;
  std::vector<Text> texts;
  for (const Event* event : by_person(events)) {
    if (Result<void> inserted = insert_event(*event); !inserted) return inserted;
    const std::int64_t id = connection_.last_row();
    if (event->user.empty()) continue;
    if (event->kind == EventKind::inbound) {
      add_ways(origins, {&event->message_id, 1}, *event, id);
      add_ways(origins, std::span(event->routes).first(std::min(event->routes.size(), kMaxRoutes)), *event,
               id);
    } else {
      add_ways(traces, {&event->person, 1}, *event, id);
      add_ways(traces, std::span(event->traces).first(std::min(event->traces.size(), kMaxTraces)), *event,
               id);
    }
    if (event->kind <= EventKind::outbound) add_ways(seen, {&event->person, 1}, *event, id);
    if (event->kind == EventKind::outbound) add_ways(seen, {&event->organisation, 1}, *event, id);
    for (std::size_t i = 0; event->sketch && i < event->sketch->bands.size(); ++i) {
      texts.push_back({static_cast<std::int64_t>(event->sketch->bands[i]), sqlite_seconds(event->time), id});
    }
  }
  Result<void> inserted = insert_traces(traces);
  if (inserted) inserted = insert_origins(origins);
  if (inserted) inserted = note_seen(seen);
  if (inserted) inserted = insert_texts(texts);
  return inserted;
}

Result<void> SqliteWriter::insert_event(const Event& event) {
  SqliteStatement& statement = statements_[kEvent];
  statement.bind(1, sqlite_seconds(event.time));
  statement.bind(2, static_cast<std::int64_t>(event.kind));
  statement.bind_key(3, event.user);
  statement.bind_key(4, event.person);
  statement.bind_key(5, event.organisation);
  statement.bind_key(6, event.message_id);
  statement.bind(7, event.verdict);
  statement.bind(8, static_cast<std::int64_t>(is_pitch_verdict(event.verdict)));
  statement.bind(9, event.score);
  statement.bind(10, static_cast<std::int64_t>(event.authenticated));
  statement.bind(11, static_cast<std::int64_t>(event.source));
  statement.bind_keys(12, event.traces);
  if (event.sketch) {
    statement.bind(13, static_cast<std::int64_t>(event.sketch->bits));
  } else {
    statement.bind_null(13);
  }
  return done(statement.step());
}

Result<void> SqliteWriter::insert_traces(std::vector<Way>& traces) {
  std::sort(traces.begin(), traces.end(), has_lesser_key);
  SqliteStatement& statement = statements_[kTrace];
  for (const Way& trace : traces) {
    statement.bind_key(1, *trace.key);
    statement.bind_key(2, trace.event->user);
    statement.bind(3, static_cast<std::int64_t>(trace.event->kind));
    statement.bind(4, sqlite_seconds(trace.event->time));
    statement.bind(5, static_cast<std::int64_t>(trace.event->source));
    statement.bind(6, static_cast<std::int64_t>(trace.event->authenticated));
    statement.bind(7, trace.id);
    if (Result<void> inserted = done(statement.step()); !inserted) return inserted;
  }
  return {};
}

Result<void> SqliteWriter::insert_origins(std::vector<Way>& origins) {
  // By what is kept of the key.
  const auto end_of = [](const Way& way) { return std::string_view(*way.key).substr(way.key->size() / 2); };
  std::sort(origins.begin(), origins.end(),
            [&](const Way& left, const Way& right) { return end_of(left) < end_of(right); });
  SqliteStatement& statement = statements_[kOrigin];
  for (const Way& origin : origins) {
    statement.bind_key(1, *origin.key);
    statement.bind(2, origin.id);
    if (Result<void> inserted = done(statement.step()); !inserted) return inserted;
  }
  return {};
}

Result<void> SqliteWriter::insert_texts(std::vector<Text>& texts) {
  std::sort(texts.begin(), texts.end(),
            [](const Text& left, const Text& right) { return left.band < right.band; });
  SqliteStatement& statement = statements_[kText];
  for (const Text& text : texts) {
    statement.bind(1, text.band);
    statement.bind(2, text.time);
    statement.bind(3, text.id);
    if (Result<void> inserted = done(statement.step()); !inserted) return inserted;
  }
  return {};
}

Result<void> SqliteWriter::note_seen(std::vector<Way>& seen) {
  std::sort(seen.begin(), seen.end(), has_lesser_key);
  SqliteStatement& statement = statements_[kSeen];
  for (const Way& way : seen) {
    statement.bind_key(1, *way.key);
    statement.bind(2, static_cast<std::int64_t>(way.event->kind));
    statement.bind(3, sqlite_seconds(way.event->time));
    if (Result<void> noted = done(statement.step()); !noted) return noted;
  }
  return {};
}

Result<std::size_t> SqliteWriter::run_timed(const char* sql, TimePoint time,
                                            std::initializer_list<std::int64_t> rest) {
  auto statement = connection_.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, sqlite_seconds(time));
  int parameter = 1;
  for (const std::int64_t value : rest) statement->bind(++parameter, value);
  if (const Result<bool> step = statement->step(); !step) return tl::unexpected(step.error());
  return connection_.changes();
}

Result<std::size_t> SqliteWriter::forget(std::initializer_list<const char*> statements, TimePoint time,
                                         std::initializer_list<std::int64_t> rest) {
  const std::lock_guard lock(mutex_);
  auto transaction = SqliteTransaction::begin_writing(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  std::size_t changes = 0;
  for (const char* sql : statements) {
    Result<std::size_t> changed = run_timed(sql, time, rest);
    if (!changed) return changed;
    changes = *changed;
  }
  if (Result<void> committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  return changes;
}

Result<std::size_t> SqliteWriter::forget_in_steps(std::initializer_list<const char*> statements,
                                                  TimePoint time) {
  std::size_t forgotten = 0;
  for (std::size_t step = kEventsInStep; step == kEventsInStep;) {
    Result<std::size_t> changed = forget(statements, time);
    if (!changed) return changed;
    step = *changed;
    forgotten += step;
  }
  return forgotten;
}

Result<void> SqliteWriter::forget_texts(TimePoint time) {
  constexpr std::int64_t kBandsInStep = (std::numeric_limits<std::int64_t>::max() / kTextSteps + 1) * 2;
  std::int64_t least = std::numeric_limits<std::int64_t>::min();
  for (int step = 0; step < kTextSteps; ++step) {
    const std::int64_t greatest = least + (kBandsInStep - 1);
    if (Result<std::size_t> done = forget({kExpireTextsSql}, time, {least, greatest}); !done)
      return tl::unexpected(std::move(done.error()));
    if (step + 1 < kTextSteps) least += kBandsInStep;
  }
  return {};
}

Result<bool> SqliteWriter::has_before(TimePoint time) {
  const std::lock_guard lock(mutex_);
  auto statement = connection_.prepare("SELECT 1 FROM event WHERE time < ?1 LIMIT 1");
  if (!statement) return tl::unexpected(statement.error());
  statement->bind(1, sqlite_seconds(time));
  return statement->step();
}

Result<std::size_t> SqliteWriter::expire(TimePoint before, TimePoint texts_before) {
  std::size_t forgotten = 0;
  const Result<bool> is_due = has_before(before);
  if (!is_due) return tl::unexpected(is_due.error());
  // The events last, so that a run which was broken off is made up for by the next. Traces are in no order of time: all are looked
  // through, which where nothing is due would but drive better pages out of the cache.
  if (*is_due) {
    if (Result<std::size_t> traces = forget_in_steps({kExpireTracesSql}, before); !traces) return traces;
    Result<std::size_t> events = forget_in_steps({kExpireOriginsSql, kExpireEventsSql}, before);
    if (!events) return events;
    forgotten = *events;
  }
  if (Result<void> texts = forget_texts(texts_before); !texts)
    return tl::unexpected(std::move(texts.error()));
  for (const char* sql : {kExpireSeenSql, kShortenSeenSql}) {
    if (Result<std::size_t> changed = forget({sql}, before); !changed) return changed;
  }
  // Once is enough here: what a reader keeps in the log goes with the next run.
  if (forgotten > 0) (void)try_empty_log();
  return forgotten;
}

Result<std::size_t> SqliteWriter::run_filtered(const std::string& sql, const EventFilter& filter) {
  auto statement = connection_.prepare(sql);
  if (!statement) return tl::unexpected(statement.error());
  bind_filter(*statement, filter);
  if (const Result<bool> step = statement->step(); !step) return tl::unexpected(step.error());
  return connection_.changes();
}

Result<std::size_t> SqliteWriter::erase_events(const EventFilter& filter) {
  const std::lock_guard lock(mutex_);
  auto transaction = SqliteTransaction::begin_writing(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  Result<std::size_t> erased = run_filtered("DELETE FROM event WHERE " + event_condition(filter), filter);
  if (!erased) return erased;
  std::vector<std::string> rest = {
      "DELETE FROM trace WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = trace.event)",
      "DELETE FROM origin WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = origin.event)",
      "DELETE FROM text WHERE NOT EXISTS (SELECT 1 FROM event WHERE id = text.event)"};
  if (filter.user.empty()) rest.push_back("DELETE FROM seen WHERE key IN (" + persons_list(filter) + ")");
  for (const std::string& sql : rest) {
    if (Result<std::size_t> changed = run_filtered(sql, filter); !changed) return changed;
  }
  if (Result<void> committed = transaction->commit(); !committed) return tl::unexpected(committed.error());
  return erased;
}

Result<std::size_t> SqliteWriter::erase(const EventFilter& filter) {
  Result<std::size_t> erased = erase_events(filter);
  if (!erased) return erased;
  if (Result<void> emptied = empty_log(); !emptied) return tl::unexpected(std::move(emptied.error()));
  return erased;
}

Result<bool> SqliteWriter::try_empty_log() {
  const std::lock_guard lock(mutex_);
  const Result<std::int64_t> is_busy = connection_.query_integer("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!is_busy) return tl::unexpected(is_busy.error());
  return *is_busy == 0;
}

Result<void> SqliteWriter::empty_log() {
  constexpr int kAttempts = 10;  // each waits for readers as long as for a lock
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const Result<bool> emptied = try_empty_log();
    if (!emptied) return tl::unexpected(emptied.error());
    if (*emptied) return {};
  }
  return tl::unexpected(
      Error{Code::temporary, 0,
            "erased, but the write-ahead log still holds what was erased, since another program "
            "reads the history file: erase again when it is done"});
}

}  // namespace coldpitch
