// SPDX-License-Identifier: MIT
#include "history/sqlite_connection.h"

#include <sqlite3.h>

#include <system_error>
#include <utility>

#include "history/packed_key.h"

namespace coldpitch {
namespace {

constexpr int kInstructionsBetweenChecks = 1000;

Code code_of(int result) {
  switch (result & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_NOMEM:
    case SQLITE_INTERRUPT:
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_PROTOCOL:
      return Code::temporary;
    default:
      return Code::permanent;
  }
}

tl::unexpected<Error> failure(sqlite3* database, SqliteState& state) {
  const int result = sqlite3_extended_errcode(database);
  const int primary = result & 0xFF;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) state.found_damage = true;
  return tl::unexpected(Error{code_of(result), 0, std::string("SQLite: ") + sqlite3_errmsg(database)});
}

int is_past_deadline(void* state) {
  return std::chrono::steady_clock::now() > static_cast<const SqliteState*>(state)->deadline ? 1 : 0;
}

}  // namespace

void CloseSqlite::operator()(sqlite3* database) const noexcept { sqlite3_close_v2(database); }
void FinalizeSqlite::operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }

void SqliteStatement::bind(int parameter, std::int64_t value) {
  sqlite3_bind_int64(statement_.get(), parameter, value);
}

void SqliteStatement::bind(int parameter, double value) {
  sqlite3_bind_double(statement_.get(), parameter, value);
}

void SqliteStatement::bind(int parameter, std::string_view text) {
  // An empty view may point nowhere, which SQLite would read as NULL.
  sqlite3_bind_text64(statement_.get(), parameter, text.empty() ? "" : text.data(), text.size(),
                      SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqliteStatement::bind_key(int parameter, std::string_view key) {
  if (key.empty()) {
    sqlite3_bind_null(statement_.get(), parameter);
  } else if (const auto octets = pack_key(key)) {
    sqlite3_bind_blob64(statement_.get(), parameter, octets->data(), octets->size(), SQLITE_TRANSIENT);
  } else {
    bind(parameter, key);
  }
}

void SqliteStatement::bind_keys(int parameter, const std::vector<std::string>& keys) {
  std::string octets;
  for (const std::string& key : keys) {
    if (const auto one = pack_key(key))
      octets.append(reinterpret_cast<const char*>(one->data()), one->size());
  }
  if (octets.empty()) return bind_null(parameter);
  sqlite3_bind_blob64(statement_.get(), parameter, octets.data(), octets.size(), SQLITE_TRANSIENT);
}

void SqliteStatement::bind_null(int parameter) { sqlite3_bind_null(statement_.get(), parameter); }

Result<bool> SqliteStatement::step() {
  const int result = sqlite3_step(statement_.get());
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) {
    reset();
    return false;
  }
  auto error = failure(sqlite3_db_handle(statement_.get()), *state_);
  reset();
  return error;
}

void SqliteStatement::reset() { sqlite3_reset(statement_.get()); }

std::optional<std::int64_t> SqliteStatement::integer(int column) const {
  if (sqlite3_column_type(statement_.get(), column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_int64(statement_.get(), column);
}

std::string SqliteStatement::text(int column) const {
  const auto* octets = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  if (octets == nullptr) return {};
  return {octets, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

double SqliteStatement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string SqliteStatement::key(int column) const {
  if (sqlite3_column_type(statement_.get(), column) != SQLITE_BLOB) return text(column);
  std::vector<std::string> found = keys(column);
  return found.empty() ? std::string() : std::move(found.front());
}

std::vector<std::string> SqliteStatement::keys(int column) const {
  const auto* octets = static_cast<const unsigned char*>(sqlite3_column_blob(statement_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  std::vector<std::string> found;
  if (octets == nullptr) return found;
  for (std::size_t at = 0; at + kPackedKeyOctets <= size; at += kPackedKeyOctets) {
    found.push_back(unpack_key(octets + at));
  }
  return found;
}

namespace {

/// SQLite counts its memory for statistics that nobody reads here, under a mutex for which all threads that ask would queue. Where something else in the
/// process used SQLite before us it goes on counting.
void stop_counting_memory() {
  static const int kDone = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
  (void)kDone;
}

}  // namespace

SqliteConnection::SqliteConnection(sqlite3* database)
    : state_(std::make_unique<SqliteState>()), database_(database) {}

Result<SqliteConnection> SqliteConnection::open(const std::filesystem::path& file, Access access,
                                                std::chrono::milliseconds lock_wait) {
  stop_counting_memory();
  std::error_code no_directory;
  // Absolute, because SQLite gives names such as ":memory:" a meaning of their own.
  const std::filesystem::path absolute = std::filesystem::absolute(file, no_directory);
  if (no_directory) return tl::unexpected(Error{Code::temporary, 0, no_directory.message()});
  const int mode = access == Access::read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
  sqlite3* database = nullptr;
  const int result = sqlite3_open_v2(absolute.c_str(), &database,
                                     mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  SqliteConnection connection(database);
  if (database == nullptr) return tl::unexpected(Error{Code::temporary, 0, "SQLite: out of memory"});
  if (result != SQLITE_OK) return failure(database, *connection.state_);
  sqlite3_busy_timeout(database, static_cast<int>(lock_wait.count()));
  sqlite3_progress_handler(database, kInstructionsBetweenChecks, is_past_deadline, connection.state_.get());
  return connection;
}

Result<void> SqliteConnection::execute(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) == SQLITE_OK) return {};
  return failure(database_.get(), *state_);
}

Result<SqliteStatement> SqliteConnection::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return failure(database_.get(), *state_);
  return SqliteStatement(statement, *state_);
}

Result<std::string> SqliteConnection::query_text(std::string_view sql) {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) return tl::unexpected(std::move(statement.error()));
  Result<bool> row = statement->step();
  if (!row) return tl::unexpected(std::move(row.error()));
  return *row ? statement->text(0) : std::string();
}

Result<std::int64_t> SqliteConnection::query_integer(std::string_view sql) {
  Result<SqliteStatement> statement = prepare(sql);
  if (!statement) return tl::unexpected(std::move(statement.error()));
  Result<bool> row = statement->step();
  if (!row) return tl::unexpected(std::move(row.error()));
  return *row ? statement->integer(0).value_or(0) : 0;
}

void SqliteConnection::allow(std::chrono::milliseconds time) {
  state_->deadline = std::chrono::steady_clock::now() + time;
}

std::int64_t SqliteConnection::last_row() const { return sqlite3_last_insert_rowid(database_.get()); }

std::size_t SqliteConnection::changes() const {
  return static_cast<std::size_t>(sqlite3_changes64(database_.get()));
}

bool SqliteConnection::is_read_only() const { return sqlite3_db_readonly(database_.get(), "main") != 0; }

bool SqliteConnection::has_moved() const {
  int moved = 0;
  return sqlite3_file_control(database_.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK &&
         moved != 0;
}

Result<SqliteTransaction> SqliteTransaction::begin_reading(SqliteConnection& connection) {
  return begin(connection, "BEGIN");
}

Result<SqliteTransaction> SqliteTransaction::begin_writing(SqliteConnection& connection) {
  return begin(connection, "BEGIN IMMEDIATE");
}

Result<SqliteTransaction> SqliteTransaction::begin(SqliteConnection& connection, const char* sql) {
  if (Result<void> begun = connection.execute(sql); !begun) return tl::unexpected(std::move(begun.error()));
  return SqliteTransaction(connection);
}

Result<void> SqliteTransaction::commit() {
  Result<void> done = open_->execute("COMMIT");
  if (done) (void)open_.release();
  return done;
}

// SQLite itself may have rolled back already; the error that says so is the state we want.
void SqliteTransaction::RollBack::operator()(SqliteConnection* connection) const noexcept {
  (void)connection->execute("ROLLBACK");
}

}  // namespace coldpitch
