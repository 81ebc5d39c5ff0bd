// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// Writes to the history file through the only connection of this process that writes. Thread-safe; errors as those of SqliteConnection.
class SqliteWriter {
 public:
  /// `connection` is that of open_history_file().
  [[nodiscard]] static Result<std::unique_ptr<SqliteWriter>> make(SqliteConnection connection);

  /// All of them or none.
  Result<void> write(const std::vector<Event>& events);
  /// As Store says. Each step is a transaction of its own over at most some thousand events, between which others may write.
  Result<std::size_t> expire(TimePoint before, TimePoint texts_before);
  Result<std::size_t> erase(const EventFilter& filter);

 private:
  SqliteWriter(SqliteConnection connection, std::vector<SqliteStatement> statements)
      : connection_(std::move(connection)), statements_(std::move(statements)) {}

  struct Way;
  struct Text;

  Result<void> insert(const std::vector<Event>& events);
  Result<void> insert_event(const Event& event);
  static void add_ways(std::vector<Way>& ways, std::span<const std::string> keys, const Event& event,
                       std::int64_t id);
  static bool has_lesser_key(const Way& left, const Way& right);
  // Each sorts its rows before.
  Result<void> insert_traces(std::vector<Way>& traces);
  Result<void> insert_origins(std::vector<Way>& origins);
  Result<void> insert_texts(std::vector<Text>& texts);
  Result<void> note_seen(std::vector<Way>& seen);
  /// Runs a statement with the time and the rest bound. Returns the rows changed.
  Result<std::size_t> run_timed(const char* sql, TimePoint time, std::initializer_list<std::int64_t> rest);
  /// The same with several in one transaction, under the lock. Returns the rows that the last of them changed.
  Result<std::size_t> forget(std::initializer_list<const char*> statements, TimePoint time,
                             std::initializer_list<std::int64_t> rest = {});
  /// The same until there is nothing left to forget.
  Result<std::size_t> forget_in_steps(std::initializer_list<const char*> statements, TimePoint time);
  Result<void> forget_texts(TimePoint time);
  Result<bool> has_before(TimePoint time);
  Result<std::size_t> erase_events(const EventFilter& filter);
  /// Writes the log into the file and cuts it to nothing, so that older states of what was overwritten are nowhere. False where somebody still
  /// reads one of them.
  Result<bool> try_empty_log();
  /// The same, waiting for readers for some time; an error when they do not end.
  Result<void> empty_log();
  Result<std::size_t> run_filtered(const std::string& sql, const EventFilter& filter);

  std::mutex mutex_;
  SqliteConnection connection_;
  std::vector<SqliteStatement> statements_;  ///< in the order of Insertion (sqlite_writer.cpp)
};

}  // namespace coldpitch
