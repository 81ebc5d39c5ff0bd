// SPDX-License-Identifier: MIT
#include "milter/guarded_store.h"

#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/failing_store.h"

using namespace coldpitch;
using namespace std::chrono_literals;
using coldpitch::test::FailingStore;
using coldpitch::test::StoreFaults;

namespace {

struct Bench {
  std::shared_ptr<StoreFaults> faults = std::make_shared<StoreFaults>();
  std::chrono::steady_clock::time_point now{};
  Metrics metrics;
  GuardedStore store{std::make_unique<FailingStore>(faults), {200ms, 3, 5s}, metrics, [this] { return now; }};

  bool ask() { return store.ask({}).has_value(); }
  [[nodiscard]] bool shows(const std::string& line) const {
    return ("\n" + metrics.text()).find("\n" + line + "\n") != std::string::npos;
  }
};

/// What `work` writes to standard error.
std::string captured_log(const std::function<void()>& work) {
  const TemporaryFolder folder;
  const std::string name = (folder / "log").string();
  const int before = ::dup(STDERR_FILENO);
  const int file = ::open(name.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  ::dup2(file, STDERR_FILENO);
  work();
  ::dup2(before, STDERR_FILENO);
  ::close(before);
  ::close(file);
  std::ifstream log(name);
  return {std::istreambuf_iterator<char>(log), {}};
}

}  // namespace

TEST_CASE("a store that fails in a row is asked no more, until one question finds it back") {
  Bench bench;
  CHECK(bench.ask());
  bench.faults->away = true;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(bench.ask());
  CHECK(bench.faults->asked == 4);
  CHECK(bench.store.is_bypassed());
  CHECK(bench.shows("coldpitch_history_bypassed 1"));
  for (int i = 0; i < 100; ++i) CHECK_FALSE(bench.ask());
  CHECK_FALSE(bench.store.find_correspondents({}).has_value());
  CHECK(bench.faults->asked == 4);

  bench.now += 5s;  // one tries, in vain
  CHECK_FALSE(bench.ask());
  CHECK_FALSE(bench.ask());
  CHECK(bench.faults->asked == 5);
  bench.faults->away = false;
  CHECK_FALSE(bench.ask());
  bench.now += 5s;
  CHECK(bench.ask());
  CHECK_FALSE(bench.store.is_bypassed());
  CHECK(bench.ask());
  CHECK(bench.faults->asked == 7);
  CHECK(bench.shows("coldpitch_history_bypassed 0"));
  CHECK(bench.shows("coldpitch_history_seconds_count 7"));
}

TEST_CASE("failures that are not in a row change nothing") {
  Bench bench;
  for (int i = 0; i < 10; ++i) {
    bench.faults->away = i % 3 != 2;
    CHECK(bench.ask() == (i % 3 == 2));
  }
  CHECK(bench.faults->asked == 10);
  CHECK_FALSE(bench.store.is_bypassed());
}

TEST_CASE("while one question tries, nobody else waits") {
  Bench bench;
  bench.faults->away = true;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(bench.ask());
  bench.now += 5s;
  bench.faults->takes = 300ms;
  std::thread trying([&] { bench.ask(); });
  while (bench.faults->asked < 4) std::this_thread::yield();
  for (int i = 0; i < 100; ++i) CHECK_FALSE(bench.ask());
  CHECK(bench.faults->asked == 4);
  trying.join();
}

TEST_CASE("answers that take too long count as failures, and are given all the same") {
  const auto faults = std::make_shared<StoreFaults>();
  Metrics metrics;
  GuardedStore store(std::make_unique<FailingStore>(faults), {20ms, 2, 1h}, metrics);
  faults->takes = 40ms;
  CHECK(store.ask({}).has_value());
  CHECK_FALSE(store.is_bypassed());
  CHECK(store.ask({}).has_value());
  CHECK(store.is_bypassed());
  CHECK_FALSE(store.ask({}).has_value());
}

TEST_CASE("events are recorded while questions are not asked, and trouble with writing is counted") {
  Bench bench;
  bench.faults->away = true;
  for (int i = 0; i < 3; ++i) CHECK_FALSE(bench.ask());
  CHECK(bench.store.record({}).has_value());
  CHECK(bench.store.stats()->events[0] == 1);
  CHECK(bench.shows("coldpitch_history_queue_events 7"));
  bench.faults->write_failures = 2;
  CHECK(bench.shows("coldpitch_faults_total{kind=\"history-write\"} 2"));
  bench.faults->write_failures = 3;
  CHECK(bench.store.record({}).has_value());
  CHECK(bench.shows("coldpitch_faults_total{kind=\"history-write\"} 3"));
}

TEST_CASE("trouble with writing that was over before anybody looked is logged all the same") {
  Bench bench;
  const std::string log = captured_log([&] {
    bench.faults->write_failures = 1;
    bench.faults->writes_again = true;
    CHECK(bench.store.record({}).has_value());
    CHECK(bench.store.record({}).has_value());
  });
  const std::size_t fault = log.find("event=fault kind=history-write waiting=7 detail=\"disk full\"");
  CHECK(fault != std::string::npos);
  CHECK(log.find("event=history state=written", fault) != std::string::npos);
  CHECK(log.find("kind=history-write", fault + 20) == std::string::npos);
}
