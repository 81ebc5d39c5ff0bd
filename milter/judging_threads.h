// SPDX-License-Identifier: MIT
#pragma once

#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "history/locks.h"

namespace coldpitch {

/// The few threads messages are judged on. libmilter has a thread for each busy connection, and the C library keeps for each thread some
/// hundred KB of what it freed last: with two hundred connections that would be a fifth of all memory. Thread-safe.
class JudgingThreads {
 public:
  explicit JudgingThreads(std::size_t most);
  /// Nothing may run any more.
  ~JudgingThreads();
  JudgingThreads(const JudgingThreads&) = delete;
  JudgingThreads& operator=(const JudgingThreads&) = delete;

  /// Runs `work` and returns when it is done, or throws what it threw. It never waits for others: where all threads are busy, or none
  /// can be started, `work` runs on the caller's.
  void run(const std::function<void()>& work);

  /// Threads started so far.
  [[nodiscard]] std::size_t started() const;

 private:
  struct Job {
    const std::function<void()>& work;
    std::exception_ptr fault = nullptr;
    bool is_done = false;
    std::condition_variable done{};
  };
  struct Worker {
    std::condition_variable called;
    Job* job = nullptr;
    std::thread thread;
  };

  [[nodiscard]] Worker* take_worker() REQUIRES(mutex_);
  [[nodiscard]] bool run_elsewhere(Job& job);
  void serve(Worker& worker);

  const std::size_t most_;
  mutable Mutex mutex_;
  std::vector<std::unique_ptr<Worker>> workers_ GUARDED_BY(mutex_);
  std::vector<Worker*> idle_
      GUARDED_BY(mutex_);  ///< who was busy last comes first: the others' memory stays untouched
  bool stopping_ GUARDED_BY(mutex_) = false;
};

}  // namespace coldpitch
