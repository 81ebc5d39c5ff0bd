// SPDX-License-Identifier: MIT
#include "milter/judging_threads.h"

#include <atomic>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;

TEST_CASE("one after another runs on the same thread, which is not the caller's") {
  JudgingThreads threads(4);
  CHECK(threads.started() == 0);
  std::set<std::thread::id> seen;
  for (int i = 0; i < 20; ++i) {
    std::thread([&] { threads.run([&] { seen.insert(std::this_thread::get_id()); }); }).join();
  }
  CHECK(seen.size() == 1);
  CHECK_FALSE(seen.contains(std::this_thread::get_id()));
  CHECK(threads.started() == 1);
}

TEST_CASE("what is thrown comes to the caller, and the thread goes on") {
  JudgingThreads threads(1);
  CHECK_THROWS_WITH(threads.run([] { throw std::runtime_error("no memory"); }), "no memory");
  bool has_run = false;
  threads.run([&] { has_run = true; });
  CHECK(has_run);
  CHECK(threads.started() == 1);
}

TEST_CASE("when all threads are busy the caller's does") {
  JudgingThreads threads(2);
  std::vector<std::thread::id> seen;
  const auto note = [&] { seen.push_back(std::this_thread::get_id()); };
  threads.run([&] {
    note();
    threads.run([&] {
      note();
      threads.run(note);
    });
  });
  REQUIRE(seen.size() == 3);
  CHECK(seen[0] != seen[1]);
  CHECK(seen[2] == seen[1]);
  CHECK(threads.started() == 2);
  JudgingThreads none(0);
  none.run(note);
  CHECK(seen.back() == std::this_thread::get_id());
}

TEST_CASE("many at once all run") {
  JudgingThreads threads(3);
  std::atomic<int> runs{0};
  std::vector<std::thread> callers;
  for (int caller = 0; caller < 8; ++caller) {
    callers.emplace_back([&] {
      for (int i = 0; i < 200; ++i) threads.run([&] { ++runs; });
    });
  }
  for (std::thread& caller : callers) caller.join();
  CHECK(runs == 1600);
  CHECK(threads.started() <= 3);
}
