// SPDX-License-Identifier: MIT
#include "milter/judging_turns.h"

#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;
using namespace std::chrono_literals;
using Turn = JudgingTurns::Turn;
using Break = JudgingTurns::Break;

namespace {

constexpr JudgingTurns::Terms kOne{1, 30s};

void wait_until_waiting(const JudgingTurns& turns, std::size_t count) {
  while (turns.waiting() != count) std::this_thread::yield();
}

}  // namespace

TEST_CASE("no more than allowed judge at once") {
  JudgingTurns turns;
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        const Turn turn(turns, {3, 30s});
        const int others = ++now;
        for (int seen = most; others > seen && !most.compare_exchange_weak(seen, others);) continue;
        std::this_thread::yield();
        --now;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(most <= 3);
  CHECK(turns.under_way() == 0);
  CHECK(turns.waiting() == 0);
}

TEST_CASE("first come, first served, and whoever comes back before those who are new") {
  JudgingTurns turns;
  std::mutex mutex;
  std::vector<int> order;
  const auto note = [&](int who) {
    const std::lock_guard lock(mutex);
    order.push_back(who);
  };
  std::atomic<bool> is_answered{false};
  std::atomic<bool> is_away{false};
  std::thread first([&] {
    Turn turn(turns, kOne);
    {
      const Break away(&turn);
      is_away = true;
      while (!is_answered) std::this_thread::yield();
    }
    note(0);
  });
  while (!is_away) std::this_thread::yield();
  std::optional<Turn> second(std::in_place, turns, kOne);
  std::vector<std::thread> others;
  for (const int who : {1, 2}) {
    others.emplace_back([&, who] {
      const Turn turn(turns, kOne);
      note(who);
    });
    wait_until_waiting(turns, others.size());
  }
  is_answered = true;
  wait_until_waiting(turns, 3);
  second.reset();
  first.join();
  for (std::thread& other : others) other.join();
  CHECK(order == std::vector<int>{0, 1, 2});
}

TEST_CASE("whoever has waited long enough goes ahead") {
  JudgingTurns turns;
  const Turn first(turns, kOne);
  CHECK_FALSE(first.was_forced());
  {
    const Turn second(turns, {1, 1ms});
    CHECK(second.was_forced());
    CHECK(turns.under_way() == 2);
    CHECK(turns.waiting() == 0);
  }
  CHECK(turns.under_way() == 1);
}

TEST_CASE("more may judge as soon as a message comes that allows it") {
  JudgingTurns turns;
  const Turn first(turns, kOne);
  const Turn second(turns, {2, 30s});
  CHECK_FALSE(second.was_forced());
  const Break none(nullptr);
  CHECK(turns.under_way() == 2);
}
