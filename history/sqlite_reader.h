// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "history/milestones.h"
#include "history/sqlite_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// Seconds since 1970, as SQLite keeps times.
[[nodiscard]] inline std::int64_t sqlite_seconds(TimePoint time) { return time.time_since_epoch().count(); }

/// A read-only connection to the history file with its prepared questions. Used by one thread at a time.
///
/// Errors as those of SqliteConnection; after one the reader is not to be used again.
class SqliteReader {
 public:
  /// Each question is broken off after `limit`.
  [[nodiscard]] static Result<std::unique_ptr<SqliteReader>> open(const SqliteOptions& options);

  [[nodiscard]] Result<std::vector<ContactFacts>> ask(const ContactQuestion& question);
  [[nodiscard]] Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question);

 private:
  SqliteReader(SqliteConnection connection, std::vector<SqliteStatement> statements,
               std::chrono::milliseconds limit)
      : connection_(std::move(connection)), statements_(std::move(statements)), limit_(limit) {}

  template <class Answer, class Work>
  Result<Answer> in_one_transaction(Work&& work);
  Result<std::vector<ContactFacts>> find_facts(const ContactQuestion& question);
  Result<void> find_facts_of_user(const std::string& user, const ContactQuestion& question,
                                  ContactFacts& facts);
  Result<void> find_person(const std::string& user, const ContactQuestion& question, Milestones& milestones);
  Result<void> find_traces(const std::string& user, const std::vector<std::string>& keys, TimePoint as_of,
                           std::vector<Deeds>& deeds);
  /// `question` is the place of a statement for the last event, behind which stands that for the last one before some time.
  Result<void> find_deeds(std::size_t question, EventKind greatest, const std::string& user,
                          const std::string& key, TimePoint as_of, Deeds& deeds,
                          std::optional<Milestone>* accepted);
  Result<void> count_inbound(const std::string& user, const ContactQuestion& question, TimePoint answered,
                             ContactFacts& facts);
  Result<bool> is_our_thread(const std::string& user, const ContactQuestion& question);
  Result<void> find_seen(const ContactQuestion& question, ContactFacts& facts);
  Result<void> count_same_text(const ContactQuestion& question, ContactFacts& facts);
  /// The user who got the text of that event, if it says the same.
  Result<void> add_user_of_text(std::int64_t event, const TextSketch& sketch, std::set<std::string>& users);

  SqliteConnection connection_;
  std::vector<SqliteStatement> statements_;  ///< in the order of Question (sqlite_reader.cpp)
  std::chrono::milliseconds limit_;
};

}  // namespace coldpitch
