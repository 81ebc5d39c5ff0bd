// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <thread>

#include "history/locks.h"
#include "milter/service.h"

namespace coldpitch {

/// Forgets what is older than history.retention, in a thread of its own: soon after the start, and then every so often. Tries to open a
/// history that could not be opened, every half minute. Blocks all signals
/// for that thread. Destruction ends it.
class Housekeeping {
 public:
  Housekeeping(Service& service, std::chrono::milliseconds first, std::chrono::milliseconds interval);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run(std::chrono::milliseconds first, std::chrono::milliseconds interval);
  void work(bool expires) noexcept;
  void expire_and_tell();

  Service& service_;
  Mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

/// Opens the history that the configuration wants when the service has none. True when that worked.
bool reopen_history(Service& service);

/// Forgets once. Returns how many events.
Result<std::size_t> expire_history(Service& service);

}  // namespace coldpitch
