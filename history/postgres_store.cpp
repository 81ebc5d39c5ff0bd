// SPDX-License-Identifier: MIT
#include <libpq-fe.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "history/event_writer.h"
#include "history/postgres_filter.h"
#include "history/postgres_pool.h"
#include "history/postgres_reader.h"
#include "history/postgres_schema.h"
#include "history/postgres_writer.h"
#include "history/store.h"

namespace coldpitch {
namespace {

using Milliseconds = std::chrono::milliseconds;

/// What is asked by a person may take longer than what mail waits for, and so may what nobody waits for.
constexpr std::chrono::minutes kPatience{1};
constexpr Milliseconds kPatienceForWriting{2000};
constexpr Milliseconds kPatienceForConnecting{5000};

Deadline in(Milliseconds time) { return std::chrono::steady_clock::now() + time; }

/// Numbers for events, unlike those of any other process that writes: 31 random bits, and a count that goes on with what was written.
std::int64_t first_number() {
  std::random_device source;
  return static_cast<std::int64_t>(source() & 0x7FFFFFFFU) << 32U;
}

/// Longest a group of events may take, and the server may work on anything: who asks gives up sooner.
Milliseconds patience(const PostgresOptions& options) {
  return std::max(Milliseconds(options.limit_ms), kPatienceForWriting);
}

std::string timeout_sql(Milliseconds limit) {
  return "SET statement_timeout = " + std::to_string(limit.count());
}

class PostgresStore final : public Store {
 public:
  PostgresStore(const PostgresOptions& options, std::unique_ptr<PostgresPool> pool)
      : limit_(options.limit_ms),
        patience_(patience(options)),
        next_seq_(first_number()),
        pool_(std::move(pool)) {}

  Result<void> start_writing(const PostgresOptions& options) {
    EventWriter::Settings settings;
    settings.queue_events = options.queue_events;
    settings.retry_delay = limit_;
    auto queue =
        EventWriter::start([this](const std::vector<Event>& events) { return write(events); }, settings);
    if (!queue) return tl::unexpected(queue.error());
    queue_ = std::move(*queue);
    return {};
  }

  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override {
    const Deadline deadline = in(limit_);
    return quickly<std::vector<ContactFacts>>(deadline, [&](PostgresConnection& connection) {
      return ask_postgres(connection, question, deadline);
    });
  }

  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override {
    const Deadline deadline = in(limit_);
    return quickly<std::vector<Correspondent>>(deadline, [&](PostgresConnection& connection) {
      return find_postgres_correspondents(connection, question, deadline);
    });
  }

  Result<void> record(Event event) override { return queue_->add(std::move(event)); }
  Result<void> flush() override { return queue_->flush(); }
  QueueState queue() const override { return queue_->state(); }

  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    return patiently<std::size_t>([&](PostgresConnection& connection, Deadline deadline) {
      return expire_postgres(connection, before, texts_before, deadline);
    });
  }

  Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) override {
    return patiently<std::vector<Event>>([&](PostgresConnection& connection, Deadline deadline) {
      return read_postgres_events(connection, filter, limit, deadline);
    });
  }

  Result<void> scan(TimePoint since, const std::function<void(const Event&)>& visit) override {
    return patiently<void>([&](PostgresConnection& connection, Deadline deadline) {
      return scan_postgres_events(connection, since, visit, deadline);
    });
  }

  Result<std::size_t> erase(const EventFilter& filter) override {
    return patiently<std::size_t>([&](PostgresConnection& connection, Deadline deadline) {
      return erase_postgres(connection, filter, deadline);
    });
  }

  Result<StoreStats> stats() override {
    return patiently<StoreStats>([](PostgresConnection& connection, Deadline deadline) {
      return read_postgres_stats(connection, deadline);
    });
  }

 private:
  /// A question may be asked again after a conflict, as long as there is time.
  template <class Answer, class Work>
  Result<Answer> quickly(Deadline deadline, Work&& work) {
    return pool_->with_connection<Answer>(deadline, [&](PostgresConnection& connection) {
      Result<Answer> answer = work(connection);
      while (!answer && connection.is_conflict() && std::chrono::steady_clock::now() < deadline) {
        answer = work(connection);
      }
      return answer;
    });
  }

  /// With all that was recorded written, and time to read the whole store.
  template <class Answer, class Work>
  Result<Answer> patiently(Work&& work) {
    if (Result<void> written = flush(); !written) return tl::unexpected(written.error());
    return pool_->with_connection<Answer>(
        in(kPatienceForConnecting), [&](PostgresConnection& connection) -> Result<Answer> {
          const Deadline deadline = in(kPatience);
          if (auto longer = connection.execute(timeout_sql(kPatience), deadline); !longer)
            return tl::unexpected(longer.error());
          Result<Answer> answer = work(connection, deadline);
          if (connection.is_usable()) (void)connection.execute(timeout_sql(patience_), deadline);
          return answer;
        });
  }

  /// Called by the queue's thread alone. A group that failed comes again, and gets the same numbers: should it have been written after all,
  /// it is not written twice.
  Result<void> write(const std::vector<Event>& events) {
    const Deadline deadline = in(patience_);
    Result<void> written =
        pool_->with_connection<void>(deadline, [&](PostgresConnection& connection) -> Result<void> {
          return write_postgres(connection, events, next_seq_, deadline);
        });
    if (written) next_seq_ += static_cast<std::int64_t>(events.size());
    return written;
  }

  const Milliseconds limit_, patience_;
  std::int64_t next_seq_;
  std::unique_ptr<PostgresPool> pool_;
  std::unique_ptr<EventWriter> queue_;  ///< last, so that it stops before what it writes to goes away
};

}  // namespace

std::string postgres_uri_fault(const std::string& uri) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(uri.c_str(), &message);
  if (options != nullptr) {
    PQconninfoFree(options);
    return {};
  }
  std::string fault = message != nullptr ? message : "out of memory";
  PQfreemem(message);
  while (fault.ends_with('\n')) fault.pop_back();
  return fault;
}

Result<std::unique_ptr<Store>> open_postgres_store(const PostgresOptions& options) {
  if (const std::string fault = postgres_uri_fault(options.uri); !fault.empty())
    return tl::unexpected(Error{Code::permanent, 0, fault});
  const auto prepare = [limit = patience(options),
                        mark = options.secret_mark](PostgresConnection& connection) -> Result<void> {
    if (Result<void> ready = prepare_postgres_schema(connection, mark); !ready) return ready;
    const Deadline deadline = in(kPatienceForConnecting);
    if (Result<void> prepared = prepare_postgres_questions(connection, deadline); !prepared) return prepared;
    if (auto set = connection.execute(timeout_sql(limit), deadline); !set) return tl::unexpected(set.error());
    return {};
  };
  auto pool = PostgresPool::start(options.uri, std::max<std::size_t>(options.connections, 1), prepare);
  if (!pool) return tl::unexpected(pool.error());
  auto store = std::make_unique<PostgresStore>(options, std::move(*pool));
  if (Result<void> writing = store->start_writing(options); !writing) return tl::unexpected(writing.error());
  return store;
}

}  // namespace coldpitch
