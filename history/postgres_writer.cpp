// SPDX-License-Identifier: MIT
#include "history/postgres_writer.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <utility>

#include "history/postgres_filter.h"

namespace coldpitch {
namespace {

constexpr int kMostConflicts = 8;
constexpr std::chrono::milliseconds kConflictPause{5};

constexpr const char* kEventSql = R"sql(
  INSERT INTO coldpitch_event (local_user, person, kind, time, seq, organisation, message_id, verdict, score,
                               authenticated, source, traces, sketch)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::smallint[], $4::bigint[], $5::bigint[], $6::bytea[], $7::bytea[],
                       $8::text[], $9::double precision[], $10::smallint[], $11::smallint[], $12::bytea[], $13::bigint[])
  ON CONFLICT DO NOTHING)sql";
constexpr const char* kTraceSql = R"sql(
  INSERT INTO coldpitch_trace (local_user, trace, kind, time, person, seq)
  SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::smallint[], $4::bigint[], $5::bytea[], $6::bigint[])
  ON CONFLICT DO NOTHING)sql";
constexpr const char* kTextSql = R"sql(
  INSERT INTO coldpitch_text (band, time, local_user, person, sketch)
  SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[])
  ON CONFLICT DO NOTHING)sql";
constexpr const char* kSeenSql = R"sql(
  INSERT INTO coldpitch_seen (key, kind, first_time, last_time)
  SELECT * FROM unnest($1::bytea[], $2::smallint[], $3::bigint[], $4::bigint[])
  ON CONFLICT (key, kind) DO UPDATE SET first_time = least(coldpitch_seen.first_time, excluded.first_time),
                                        last_time = greatest(coldpitch_seen.last_time, excluded.last_time)
  WHERE excluded.first_time < coldpitch_seen.first_time OR excluded.last_time > coldpitch_seen.last_time)sql";

std::int64_t seconds(TimePoint time) { return time.time_since_epoch().count(); }

/// One statement that inserts many rows: an array for each column.
class Rows {
 public:
  Rows(const char* sql, std::size_t columns) : sql_(sql), columns_(columns) {}

  PostgresArray& column(std::size_t at) { return columns_[at]; }
  void count() { ++rows_; }

  void add_to(std::vector<PostgresQuery>& queries) && {
    if (rows_ == 0) return;
    PostgresQuery query;
    query.sql = sql_;
    for (PostgresArray& column : columns_) query.parameters.text(std::move(column).take());
    queries.push_back(std::move(query));
  }

 private:
  const char* sql_;
  std::vector<PostgresArray> columns_;
  std::size_t rows_ = 0;
};

/// What a group of events means for each table.
class Group {
 public:
  Group(const std::vector<Event>& events, std::int64_t first_seq) {
    std::int64_t seq = first_seq;
    for (const Event& event : events) {
      add_event(event, seq);
      add_traces(event, seq);
      add_text(event);
      note_seen(event);
      ++seq;
    }
  }

  void add_to(std::vector<PostgresQuery>& queries) && {
    std::move(events_).add_to(queries);
    std::move(traces_).add_to(queries);
    std::move(texts_).add_to(queries);
    // In the order of the keys, so that servers which write of the same persons wait for each other and not in a circle.
    Rows rows(kSeenSql, 4);
    for (const auto& [key, times] : seen_) {
      rows.column(0).key(key.first);
      rows.column(1).integer(key.second);
      rows.column(2).integer(seconds(times.first));
      rows.column(3).integer(seconds(times.second));
      rows.count();
    }
    std::move(rows).add_to(queries);
  }

 private:
  using Absent = PostgresArray::Absent;

  void add_event(const Event& event, std::int64_t seq) {
    events_.column(0).key(event.user, Absent::empty);
    events_.column(1).key(event.person, Absent::empty);
    events_.column(2).integer(static_cast<std::int64_t>(event.kind));
    events_.column(3).integer(seconds(event.time));
    events_.column(4).integer(seq);
    events_.column(5).key(event.organisation);
    events_.column(6).key(event.message_id);
    events_.column(7).text(event.verdict);
    events_.column(8).real(event.score);
    events_.column(9).integer(event.authenticated ? 1 : 0);
    events_.column(10).integer(static_cast<std::int64_t>(event.source));
    events_.column(11).keys(event.traces);
    if (event.sketch) {
      events_.column(12).integer(static_cast<std::int64_t>(event.sketch->bits));
    } else {
      events_.column(12).null();
    }
    events_.count();
  }

  /// Of an inbound event the routes. Of all others the person and the traces.
  void add_traces(const Event& event, std::int64_t seq) {
    if (event.user.empty()) return;
    const bool is_inbound = event.kind == EventKind::inbound;
    const std::vector<std::string>& keys = is_inbound ? event.routes : event.traces;
    const std::size_t most = std::min(keys.size(), is_inbound ? kMaxRoutes : kMaxTraces);
    for (std::size_t i = 0; i < most; ++i) add_trace(event, keys[i], seq);
    if (!is_inbound) add_trace(event, event.person, seq);
  }

  void add_trace(const Event& event, const std::string& trace, std::int64_t seq) {
    if (trace.empty()) return;
    traces_.column(0).key(event.user);
    traces_.column(1).key(trace);
    traces_.column(2).integer(static_cast<std::int64_t>(event.kind));
    traces_.column(3).integer(seconds(event.time));
    traces_.column(4).key(event.person, Absent::empty);
    traces_.column(5).integer(seq);
    traces_.count();
  }

  void add_text(const Event& event) {
    if (!event.sketch || event.user.empty()) return;
    for (const std::uint64_t band : event.sketch->bands) {
      texts_.column(0).integer(static_cast<std::int64_t>(band));
      texts_.column(1).integer(seconds(event.time));
      texts_.column(2).key(event.user);
      texts_.column(3).key(event.person, Absent::empty);
      texts_.column(4).integer(static_cast<std::int64_t>(event.sketch->bits));
      texts_.count();
    }
  }

  void note_seen(const Event& event) {
    const bool written = event.kind == EventKind::outbound;
    if (event.user.empty() || (!written && event.kind != EventKind::inbound)) return;
    for (const std::string* key : {&event.person, &event.organisation}) {
      if (key->empty() || (key == &event.organisation && !written)) continue;
      const auto [entry, is_new] =
          seen_.try_emplace({*key, static_cast<std::int64_t>(event.kind)}, std::pair(event.time, event.time));
      auto& [first, last] = entry->second;
      first = std::min(first, event.time);
      last = std::max(last, event.time);
    }
  }

  Rows events_{kEventSql, 13}, traces_{kTraceSql, 6}, texts_{kTextSql, 5};
  std::map<std::pair<std::string, std::int64_t>, std::pair<TimePoint, TimePoint>> seen_;
};

/// As one transaction, again after a conflict. The last answer but that of COMMIT.
Result<std::vector<PostgresRows>> run_whole(PostgresConnection& connection,
                                            std::vector<PostgresQuery> queries, Deadline deadline) {
  queries.insert(queries.begin(), {PostgresQuery::Kind::direct, "", "BEGIN", {}});
  queries.push_back({PostgresQuery::Kind::direct, "", "COMMIT", {}});
  for (int attempt = 1;; ++attempt) {
    Result<std::vector<PostgresRows>> answers = connection.run(queries, deadline);
    if (answers || !connection.is_conflict() || attempt == kMostConflicts) return answers;
    std::this_thread::sleep_for(kConflictPause * attempt);
  }
}

/// Deletes in steps until there is nothing left to delete. Returns how many rows.
Result<std::size_t> forget(PostgresConnection& connection, const std::string& sql, TimePoint before,
                           Deadline deadline) {
  constexpr std::size_t kRowsInStep = 5000;
  std::size_t forgotten = 0;
  for (std::size_t step = kRowsInStep; step == kRowsInStep;) {
    PostgresQuery query;
    query.sql = sql;
    query.parameters.integer(seconds(before));
    const Result<std::vector<PostgresRows>> answers = run_whole(connection, {query}, deadline);
    if (!answers) return tl::unexpected(answers.error());
    step = answers->at(1).changes();
    forgotten += step;
  }
  return forgotten;
}

std::string in_steps(const std::string& table, const std::string& key) {
  return "DELETE FROM " + table + " WHERE (" + key + ") IN (SELECT " + key + " FROM " + table +
         " WHERE time < $1::bigint LIMIT 5000)";
}

}  // namespace

Result<void> write_postgres(PostgresConnection& connection, const std::vector<Event>& events,
                            std::int64_t first_seq, Deadline deadline) {
  std::vector<PostgresQuery> queries;
  Group(events, first_seq).add_to(queries);
  const Result<std::vector<PostgresRows>> answers = run_whole(connection, std::move(queries), deadline);
  if (!answers) return tl::unexpected(answers.error());
  return {};
}

Result<std::size_t> expire_postgres(PostgresConnection& connection, TimePoint before, TimePoint texts_before,
                                    Deadline deadline) {
  const Result<std::size_t> forgotten = forget(
      connection, in_steps("coldpitch_event", "local_user, person, kind, time, seq"), before, deadline);
  if (!forgotten) return forgotten;
  const std::pair<std::string, TimePoint> rest[] = {
      {in_steps("coldpitch_trace", "local_user, trace, kind, time, person, seq"), before},
      {in_steps("coldpitch_text", "band, time, local_user, person, sketch"), texts_before},
      {"DELETE FROM coldpitch_seen WHERE (key, kind) IN (SELECT key, kind FROM coldpitch_seen WHERE "
       "last_time < "
       "$1::bigint LIMIT 5000)",
       before},
      {"UPDATE coldpitch_seen SET first_time = $1::bigint WHERE (key, kind) IN (SELECT key, kind FROM "
       "coldpitch_seen WHERE first_time < $1::bigint LIMIT 5000)",
       before},
  };
  for (const auto& [sql, time] : rest) {
    if (const Result<std::size_t> done = forget(connection, sql, time, deadline); !done) return done;
  }
  return forgotten;
}

Result<std::size_t> erase_postgres(PostgresConnection& connection, const EventFilter& filter,
                                   Deadline deadline) {
  std::vector<PostgresQuery> queries;
  const auto add = [&](std::string sql) {
    queries.push_back({PostgresQuery::Kind::direct, "", std::move(sql), filter_parameters(filter)});
  };
  add("DELETE FROM coldpitch_event AS e WHERE " + postgres_event_condition());
  add("DELETE FROM coldpitch_trace AS t WHERE ($1::bytea IS NULL OR t.local_user = $1::bytea)"
      " AND cardinality($2::bytea[]) >= 0 AND NOT EXISTS (SELECT 1 FROM coldpitch_event AS e"
      " WHERE e.local_user = t.local_user AND e.person = t.person AND e.kind = t.kind AND e.time = t.time"
      " AND e.seq = t.seq)");
  add("DELETE FROM coldpitch_text WHERE ($1::bytea IS NULL OR local_user = $1::bytea)"
      " AND (person = ANY($2::bytea[]) OR ($1::bytea IS NOT NULL AND cardinality($2::bytea[]) = 0))");
  add("DELETE FROM coldpitch_seen WHERE $1::bytea IS NULL AND key = ANY($2::bytea[])");
  const Result<std::vector<PostgresRows>> answers = run_whole(connection, std::move(queries), deadline);
  if (!answers) return tl::unexpected(answers.error());
  return answers->at(1).changes();
}

}  // namespace coldpitch
