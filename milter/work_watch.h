// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <set>

#include "history/locks.h"

namespace coldpitch {

/// Knows what work is under way and since when, so that a watchdog can be told of real progress. Thread-safe.
class WorkWatch {
 public:
  using Clock = std::chrono::steady_clock;

  /// A piece of work: under way from construction to destruction. `watch` must outlive it.
  class Work {
   public:
    explicit Work(WorkWatch& watch, Clock::time_point now = Clock::now());
    ~Work();
    Work(const Work&) = delete;
    Work& operator=(const Work&) = delete;

   private:
    WorkWatch& watch_;
    std::multiset<Clock::time_point>::iterator begun_;
  };

  /// False when some work has been under way for `limit` or longer: something hangs.
  [[nodiscard]] bool makes_progress(Clock::duration limit, Clock::time_point now = Clock::now()) const;

 private:
  mutable Mutex mutex_;
  std::multiset<Clock::time_point> begun_ GUARDED_BY(mutex_);
};

}  // namespace coldpitch
