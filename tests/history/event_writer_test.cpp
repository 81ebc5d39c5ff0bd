// SPDX-License-Identifier: MIT
#include "history/event_writer.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <mutex>
#include <numeric>
#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace coldpitch;
using namespace std::chrono_literals;

namespace {

/// A sink that remembers what it was given, and fails when told to.
class Recorder {
 public:
  Result<void> write(const std::vector<Event>& events) {
    const std::lock_guard lock(mutex_);
    ++attempts_;
    if (failing_) return tl::unexpected(Error{Code::temporary, 0, "away"});
    groups_.push_back(events.size());
    for (const Event& event : events) scores_.push_back(event.score);
    return {};
  }
  void fail(bool failing) {
    const std::lock_guard lock(mutex_);
    failing_ = failing;
  }
  std::vector<std::size_t> groups() const {
    const std::lock_guard lock(mutex_);
    return groups_;
  }
  std::vector<double> scores() const {
    const std::lock_guard lock(mutex_);
    return scores_;
  }
  int attempts() const {
    const std::lock_guard lock(mutex_);
    return attempts_;
  }

 private:
  mutable std::mutex mutex_;
  bool failing_ = false;
  int attempts_ = 0;
  std::vector<std::size_t> groups_;
  std::vector<double> scores_;
};

std::unique_ptr<EventWriter> start(Recorder& recorder, EventWriter::Settings settings) {
  auto writer =
      EventWriter::start([&](const std::vector<Event>& events) { return recorder.write(events); }, settings);
  REQUIRE(writer.has_value());
  return std::move(*writer);
}

Event numbered(int number) {
  Event event;
  event.score = number;
  return event;
}

std::vector<double> numbers_below(int end) {
  std::vector<double> numbers(static_cast<std::size_t>(end));
  std::iota(numbers.begin(), numbers.end(), 0.0);
  return numbers;
}

template <class Condition>
bool comes_true(Condition&& condition) {
  const auto end = std::chrono::steady_clock::now() + 10s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

EventWriter::Settings settings(std::size_t queue, std::size_t group, std::chrono::milliseconds delay) {
  return {queue, group, delay, 1h, group};
}

}  // namespace

TEST_CASE("events are written in order and in groups no larger than set", "[history]") {
  Recorder recorder;
  const auto writer = start(recorder, settings(1000, 10, 1h));
  for (int i = 0; i < 95; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  REQUIRE(writer->flush().has_value());
  CHECK(recorder.scores() == numbers_below(95));
  const std::vector<std::size_t> groups = recorder.groups();
  CHECK(*std::max_element(groups.begin(), groups.end()) == 10);
  CHECK(groups.size() >= 10);
}

TEST_CASE("where many events wait the groups grow", "[history]") {
  Recorder recorder;
  EventWriter::Settings growing = settings(1000, 10, 1h);
  growing.most_events = 40;
  const auto writer = start(recorder, growing);
  recorder.fail(true);
  for (int i = 0; i < 10; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  REQUIRE(comes_true([&] { return recorder.attempts() > 0; }));
  for (int i = 10; i < 100; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  recorder.fail(false);
  REQUIRE(writer->flush().has_value());
  CHECK(recorder.groups() == std::vector<std::size_t>{10, 40, 40, 10});
  CHECK(recorder.scores() == numbers_below(100));
}

TEST_CASE("a full group is written without waiting", "[history]") {
  Recorder recorder;
  const auto writer = start(recorder, settings(1000, 10, 1h));
  for (int i = 0; i < 9; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  std::this_thread::sleep_for(20ms);
  CHECK(recorder.groups().empty());
  REQUIRE(writer->add(numbered(9)).has_value());
  CHECK(comes_true([&] { return recorder.groups() == std::vector<std::size_t>{10}; }));
}

TEST_CASE("a lone event is written after the delay", "[history]") {
  Recorder recorder;
  const auto writer = start(recorder, settings(1000, 10, 10ms));
  REQUIRE(writer->add(numbered(0)).has_value());
  CHECK(comes_true([&] { return recorder.groups() == std::vector<std::size_t>{1}; }));
}

TEST_CASE("flush of an empty queue returns at once", "[history]") {
  Recorder recorder;
  const auto writer = start(recorder, settings(10, 10, 1h));
  CHECK(writer->flush().has_value());
  CHECK(recorder.attempts() == 0);
}

TEST_CASE("a full queue refuses, and counts what it dropped", "[history]") {
  Recorder recorder;
  recorder.fail(true);
  const auto writer = start(recorder, settings(5, 2, 1ms));
  for (int i = 0; i < 5; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  // Wherever the five are by now, a sixth does not fit.
  for (const char* dropped : {"1", "2"}) {
    const Result<void> refused = writer->add(numbered(99));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::limit);
    CHECK(refused.error().detail == std::string("queue of events full, dropped so far: ") + dropped);
  }
  recorder.fail(false);
  REQUIRE(comes_true([&] { return writer->flush().has_value(); }));
  CHECK(writer->add(numbered(5)).has_value());
  CHECK(writer->flush().has_value());
  CHECK(recorder.scores() == numbers_below(6));
}

TEST_CASE("what failed is kept and written later", "[history]") {
  Recorder recorder;
  recorder.fail(true);
  const auto writer = start(recorder, settings(100, 4, 1h));
  for (int i = 0; i < 6; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  const Result<void> failed = writer->flush();
  REQUIRE_FALSE(failed.has_value());
  CHECK(failed.error() == Error{Code::temporary, 0, "away"});
  recorder.fail(false);
  // An attempt begun before may still fail; the next flush does not wait for the hour to pass.
  REQUIRE(comes_true([&] { return writer->flush().has_value(); }));
  CHECK(recorder.scores() == numbers_below(6));
}

TEST_CASE("a failed group is tried again by itself", "[history]") {
  Recorder recorder;
  recorder.fail(true);
  EventWriter::Settings often = settings(100, 1, 1ms);
  often.retry_delay = 1ms;
  const auto writer = start(recorder, often);
  REQUIRE(writer->add(numbered(0)).has_value());
  REQUIRE(comes_true([&] { return recorder.attempts() > 2; }));
  recorder.fail(false);
  CHECK(comes_true([&] { return recorder.scores() == numbers_below(1); }));
}

TEST_CASE("the end of a writer writes what waits", "[history]") {
  Recorder recorder;
  {
    const auto writer = start(recorder, settings(1000, 10, 1h));
    for (int i = 0; i < 25; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  }
  CHECK(recorder.scores() == numbers_below(25));
}

TEST_CASE("the end of a writer whose store is away is not held up", "[history]") {
  Recorder recorder;
  recorder.fail(true);
  {
    const auto writer = start(recorder, settings(1000, 10, 1h));
    for (int i = 0; i < 25; ++i) REQUIRE(writer->add(numbered(i)).has_value());
  }
  CHECK(recorder.scores().empty());
  CHECK(recorder.attempts() <= 3);
}

TEST_CASE("the thread leaves signals to others, and its maker's mask alone", "[history]") {
  const auto is_blocked = [](int signal) {
    sigset_t mask;
    sigemptyset(&mask);
    pthread_sigmask(SIG_SETMASK, nullptr, &mask);
    return sigismember(&mask, signal) == 1;
  };
  std::atomic<int> blocked{0};
  auto writer = EventWriter::start(
      [&](const std::vector<Event>&) -> Result<void> {
        for (const int signal : {SIGTERM, SIGHUP, SIGINT, SIGUSR1}) blocked += is_blocked(signal) ? 1 : 0;
        return {};
      },
      settings(10, 1, 1ms));
  REQUIRE(writer.has_value());
  CHECK_FALSE(is_blocked(SIGTERM));
  REQUIRE((*writer)->add(numbered(0)).has_value());
  REQUIRE((*writer)->flush().has_value());
  CHECK(blocked == 4);
}
