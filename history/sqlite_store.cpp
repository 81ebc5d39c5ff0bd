// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#include "history/event_writer.h"
#include "history/milestones.h"
#include "history/sqlite_connection.h"
#include "history/sqlite_schema.h"
#include "history/store.h"

namespace coldpitch {
namespace {

constexpr std::size_t kIdleReaders = 32;

// ?1 user, ?2 person, ?3 organisation, ?4 as_of. Each line is one search in an index. "kind <> 0" says again what the partial
// index says, because the planner wants to see it.
constexpr std::string_view kMilestonesSql = R"sql(SELECT
  (SELECT max(time) FROM event WHERE user=?1 AND person=?2 AND kind=1 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND organisation=?3 AND kind=1 AND kind<>0 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND person=?2 AND kind=2 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND organisation=?3 AND kind=2 AND kind<>0 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND person=?2 AND kind=3 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND organisation=?3 AND kind=3 AND kind<>0 AND time<?4),
  (SELECT max(time) FROM event WHERE user=?1 AND person=?2 AND kind=4 AND time<?4))sql";

// ?1 user, ?2 person, ?3 from after, ?4 as_of, ?5 and ?6 kPitchVerdicts.
constexpr std::string_view kUnansweredSql = R"sql(
  SELECT count(*), min(time), max(time), sum(verdict IN (?5, ?6)) FROM event
  WHERE user=?1 AND person=?2 AND kind=0 AND time>?3 AND time<?4)sql";

// ?1 user, ?2 person, ?3 up to, which is before as_of.
constexpr std::string_view kAnsweredSql =
    "SELECT count(*) FROM event WHERE user=?1 AND person=?2 AND kind=0 AND time<=?3";

// ?1 user, ?2 message id, ?3 as_of.
constexpr std::string_view kSentSql =
    "SELECT 1 FROM event WHERE user=?1 AND message_id=?2 AND kind=1 AND time<?3 LIMIT 1";

constexpr std::string_view kInsertSql = R"sql(
  INSERT INTO event (user, person, kind, time, seq, organisation, message_id, verdict, score, authenticated)
  VALUES (coalesce(?1, x''), coalesce(?2, x''), ?3, ?4,
          (SELECT coalesce(max(seq) + 1, 0) FROM event
           WHERE user=coalesce(?1, x'') AND person=coalesce(?2, x'') AND kind=?3 AND time=?4),
          ?5, ?6, ?7, ?8, ?9))sql";

std::int64_t seconds(TimePoint time) { return time.time_since_epoch().count(); }

std::optional<TimePoint> time_in(const SqliteStatement& row, int column) {
  const std::optional<std::int64_t> value = row.integer(column);
  if (!value) return std::nullopt;
  return TimePoint(std::chrono::seconds(*value));
}

std::size_t count_in(const SqliteStatement& row, int column) {
  return static_cast<std::size_t>(row.integer(column).value_or(0));
}

/// A read-only connection with its prepared questions. Used by one thread at a time.
class Reader {
 public:
  static Result<std::unique_ptr<Reader>> open(const SqliteOptions& options) {
    const std::chrono::milliseconds limit(options.limit_ms);
    auto connection = SqliteConnection::open(options.file, SqliteConnection::Access::read_only, limit);
    if (!connection) return tl::unexpected(connection.error());
    connection->allow(limit);
    std::vector<SqliteStatement> statements;
    for (const std::string_view sql : {kMilestonesSql, kUnansweredSql, kAnsweredSql, kSentSql}) {
      auto statement = connection->prepare(sql);
      if (!statement) return tl::unexpected(statement.error());
      statements.push_back(std::move(*statement));
    }
    return std::unique_ptr<Reader>(new Reader(std::move(*connection), std::move(statements), limit));
  }

  Result<ContactFacts> ask(const ContactQuestion& question) {
    connection_.allow(limit_);
    auto transaction = SqliteTransaction::begin_reading(connection_);
    if (!transaction) return tl::unexpected(transaction.error());
    Result<ContactFacts> facts = find_facts(question);
    for (SqliteStatement& statement : statements_) statement.reset();
    return facts;
  }

 private:
  Reader(SqliteConnection connection, std::vector<SqliteStatement> statements,
         std::chrono::milliseconds limit)
      : connection_(std::move(connection)), statements_(std::move(statements)), limit_(limit) {}

  Result<ContactFacts> find_facts(const ContactQuestion& question) {
    const Result<Milestones> milestones = find_milestones(question);
    if (!milestones) return tl::unexpected(milestones.error());
    ContactFacts facts = facts_from(*milestones);
    if (auto counted = count_inbound(question, answered_until(*milestones), facts); !counted) {
      return tl::unexpected(counted.error());
    }
    const Result<bool> ours = is_our_thread(question);
    if (!ours) return tl::unexpected(ours.error());
    facts.in_our_thread = *ours;
    return facts;
  }

  Result<Milestones> find_milestones(const ContactQuestion& question) {
    SqliteStatement& statement = statements_[0];
    statement.bind_key(1, question.user);
    statement.bind_key(2, question.person);
    statement.bind_key(3, question.organisation);
    statement.bind(4, seconds(question.as_of));
    if (const Result<bool> row = statement.step(); !row) return tl::unexpected(row.error());
    Milestones milestones;
    milestones.outbound_to_person = time_in(statement, 0);
    milestones.outbound_to_organisation = time_in(statement, 1);
    milestones.stop_to_person = time_in(statement, 2);
    milestones.stop_to_organisation = time_in(statement, 3);
    milestones.cleared_person = time_in(statement, 4);
    milestones.cleared_organisation = time_in(statement, 5);
    milestones.accepted = time_in(statement, 6);
    return milestones;
  }

  Result<void> count_inbound(const ContactQuestion& question, TimePoint answered, ContactFacts& facts) {
    for (SqliteStatement* statement : {&statements_[1], &statements_[2]}) {
      statement->bind_key(1, question.user);
      statement->bind_key(2, question.person);
      statement->bind(3, seconds(answered));
    }
    SqliteStatement& unanswered = statements_[1];
    unanswered.bind(4, seconds(question.as_of));
    unanswered.bind(5, kPitchVerdicts[0]);
    unanswered.bind(6, kPitchVerdicts[1]);
    if (const Result<bool> row = unanswered.step(); !row) return tl::unexpected(row.error());
    facts.unanswered = count_in(unanswered, 0);
    facts.first_inbound = time_in(unanswered, 1);
    facts.last_inbound = time_in(unanswered, 2);
    facts.unanswered_pitches = count_in(unanswered, 3);
    SqliteStatement& earlier = statements_[2];
    if (const Result<bool> row = earlier.step(); !row) return tl::unexpected(row.error());
    facts.inbound = facts.unanswered + count_in(earlier, 0);
    return {};
  }

  Result<bool> is_our_thread(const ContactQuestion& question) {
    SqliteStatement& sent = statements_[3];
    sent.bind_key(1, question.user);
    sent.bind(3, seconds(question.as_of));
    for (const std::string& id : question.references) {
      sent.bind_key(2, id);
      Result<bool> found = sent.step();
      if (!found || *found) return found;
    }
    return false;
  }

  SqliteConnection connection_;
  std::vector<SqliteStatement> statements_;  ///< of the constants above, in the order of open()
  std::chrono::milliseconds limit_;
};

/// Writes events through the only connection that writes.
class Writer {
 public:
  Writer(SqliteConnection connection, SqliteStatement insert)
      : connection_(std::move(connection)), insert_(std::move(insert)) {}

  Result<void> write(const std::vector<Event>& events) {
    const std::lock_guard lock(mutex_);
    auto transaction = SqliteTransaction::begin_writing(connection_);
    if (!transaction) return tl::unexpected(transaction.error());
    for (const Event& event : events) {
      if (const Result<bool> done = insert(event); !done) return tl::unexpected(done.error());
    }
    return transaction->commit();
  }

  Result<std::size_t> expire(TimePoint before) {
    const std::lock_guard lock(mutex_);
    auto statement = connection_.prepare("DELETE FROM event WHERE time < ?1");
    if (!statement) return tl::unexpected(statement.error());
    statement->bind(1, seconds(before));
    if (const Result<bool> done = statement->step(); !done) return tl::unexpected(done.error());
    return connection_.changes();
  }

 private:
  Result<bool> insert(const Event& event) {
    insert_.bind_key(1, event.user);
    insert_.bind_key(2, event.person);
    insert_.bind(3, static_cast<std::int64_t>(event.kind));
    insert_.bind(4, seconds(event.time));
    insert_.bind_key(5, event.organisation);
    insert_.bind_key(6, event.message_id);
    insert_.bind(7, event.verdict);
    insert_.bind(8, event.score);
    insert_.bind(9, static_cast<std::int64_t>(event.authenticated));
    return insert_.step();
  }

  std::mutex mutex_;
  SqliteConnection connection_;
  SqliteStatement insert_;
};

class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteOptions options, std::unique_ptr<Writer> writer, std::unique_ptr<EventWriter> queue)
      : options_(std::move(options)), writer_(std::move(writer)), queue_(std::move(queue)) {}

  Result<ContactFacts> ask(const ContactQuestion& question) override {
    Result<std::unique_ptr<Reader>> reader = take_reader();
    if (!reader) return tl::unexpected(reader.error());
    Result<ContactFacts> facts = (*reader)->ask(question);
    // After an error a connection is not used again: a new one may find the file in order.
    if (facts) give_back(std::move(*reader));
    return facts;
  }

  Result<void> record(Event event) override { return queue_->add(std::move(event)); }
  Result<void> flush() override { return queue_->flush(); }

  Result<std::size_t> expire(TimePoint before) override {
    if (Result<void> written = flush(); !written) return tl::unexpected(written.error());
    return writer_->expire(before);
  }

 private:
  Result<std::unique_ptr<Reader>> take_reader() {
    {
      const std::lock_guard lock(readers_mutex_);
      if (!readers_.empty()) {
        std::unique_ptr<Reader> reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    return Reader::open(options_);
  }

  void give_back(std::unique_ptr<Reader> reader) {
    const std::lock_guard lock(readers_mutex_);
    if (readers_.size() < kIdleReaders) readers_.push_back(std::move(reader));
  }

  const SqliteOptions options_;
  std::unique_ptr<Writer> writer_;
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<Reader>> readers_;  ///< idle ones
  std::unique_ptr<EventWriter> queue_;  ///< last, so that it stops before what it writes to goes away
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, std::string* notice) {
  Result<SqliteConnection> connection = open_history_file(options, notice);
  if (!connection) return tl::unexpected(connection.error());
  Result<SqliteStatement> insert = connection->prepare(kInsertSql);
  if (!insert) return tl::unexpected(insert.error());
  auto writer = std::make_unique<Writer>(std::move(*connection), std::move(*insert));
  EventWriter::Settings settings;
  settings.queue_events = options.queue_events;
  settings.retry_delay = std::chrono::milliseconds(options.limit_ms);
  auto queue = EventWriter::start(
      [target = writer.get()](const std::vector<Event>& events) { return target->write(events); }, settings);
  if (!queue) return tl::unexpected(queue.error());
  return std::make_unique<SqliteStore>(options, std::move(writer), std::move(*queue));
}

}  // namespace coldpitch
