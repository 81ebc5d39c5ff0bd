// SPDX-License-Identifier: MIT
#include "milter/housekeeping.h"

#include <csignal>
#include <string>

#include "milter/log.h"

namespace coldpitch {

Result<std::size_t> expire_history(Service& service) {
  const Memory memory = service.memory();
  if (!memory.available()) return std::size_t{0};
  const HistorySettings& settings = service.snapshot()->config.history;
  const TimePoint now = service.now();
  return memory.store->expire(now - settings.retention, now - settings.same_text_window);
}

Housekeeping::Housekeeping(Service& service, std::chrono::milliseconds first,
                           std::chrono::milliseconds interval)
    : service_(service) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread([this, first, interval] { run(first, interval); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Housekeeping::~Housekeeping() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Housekeeping::run(std::chrono::milliseconds first, std::chrono::milliseconds interval) {
  std::unique_lock lock(mutex_);
  for (std::chrono::milliseconds wait = first; !wake_.wait_for(lock, wait, [this] { return stopping_; });
       wait = interval) {
    lock.unlock();
    const Result<std::size_t> forgotten = expire_history(service_);
    if (!forgotten) {
      service_.metrics().count_fault("history-expire");
      log_warning("event=fault kind=history-expire detail=" + log_value(forgotten.error().detail));
    } else if (*forgotten > 0) {
      log_info("event=history-expire events=" + std::to_string(*forgotten));
    }
    lock.lock();
  }
}

}  // namespace coldpitch
