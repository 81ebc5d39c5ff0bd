// SPDX-License-Identifier: MIT
#include "milter/work_watch.h"

namespace coldpitch {

WorkWatch::Work::Work(WorkWatch& watch, Clock::time_point now) : watch_(watch) {
  const std::lock_guard lock(watch_.mutex_);
  begun_ = watch_.begun_.insert(now);
}

WorkWatch::Work::~Work() {
  const std::lock_guard lock(watch_.mutex_);
  watch_.begun_.erase(begun_);
}

bool WorkWatch::makes_progress(Clock::duration limit, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  return begun_.empty() || now - *begun_.begin() < limit;
}

}  // namespace coldpitch
