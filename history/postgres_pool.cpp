// SPDX-License-Identifier: MIT
#include "history/postgres_pool.h"

#include <new>
#include <optional>
#include <system_error>
#include <utility>

#include "history/blocked_signals.h"

namespace coldpitch {
namespace {

constexpr std::chrono::milliseconds kRetry{500};

}  // namespace

PostgresPool::PostgresPool(std::string uri, std::size_t most, Prepare prepare)
    : uri_(std::move(uri)), most_(most), prepare_(std::move(prepare)) {
  fresh_.reserve(most_);
  used_.reserve(most_);
}

Result<std::unique_ptr<PostgresPool>> PostgresPool::start(std::string uri, std::size_t most,
                                                          Prepare prepare) {
  std::unique_ptr<PostgresPool> pool(new PostgresPool(std::move(uri), most, std::move(prepare)));
  try {
    const BlockedSignals blocked;
    pool->thread_ = std::thread(&PostgresPool::run, pool.get());
  } catch (const std::system_error& error) {
    return tl::unexpected(
        Error{Code::temporary, 0, std::string("no thread to connect with: ") + error.what()});
  }
  return pool;
}

PostgresPool::~PostgresPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<PostgresPool::Lent> PostgresPool::take(Deadline deadline) {
  std::unique_lock lock(mutex_);
  while (!used_.empty()) {
    PostgresConnection connection = std::move(used_.back());
    used_.pop_back();
    if (connection.is_alive()) return Lent{std::move(connection), true};
    --open_;
  }
  if (fresh_.empty() && open_ == 0 && std::chrono::steady_clock::now() < retry_at_) {
    return tl::unexpected(last_error_);
  }
  const std::uint64_t failures = failures_;
  ++waiting_;
  work_.notify_one();
  idle_.wait_until(lock, deadline,
                   [&] { return !fresh_.empty() || !used_.empty() || failures_ != failures; });
  --waiting_;
  for (auto* idle : {&fresh_, &used_}) {
    if (idle->empty()) continue;
    Lent lent{std::move(idle->back()), idle == &used_};
    idle->pop_back();
    return lent;
  }
  if (failures_ != failures) return tl::unexpected(last_error_);
  return tl::unexpected(Error{Code::temporary, 0, "PostgreSQL: no connection within the limit"});
}

void PostgresPool::give_back(PostgresConnection connection) {
  std::optional<PostgresConnection> dead;
  {
    const std::lock_guard lock(mutex_);
    if (connection.is_usable()) {
      used_.push_back(std::move(connection));
    } else {
      dead.emplace(std::move(connection));  // closed after the lock is
      --open_;
    }
  }
  idle_.notify_one();
  work_.notify_one();
}

void PostgresPool::give_up() {
  {
    const std::lock_guard lock(mutex_);
    --open_;
  }
  work_.notify_one();
}

/// No exception may leave the thread: it would end the process.
Result<PostgresConnection> PostgresPool::open() {
  try {
    Result<PostgresConnection> connection = PostgresConnection::open(uri_);
    if (!connection) return connection;
    if (Result<void> ready = prepare_(*connection); !ready) return tl::unexpected(std::move(ready.error()));
    return connection;
  } catch (const std::bad_alloc&) {
    return tl::unexpected(Error{Code::temporary, 0, "out of memory"});
  }
}

void PostgresPool::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    work_.wait(lock, [&] { return stopping_ || wants_another(); });
    if (stopping_) return;
    if (work_.wait_until(lock, retry_at_, [&] { return stopping_; })) return;
    ++open_;
    lock.unlock();
    Result<PostgresConnection> connection = open();
    lock.lock();
    if (connection) {
      retry_at_ = {};
      fresh_.push_back(std::move(*connection));
      idle_.notify_one();
      continue;
    }
    --open_;
    ++failures_;
    last_error_ = std::move(connection.error());
    retry_at_ = std::chrono::steady_clock::now() + kRetry;
    idle_.notify_all();
  }
}

}  // namespace coldpitch
