// SPDX-License-Identifier: MIT
#include "milter/work_watch.h"

#include <optional>

#include "tests/support/catch.h"

using namespace coldpitch;
using namespace std::chrono_literals;

TEST_CASE("the watchdog hears of progress until the oldest work is too old") {
  WorkWatch watch;
  const WorkWatch::Clock::time_point start{};
  CHECK(watch.makes_progress(30s, start));

  std::optional<WorkWatch::Work> first(std::in_place, watch, start);
  const WorkWatch::Work second(watch, start + 20s);
  CHECK(watch.makes_progress(30s, start + 29s));
  CHECK_FALSE(watch.makes_progress(30s, start + 30s));

  first.reset();
  CHECK(watch.makes_progress(30s, start + 30s));
  CHECK_FALSE(watch.makes_progress(30s, start + 50s));
}
