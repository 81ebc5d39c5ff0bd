// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "history/postgres_connection.h"
#include "parsers/result.h"

namespace coldpitch {

/// Connections to one server (or one of several hosts), opened by a thread of its own: who wants one waits no longer than said, even
/// where finding a name or a TLS handshake takes long. Thread-safe. The thread blocks every signal.
class PostgresPool {
 public:
  /// Readies a fresh connection. An error throws it away.
  using Prepare = std::function<Result<void>(PostgresConnection&)>;

  /// Errors: `temporary` when no thread can be had.
  [[nodiscard]] static Result<std::unique_ptr<PostgresPool>> start(std::string uri, std::size_t most,
                                                                   Prepare prepare);
  /// Waits for a connection that is just being opened. None may be lent.
  ~PostgresPool();
  PostgresPool(const PostgresPool&) = delete;
  PostgresPool& operator=(const PostgresPool&) = delete;

  /// Runs `work` with a connection that nobody else uses. Once more with another one when the first turns out to have been closed by the
  /// server, before anything was sent on it or after: `work` must be such that twice is as good as once.
  /// Errors: those of `work`; `temporary` when none can be had before `deadline`, at once when opening one just failed.
  template <class Answer, class Work>
  [[nodiscard]] Result<Answer> with_connection(Deadline deadline, Work&& work) {
    while (true) {
      Result<Lent> lent = take(deadline);
      if (!lent) return tl::unexpected(std::move(lent.error()));
      Result<Answer> answer = with_lent<Answer>(*lent, work);
      const bool is_usable = lent->connection.is_usable();
      const bool was_idle = lent->was_idle;
      give_back(std::move(lent->connection));
      if (answer || is_usable || !was_idle || std::chrono::steady_clock::now() >= deadline) return answer;
    }
  }

 private:
  struct Lent {
    PostgresConnection connection;
    bool was_idle;  ///< the server may have closed it meanwhile
  };

  PostgresPool(std::string uri, std::size_t most, Prepare prepare);

  /// An exception leaves the connection in the middle of something: it is not used again.
  template <class Answer, class Work>
  Result<Answer> with_lent(Lent& lent, Work& work) {
    try {
      return work(lent.connection);
    } catch (...) {
      give_up();
      throw;
    }
  }
  Result<Lent> take(Deadline deadline);
  void give_back(PostgresConnection connection);
  /// A lent one will not come back.
  void give_up();
  [[nodiscard]] bool wants_another() const { return waiting_ > fresh_.size() && open_ < most_; }
  void run();
  Result<PostgresConnection> open();

  const std::string uri_;
  const std::size_t most_;
  const Prepare prepare_;
  std::mutex mutex_;                              ///< guards all below but thread_
  std::condition_variable work_;                  ///< a connection is wanted, or the end has come
  std::condition_variable idle_;                  ///< a connection is there, or could not be had
  std::vector<PostgresConnection> fresh_, used_;  ///< idle ones; they have room for all
  std::size_t open_ = 0;                          ///< idle, lent and being opened
  std::size_t waiting_ = 0;
  std::uint64_t failures_ = 0;
  Error last_error_;
  std::chrono::steady_clock::time_point retry_at_{};  ///< until then a failure is not tried again
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace coldpitch
