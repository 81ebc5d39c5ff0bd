// SPDX-License-Identifier: MIT
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <system_error>
#include <utility>
#include <vector>

#include "history/event_writer.h"
#include "history/sqlite_connection.h"
#include "history/sqlite_filter.h"
#include "history/sqlite_reader.h"
#include "history/sqlite_schema.h"
#include "history/sqlite_writer.h"
#include "history/store.h"

namespace coldpitch {
namespace {

constexpr std::size_t kIdleReaders = 32;
/// In one transaction, where many wait: the more, the fewer pages are written twice. Other processes wait for it, less than a second.
constexpr std::size_t kMostEvents = 10'000;
/// What is asked by a person may take longer than what mail waits for.
constexpr std::chrono::seconds kPatience{60};

class SqliteStore final : public Store {
 public:
  SqliteStore(SqliteOptions options, std::unique_ptr<SqliteWriter> writer, std::unique_ptr<EventWriter> queue)
      : options_(std::move(options)), writer_(std::move(writer)), queue_(std::move(queue)) {}

  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override {
    return with_reader<std::vector<ContactFacts>>([&](SqliteReader& reader) { return reader.ask(question); });
  }

  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override {
    return with_reader<std::vector<Correspondent>>(
        [&](SqliteReader& reader) { return reader.find_correspondents(question); });
  }

  Result<void> record(Event event) override { return queue_->add(std::move(event)); }
  Result<void> flush() override { return queue_->flush(); }
  QueueState queue() const override { return queue_->state(); }

  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    if (Result<void> written = flush(); !written) return tl::unexpected(written.error());
    return writer_->expire(before, texts_before);
  }

  Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) override {
    return patiently<std::vector<Event>>(
        [&](SqliteConnection& connection) { return read_events(connection, filter, limit); });
  }

  Result<void> scan(TimePoint since, const std::function<void(const Event&)>& visit) override {
    return patiently<void>(
        [&](SqliteConnection& connection) { return scan_events(connection, since, visit); });
  }

  Result<std::size_t> erase(const EventFilter& filter) override {
    if (Result<void> written = flush(); !written) return tl::unexpected(written.error());
    return writer_->erase(filter);
  }

  Result<StoreStats> stats() override {
    Result<StoreStats> stats =
        patiently<StoreStats>([](SqliteConnection& connection) { return read_stats(connection); });
    if (!stats) return stats;
    for (const char* suffix : {"", "-wal"}) {
      std::error_code absent;
      const std::uintmax_t octets = std::filesystem::file_size(options_.file.string() + suffix, absent);
      if (!absent) stats->octets += octets;
    }
    return stats;
  }

 private:
  template <class Answer, class Work>
  Result<Answer> with_reader(Work&& work) {
    Result<std::unique_ptr<SqliteReader>> reader = take_reader();
    if (!reader) return tl::unexpected(reader.error());
    Result<Answer> answer = work(**reader);
    // After an error a connection is not used again: a new one may find the file in order.
    if (answer) give_back(std::move(*reader));
    return answer;
  }

  /// On a connection of its own, with all that was recorded written.
  template <class Answer, class Work>
  Result<Answer> patiently(Work&& work) {
    if (Result<void> written = flush(); !written) return tl::unexpected(written.error());
    auto connection = SqliteConnection::open(options_.file, SqliteConnection::Access::read_only, kPatience);
    if (!connection) return tl::unexpected(connection.error());
    connection->allow(kPatience);
    return work(*connection);
  }

  Result<std::unique_ptr<SqliteReader>> take_reader() {
    {
      const std::lock_guard lock(readers_mutex_);
      if (!readers_.empty()) {
        std::unique_ptr<SqliteReader> reader = std::move(readers_.back());
        readers_.pop_back();
        return reader;
      }
    }
    return SqliteReader::open(options_);
  }

  void give_back(std::unique_ptr<SqliteReader> reader) {
    const std::lock_guard lock(readers_mutex_);
    if (readers_.size() < kIdleReaders) readers_.push_back(std::move(reader));
  }

  const SqliteOptions options_;
  std::unique_ptr<SqliteWriter> writer_;
  std::mutex readers_mutex_;
  std::vector<std::unique_ptr<SqliteReader>> readers_;  ///< idle ones
  std::unique_ptr<EventWriter> queue_;  ///< last, so that it stops before what it writes to goes away
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options, std::string* notice) {
  Result<SqliteConnection> connection = open_history_file(options, notice);
  if (!connection) return tl::unexpected(connection.error());
  Result<std::unique_ptr<SqliteWriter>> writer = SqliteWriter::make(std::move(*connection));
  if (!writer) return tl::unexpected(writer.error());
  EventWriter::Settings settings;
  settings.queue_events = options.queue_events;
  settings.most_events = kMostEvents;
  settings.retry_delay = std::chrono::milliseconds(options.limit_ms);
  auto queue = EventWriter::start(
      [target = writer->get()](const std::vector<Event>& events) { return target->write(events); }, settings);
  if (!queue) return tl::unexpected(queue.error());
  return std::make_unique<SqliteStore>(options, std::move(*writer), std::move(*queue));
}

}  // namespace coldpitch
