// SPDX-License-Identifier: MIT
#include "milter/work_watch.h"

namespace coldpitch {

WorkWatch::Work::Work(WorkWatch& watch, Clock::time_point now) : watch_(watch) {
  const Lock lock(watch_.mutex_);
  begun_ = watch_.begun_.insert(now);
}

WorkWatch::Work::~Work() {
  const Lock lock(watch_.mutex_);
  watch_.begun_.erase(begun_);
}

bool WorkWatch::makes_progress(Clock::duration limit, Clock::time_point now) const {
  const Lock lock(mutex_);
  return begun_.empty() || now - *begun_.begin() < limit;
}

}  // namespace coldpitch
