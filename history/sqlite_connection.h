// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace coldpitch {

struct CloseSqlite {
  void operator()(sqlite3* database) const noexcept;
};
struct FinalizeSqlite {
  void operator()(sqlite3_stmt* statement) const noexcept;
};

/// What a connection shares with its statements and with SQLite's callbacks.
struct SqliteState {
  std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
  bool found_damage = false;
};

/// A prepared statement. Parameters and columns count from 1 and 0, as SQLite does. Outlived by its connection.
class SqliteStatement {
 public:
  SqliteStatement(sqlite3_stmt* statement, SqliteState& state) : statement_(statement), state_(&state) {}

  void bind(int parameter, std::int64_t value);
  void bind(int parameter, double value);
  /// The text is copied.
  void bind(int parameter, std::string_view text);
  /// A key of Keyring: 32 hexadecimal digits become a blob of half the size, "" NULL, anything else stays text.
  void bind_key(int parameter, std::string_view key);
  /// Keys one after the other, as a blob; those that are no keys of Keyring are left out, none at all is NULL.
  void bind_keys(int parameter, const std::vector<std::string>& keys);
  void bind_null(int parameter);

  /// True when there is a row to read. After false or an error the statement is ready to run again, parameters kept.
  [[nodiscard]] Result<bool> step();
  /// Ready to run again; for a statement left before its last row.
  void reset();

  [[nodiscard]] std::optional<std::int64_t> integer(int column) const;
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] double real(int column) const;
  /// As given to bind_key() and bind_keys().
  [[nodiscard]] std::string key(int column) const;
  [[nodiscard]] std::vector<std::string> keys(int column) const;

 private:
  std::unique_ptr<sqlite3_stmt, FinalizeSqlite> statement_;
  SqliteState* state_;  ///< the connection's
};

/// A connection to a SQLite file. Used by one thread at a time; nothing here throws but std::bad_alloc.
///
/// Errors: `temporary` for what may pass (locked, full, interrupted, I/O), `permanent` for the rest (damaged, read-only,
/// wrong SQL).
class SqliteConnection {
 public:
  enum class Access : std::uint8_t { read_only, read_write };

  /// Opens an existing file. `lock_wait` bounds each wait for another process.
  [[nodiscard]] static Result<SqliteConnection> open(const std::filesystem::path& file, Access access,
                                                     std::chrono::milliseconds lock_wait);

  /// Runs statements that give no rows anybody wants.
  Result<void> execute(const char* sql);
  [[nodiscard]] Result<SqliteStatement> prepare(std::string_view sql);
  /// First column of the first row as text, "" without a row.
  [[nodiscard]] Result<std::string> query_text(std::string_view sql);
  [[nodiscard]] Result<std::int64_t> query_integer(std::string_view sql);

  /// Interrupts statements (with `temporary`) that still run after so long from now.
  void allow(std::chrono::milliseconds time);

  /// The row made by the last INSERT into a table that numbers its rows.
  [[nodiscard]] std::int64_t last_row() const;
  /// Rows changed by the last statement.
  [[nodiscard]] std::size_t changes() const;
  [[nodiscard]] bool is_read_only() const;
  /// The file was removed or replaced since it was opened: what is written goes nowhere.
  [[nodiscard]] bool has_moved() const;
  /// Some error said that the file is no sound database.
  [[nodiscard]] bool found_damage() const { return state_->found_damage; }

 private:
  explicit SqliteConnection(sqlite3* database);

  std::unique_ptr<SqliteState> state_;  ///< on the heap: its address is kept by others
  std::unique_ptr<sqlite3, CloseSqlite> database_;
};

/// A transaction that is rolled back unless commit() succeeded.
class SqliteTransaction {
 public:
  /// For reading: all statements until the end see one state of the database.
  [[nodiscard]] static Result<SqliteTransaction> begin_reading(SqliteConnection& connection);
  /// For writing: takes the write lock at once, so that no later statement can fail for want of it.
  [[nodiscard]] static Result<SqliteTransaction> begin_writing(SqliteConnection& connection);

  Result<void> commit();

 private:
  struct RollBack {
    void operator()(SqliteConnection* connection) const noexcept;
  };
  [[nodiscard]] static Result<SqliteTransaction> begin(SqliteConnection& connection, const char* sql);
  explicit SqliteTransaction(SqliteConnection& connection) : open_(&connection) {}

  std::unique_ptr<SqliteConnection, RollBack> open_;
};

}  // namespace coldpitch
