// SPDX-License-Identifier: MIT
#include "milter/housekeeping.h"

#include <algorithm>
#include <csignal>
#include <exception>
#include <string>

#include "milter/log.h"
#include "milter/memory.h"

namespace coldpitch {
namespace {

constexpr std::chrono::seconds kReopen{30};

}  // namespace

bool reopen_history(Service& service) {
  if (!service.misses_history()) return false;
  OpenedMemory memory = open_memory(service.snapshot()->config.history);
  if (!memory.store) return false;
  service.adopt_memory(std::move(memory.store), std::move(memory.keyring));
  log_info("event=history state=opened" +
           (memory.warning.empty() ? "" : " detail=" + log_value(memory.warning)));
  return true;
}

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
    const Lock lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Housekeeping::run(std::chrono::milliseconds first, std::chrono::milliseconds interval) {
  using Clock = std::chrono::steady_clock;
  auto expire_at = Clock::now() + first;
  Lock lock(mutex_);
  while (true) {
    const auto reopen_at = service_.misses_history() ? Clock::now() + kReopen : Clock::time_point::max();
    if (wake_.wait_until(lock.waiting(), std::min(expire_at, reopen_at),
                         [this]() REQUIRES(mutex_) { return stopping_; }))
      return;
    lock.unlock();
    const bool is_due = Clock::now() >= expire_at;
    if (is_due) expire_at = Clock::now() + interval;
    work(is_due);
    lock.lock();
  }
}

/// No exception may leave the thread: it would end the daemon.
void Housekeeping::work(bool expires) noexcept {
  try {
    reopen_history(service_);
    if (expires) expire_and_tell();
  } catch (const std::exception& fault) {
    service_.note_exception(fault.what());
  }
}

void Housekeeping::expire_and_tell() {
  const Result<std::size_t> forgotten = expire_history(service_);
  if (!forgotten) {
    service_.metrics().count_fault("history-expire");
    log_warning("event=fault kind=history-expire detail=" + log_value(forgotten.error().detail));
  } else if (*forgotten > 0) {
    log_info("event=history-expire events=" + std::to_string(*forgotten));
  }
}

}  // namespace coldpitch
