// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "milter/service.h"

namespace coldpitch {

/// Forgets what is older than history.retention, in a thread of its own: soon after the start, and then every so often. Blocks all signals
/// for that thread. Destruction ends it.
class Housekeeping {
 public:
  Housekeeping(Service& service, std::chrono::milliseconds first, std::chrono::milliseconds interval);
  ~Housekeeping();
  Housekeeping(const Housekeeping&) = delete;
  Housekeeping& operator=(const Housekeeping&) = delete;

 private:
  void run(std::chrono::milliseconds first, std::chrono::milliseconds interval);

  Service& service_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  ///< guarded by mutex_
  std::thread thread_;
};

/// Forgets once. Returns how many events.
Result<std::size_t> expire_history(Service& service);

}  // namespace coldpitch
