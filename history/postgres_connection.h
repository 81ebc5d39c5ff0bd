// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.h"

struct pg_conn;
struct pg_result;

namespace coldpitch {

using Deadline = std::chrono::steady_clock::time_point;

/// Values of a query's parameters, $1 first.
class PostgresParameters {
 public:
  PostgresParameters& integer(std::int64_t value);
  PostgresParameters& text(std::string_view value);
  /// A key of Keyring as BYTEA; "" is NULL, which equals nothing.
  PostgresParameters& key(std::string_view key);

 private:
  friend class PostgresConnection;
  struct Value {
    std::string octets;
    bool is_null;
    bool is_binary;
  };
  std::vector<Value> values_;
};

/// An array as a text parameter ("{1,2}").
class PostgresArray {
 public:
  void null();
  void integer(std::int64_t value);
  void real(double value);  ///< what is no finite number becomes 0
  void text(std::string_view value);
  enum class Absent : std::uint8_t { null, empty };
  /// A key as BYTEA; `absent` says what "" becomes.
  void key(std::string_view key, Absent absent = Absent::null);
  /// Keys one after the other; those that are no keys of Keyring are left out, none at all is NULL.
  void keys(const std::vector<std::string>& keys);
  [[nodiscard]] std::string take() &&;

 private:
  std::string& next();
  void quoted(std::string_view value);

  std::string text_ = "{";
};
/// Keys as a BYTEA[].
[[nodiscard]] std::string postgres_key_array(const std::vector<std::string>& keys);

/// What a query gave. Columns and rows count from 0.
class PostgresRows {
 public:
  explicit PostgresRows(pg_result* result);

  [[nodiscard]] int size() const;
  /// Rows inserted, changed or deleted.
  [[nodiscard]] std::size_t changes() const;
  [[nodiscard]] std::optional<std::int64_t> integer(int row, int column) const;
  [[nodiscard]] std::string text(int row, int column) const;
  [[nodiscard]] double real(int row, int column) const;
  /// As given to key() and keys() above.
  [[nodiscard]] std::string key(int row, int column) const;
  [[nodiscard]] std::vector<std::string> keys(int row, int column) const;

 private:
  struct Clear {
    void operator()(pg_result* result) const noexcept;
  };
  std::unique_ptr<pg_result, Clear> result_;
};

struct PostgresQuery {
  enum class Kind : std::uint8_t {
    direct,    ///< `sql` is one statement
    prepare,   ///< makes `sql` a statement of the name `name`
    prepared,  ///< runs the statement of the name `name`
  };
  Kind kind = Kind::direct;
  const char* name = "";
  std::string sql;
  PostgresParameters parameters;
};

/// A connection to a server that speaks PostgreSQL's protocol. Used by one thread at a time; nothing here throws but std::bad_alloc.
///
/// Errors: `temporary` for what may pass (no connection, no answer in time, conflicts, a server that stops or is full), `permanent` for the
/// rest (no right, wrong password, wrong SQL).
class PostgresConnection {
 public:
  /// Waits for the network: for each host as long as `connect_timeout` in `uri` says, else two seconds, and for names to be found.
  [[nodiscard]] static Result<PostgresConnection> open(const std::string& uri);

  /// Sends all queries at once and waits for all answers: one round trip. Without BEGIN among them they are one transaction where the
  /// server is PostgreSQL. The first error is the result; a transaction it leaves open is rolled back.
  [[nodiscard]] Result<std::vector<PostgresRows>> run(const std::vector<PostgresQuery>& queries,
                                                      Deadline deadline);
  /// One statement without parameters.
  Result<PostgresRows> execute(std::string sql, Deadline deadline);
  /// Calls `visit` with one row at a time.
  [[nodiscard]] Result<void> stream(const PostgresQuery& query, Deadline deadline,
                                    const std::function<void(const PostgresRows&)>& visit);

  /// False after an error of the connection itself, or an answer that did not come in time: to be thrown away.
  [[nodiscard]] bool is_usable() const { return is_usable_; }
  /// False as well when the server closed the connection meanwhile. Does not wait.
  [[nodiscard]] bool is_alive();
  /// SQLSTATE of the last error, "" for one of the connection.
  [[nodiscard]] const std::string& state() const { return state_; }
  /// The last error was a conflict with another transaction: the same again may succeed.
  [[nodiscard]] bool is_conflict() const { return state_ == "40001" || state_ == "40P01"; }

 private:
  struct Finish {
    void operator()(pg_conn* connection) const noexcept;
  };
  explicit PostgresConnection(pg_conn* connection) : connection_(connection) {}

  bool send(const PostgresQuery& query);
  Result<pg_result*> next_result(Deadline deadline);
  Result<std::vector<PostgresRows>> collect(std::size_t queries, Deadline deadline);
  tl::unexpected<Error> lost(std::string detail);
  Error failure(const pg_result* result);

  std::unique_ptr<pg_conn, Finish> connection_;
  std::string state_;
  bool is_usable_ = true;
};

}  // namespace coldpitch
