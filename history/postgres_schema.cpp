// SPDX-License-Identifier: MIT
#include "history/postgres_schema.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

namespace coldpitch {
namespace {

constexpr std::chrono::seconds kQuick{2};     ///< to look
constexpr std::chrono::minutes kPatience{5};  ///< to make tables and indices
constexpr int kMostConflicts = 20;

/// The same tables as SQLite's (sqlite_schema.cpp says what they hold), with names of their own since the database may be shared. Keys
/// are BYTEA, see PostgresArray::key(). `seq` tells events of one second apart and is made by who writes. Each statement may run twice: some
/// engines do not take definitions back when a transaction fails.
const std::vector<std::vector<const char*>>& migrations() {
  static const std::vector<std::vector<const char*>> all = {
      {R"sql(CREATE TABLE IF NOT EXISTS coldpitch_event (
    local_user    BYTEA    NOT NULL,
    person        BYTEA    NOT NULL,
    kind          SMALLINT NOT NULL,
    time          BIGINT   NOT NULL,
    seq           BIGINT   NOT NULL,
    organisation  BYTEA,
    message_id    BYTEA,
    verdict       TEXT     NOT NULL,
    score         DOUBLE PRECISION NOT NULL,
    authenticated SMALLINT NOT NULL,
    source        SMALLINT NOT NULL,
    traces        BYTEA,
    sketch        BIGINT,
    PRIMARY KEY (local_user, person, kind, time, seq)))sql",
       "CREATE INDEX IF NOT EXISTS coldpitch_event_by_organisation ON coldpitch_event (local_user, "
       "organisation, "
       "kind, time) WHERE organisation IS NOT NULL AND kind <> 0",
       "CREATE INDEX IF NOT EXISTS coldpitch_event_by_message_id ON coldpitch_event (local_user, message_id, "
       "kind, time) WHERE message_id IS NOT NULL",
       "CREATE INDEX IF NOT EXISTS coldpitch_event_by_time ON coldpitch_event (time)",
       R"sql(CREATE TABLE IF NOT EXISTS coldpitch_trace (
    local_user BYTEA    NOT NULL,
    trace      BYTEA    NOT NULL,
    kind       SMALLINT NOT NULL,
    time       BIGINT   NOT NULL,
    person     BYTEA    NOT NULL,
    seq        BIGINT   NOT NULL,
    PRIMARY KEY (local_user, trace, kind, time, person, seq)))sql",
       "CREATE INDEX IF NOT EXISTS coldpitch_trace_by_time ON coldpitch_trace (time)",
       R"sql(CREATE TABLE IF NOT EXISTS coldpitch_text (
    band       BIGINT NOT NULL,
    time       BIGINT NOT NULL,
    local_user BYTEA  NOT NULL,
    person     BYTEA  NOT NULL,
    sketch     BIGINT NOT NULL,
    PRIMARY KEY (band, time, local_user, person, sketch)))sql",
       R"sql(CREATE TABLE IF NOT EXISTS coldpitch_seen (
    key        BYTEA    NOT NULL,
    kind       SMALLINT NOT NULL,
    first_time BIGINT   NOT NULL,
    last_time  BIGINT   NOT NULL,
    PRIMARY KEY (key, kind)))sql"},
  };
  return all;
}

std::int64_t newest() { return static_cast<std::int64_t>(migrations().size()); }

constexpr const char* kVersionSql = "SELECT version, secret_mark FROM coldpitch_schema WHERE id = 1";

Result<void> done(Result<PostgresRows> answer) {
  if (!answer) return tl::unexpected(std::move(answer.error()));
  return {};
}

bool is_there_already(const std::string& state) { return state == "23505" || state.starts_with("42P"); }

/// Two servers that start at once get in each other's way even with IF NOT EXISTS.
Result<void> make_version_table(PostgresConnection& connection, const std::string& secret_mark,
                                Deadline deadline) {
  Result<void> made;
  for (int attempt = 0; attempt < kMostConflicts; ++attempt) {
    made = done(connection.execute(
        "CREATE TABLE IF NOT EXISTS coldpitch_schema (id SMALLINT PRIMARY KEY, version INTEGER NOT NULL,"
        " secret_mark BYTEA)",
        deadline));
    if (made || !(connection.is_conflict() || is_there_already(connection.state()))) break;
  }
  if (!made) return made;
  PostgresQuery first_row;
  first_row.sql =
      "INSERT INTO coldpitch_schema (id, version, secret_mark) VALUES (1, 0, $1::bytea) ON CONFLICT (id) DO "
      "NOTHING";
  first_row.parameters.key(secret_mark);
  Result<std::vector<PostgresRows>> inserted = connection.run({first_row}, deadline);
  if (!inserted) return tl::unexpected(std::move(inserted.error()));
  return {};
}

/// In a transaction that is open. The row is locked, so that one server migrates and the others wait for it.
Result<void> migrate_locked(PostgresConnection& connection, Deadline deadline) {
  const Result<PostgresRows> row = connection.execute(std::string(kVersionSql) + " FOR UPDATE", deadline);
  if (!row) return tl::unexpected(row.error());
  const std::int64_t version = row->size() == 1 ? row->integer(0, 0).value_or(0) : 0;
  for (auto next = static_cast<std::size_t>(version); next < migrations().size(); ++next) {
    for (const char* sql : migrations()[next]) {
      if (Result<void> changed = done(connection.execute(sql, deadline)); !changed) return changed;
    }
  }
  if (version < newest()) {
    Result<void> noted = done(connection.execute(
        "UPDATE coldpitch_schema SET version = " + std::to_string(newest()) + " WHERE id = 1", deadline));
    if (!noted) return noted;
  }
  return done(connection.execute("COMMIT", deadline));
}

Result<void> migrate(PostgresConnection& connection, Deadline deadline) {
  Result<void> migrated;
  for (int attempt = 0; attempt < kMostConflicts; ++attempt) {
    migrated = done(connection.execute("BEGIN", deadline));
    if (migrated) migrated = migrate_locked(connection, deadline);
    if (migrated || !connection.is_conflict()) break;
  }
  return migrated;
}

Result<void> check(const PostgresRows& row, const std::string& secret_mark) {
  const std::int64_t version = row.integer(0, 0).value_or(0);
  if (version > newest()) {
    return tl::unexpected(Error{
        Code::permanent, 0,
        "the history in the database has schema " + std::to_string(version) + ", made by a newer program"});
  }
  const std::string mark = row.key(0, 1);
  if (mark.empty() || secret_mark.empty() || mark == secret_mark) return {};
  return tl::unexpected(Error{Code::permanent, 0,
                              "the history in the database was begun with another secret: all servers need "
                              "the same file history.secret, copy it from the first one"});
}

}  // namespace

Result<void> prepare_postgres_schema(PostgresConnection& connection, const std::string& secret_mark) {
  const auto now = std::chrono::steady_clock::now();
  const Deadline deadline = now + kPatience;
  Result<PostgresRows> row = connection.execute(kVersionSql, now + kQuick);
  const bool is_new = !row && connection.state() == "42P01";
  if (!row && !is_new) return tl::unexpected(row.error());
  if (is_new || row->size() == 0) {
    if (Result<void> made = make_version_table(connection, secret_mark, deadline); !made) return made;
    row = connection.execute(kVersionSql, deadline);
    if (!row) return tl::unexpected(row.error());
  }
  if (row->size() == 0) return tl::unexpected(Error{Code::temporary, 0, "PostgreSQL: no schema version"});
  if (Result<void> checked = check(*row, secret_mark); !checked) return checked;
  if (row->integer(0, 0).value_or(0) == newest()) return {};
  return migrate(connection, deadline);
}

}  // namespace coldpitch
