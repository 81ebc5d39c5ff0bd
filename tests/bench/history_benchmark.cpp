// SPDX-License-Identifier: MIT
// How fast a contact history is written and asked as it grows:
//
//   history_benchmark [EVENTS [THREADS [URI]]]      # 1,000,000 events, 8 threads; SQLite, or PostgreSQL at URI
//
// A line for each power of ten up to EVENTS: how fast the events since the line before were recorded by THREADS threads, the microseconds of processor time and the
// octets on disk an event, and how long questions take. "busy" threads ask again at once, so where there are more of them than processors they measure how long they
// wait for each other; "paced" ones think between two questions as long as a milter has to do with a message, so that the store is idle half the
// time. "cpu" is what one question costs its thread. Last, questions while other threads record.
//
// Of twenty events one is an answer and one a refusal, the rest is inbound mail with a sketch, two in five with a Reply-To. Questions are those of
// one message to one person: two names, a brand, a reference and a sketch. There is an event a second, and texts of more than a day ago are
// forgotten, as the daemon does.
#include <time.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "history/identity.h"
#include "history/store.h"
#include "tests/history/temporary_folder.h"

using namespace coldpitch;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint64_t kUsers = 500;
constexpr std::int64_t kStart = 1'700'000'000;
/// Events, one a second.
constexpr std::uint64_t kForgetEvery = 6 * 3600;

const Keyring& keyring() {
  static const Keyring ring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
  return ring;
}

std::string key(const char* kind, std::uint64_t number) {
  return keyring().key(kind + std::to_string(number));
}

/// One text in a hundred was sent to others too.
TextSketch sketch_of(std::uint64_t number) {
  std::minstd_rand random(static_cast<std::uint32_t>(number % 100 == 0 ? number / 10'000 : number) + 1);
  const auto next = [&] { return (std::uint64_t{random()} << 32U) + random(); };
  return {next(), {next(), next(), next(), next()}};
}

/// Five messages of each person, all to one user.
Event event_of(std::uint64_t number, std::uint64_t events) {
  Event event;
  const std::uint64_t persons = std::max<std::uint64_t>(events / 5, 1);
  const std::uint64_t person = number * 2'654'435'761 % persons;
  event.kind = number % 20 == 7    ? EventKind::outbound
               : number % 20 == 13 ? EventKind::stop
                                   : EventKind::inbound;
  event.time = TimePoint(std::chrono::seconds(kStart + static_cast<std::int64_t>(number)));
  event.user = key("user ", person % kUsers);
  event.person = key("person ", person);
  event.organisation = key("organisation ", person / 5);
  event.message_id = key("message ", number);
  event.traces = {key("brand ", person / 10)};
  if (event.kind != EventKind::inbound) return event;
  event.verdict = number % 3 == 0 ? "pitch" : "none";
  if (number % 5 < 2) event.routes = {key("route ", person)};
  event.sketch = sketch_of(number);
  return event;
}

ContactQuestion question_of(std::uint64_t number, std::uint64_t events, std::uint64_t written) {
  const Event event = event_of(number, events);
  ContactQuestion question;
  question.users = {event.user};
  question.person = event.person;
  question.organisation = event.organisation;
  question.aliases = {key("thread ", number)};
  question.siblings = event.traces;
  question.references = {key("message ", number / 2)};
  question.sketch = sketch_of(number);
  question.as_of = TimePoint(std::chrono::seconds(kStart + static_cast<std::int64_t>(written)));
  question.same_text_since = question.as_of - std::chrono::hours(24);
  return question;
}

template <class Work>
void in_threads(std::size_t threads, Work&& work) {
  std::vector<std::thread> running;
  for (std::size_t number = 0; number < threads; ++number)
    running.emplace_back([&work, number] { work(number); });
  for (std::thread& thread : running) thread.join();
}

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// Milliseconds this thread has worked, or all of them.
double worked_ms(clockid_t clock = CLOCK_THREAD_CPUTIME_ID) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Of times in milliseconds.
class Times {
 public:
  void add(const Times& other) { all_.insert(all_.end(), other.all_.begin(), other.all_.end()); }
  void add(double milliseconds) { all_.push_back(milliseconds); }
  [[nodiscard]] std::size_t count() const { return all_.size(); }
  [[nodiscard]] double within(double part) {
    if (all_.empty()) return 0;
    std::sort(all_.begin(), all_.end());
    return all_[std::min(all_.size() - 1, static_cast<std::size_t>(static_cast<double>(all_.size()) * part))];
  }

 private:
  std::vector<double> all_;
};

struct Asked {
  Times wall, cpu;
  std::size_t unanswered = 0;

  void add(const Asked& other) {
    wall.add(other.wall);
    cpu.add(other.cpu);
    unanswered += other.unanswered;
  }
};

struct Bench {
  Store& store;
  std::uint64_t events;
  std::size_t threads;
  std::size_t questions;  ///< of each kind of asking
  std::uint64_t written = 0;
  std::size_t unanswered = 0;

  /// Seconds; negative after an error.
  double write_until(std::uint64_t until) {
    const auto begun = Clock::now();
    in_threads(threads, [&](std::size_t first) {
      for (std::uint64_t number = written + first; number < until; number += threads) {
        const Event event = event_of(number, events);
        while (!store.record(event)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        if (number % kForgetEvery == 0) forget_texts(event.time);
      }
    });
    if (const Result<void> flushed = store.flush(); !flushed) {
      std::fprintf(stderr, "%s\n", flushed.error().detail.c_str());
      return -1;
    }
    written = until;
    return seconds_since(begun);
  }

  /// As the daemon does.
  void forget_texts(TimePoint now) {
    if (!store.expire(TimePoint::min(), now - std::chrono::hours(24))) ++unanswered;
  }

  Asked ask(std::size_t by, std::chrono::microseconds think) {
    std::vector<Asked> asked(by);
    in_threads(by, [&](std::size_t thread) {
      std::mt19937_64 random(thread + written);
      for (std::size_t i = 0; i < questions / by; ++i) {
        const ContactQuestion question = question_of(random() % written, events, written);
        if (think.count() > 0) std::this_thread::sleep_for(think);
        const double worked = worked_ms();
        const auto begun = Clock::now();
        const auto answer = store.ask(question);
        asked[thread].wall.add(seconds_since(begun) * 1000);
        asked[thread].cpu.add(worked_ms() - worked);
        if (!answer) ++asked[thread].unanswered;
      }
    });
    Asked all;
    for (const Asked& one : asked) all.add(one);
    unanswered += all.unanswered;
    return all;
  }

  /// Of paced threads, while another records 1,000 events a second for as long.
  Asked ask_while_recording(std::chrono::microseconds think) {
    std::atomic<bool> done = false;
    std::thread recorder([&] {
      for (std::uint64_t number = written; !done; ++number) {
        (void)store.record(event_of(number, events));
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    Asked asked = ask(threads, think);
    done = true;
    recorder.join();
    return asked;
  }
};

bool measure(Bench& bench, std::uint64_t until) {
  const std::uint64_t before = bench.written;
  const double worked = worked_ms(CLOCK_PROCESS_CPUTIME_ID);
  const double took = bench.write_until(until);
  if (took < 0) return false;
  const double each_us =
      (worked_ms(CLOCK_PROCESS_CPUTIME_ID) - worked) * 1000 / static_cast<double>(until - before);
  const Result<StoreStats> stats = bench.store.stats();
  const double octets = stats ? static_cast<double>(stats->octets) / static_cast<double>(until) : 0;
  Asked alone = bench.ask(1, {});
  Asked busy = bench.ask(bench.threads, {});
  // As long as leaves half of the processors idle.
  const double processors = std::max(std::thread::hardware_concurrency(), 1U);
  const double share = 2 * static_cast<double>(bench.threads) / processors;
  const std::chrono::microseconds think(
      static_cast<std::int64_t>(std::max(alone.cpu.within(0.5) * share * 1000, 500.0)));
  Asked paced = bench.ask(bench.threads, think);
  std::printf("%9llu %10.0f %6.0f %9.0f   %7.3f %7.3f %7.3f   %7.3f %7.3f %7.3f   %7.3f %7.3f\n",
              static_cast<unsigned long long>(until), static_cast<double>(until - before) / took, each_us,
              octets, alone.wall.within(0.5), alone.wall.within(0.99), alone.cpu.within(0.99),
              busy.wall.within(0.5), busy.wall.within(0.99), busy.cpu.within(0.99), paced.wall.within(0.5),
              paced.wall.within(0.99));
  std::fflush(stdout);
  if (until < bench.events) return true;
  Asked meanwhile = bench.ask_while_recording(think);
  std::printf(
      "%zu paced threads that think %lld us, while another records: half within %.3f ms, 99 %% %.3f ms\n",
      bench.threads, static_cast<long long>(think.count()), meanwhile.wall.within(0.5),
      meanwhile.wall.within(0.99));
  return true;
}

}  // namespace

int main(int count, char** arguments) {
  const std::uint64_t events = count > 1 ? std::max<std::uint64_t>(std::stoull(arguments[1]), 10) : 1'000'000;
  const std::size_t threads = count > 2 ? std::max<std::size_t>(std::stoul(arguments[2]), 1) : 8;
  const TemporaryFolder folder;
  PostgresOptions server;
  server.limit_ms = 20'000;
  if (count > 3) server.uri = arguments[3];
  auto store = count > 3 ? open_postgres_store(server) : open_sqlite_store({folder / "history.db", 20'000});
  if (!store) {
    std::fprintf(stderr, "%s\n", store.error().detail.c_str());
    return 1;
  }
  std::printf(
      "                                      one thread               %2zu busy threads         paced\n"
      "   events  recorded/s cpu us octets/ev   half ms    99 %%   cpu    half ms    99 %%   cpu    half ms  "
      "  99 "
      "%%\n",
      threads);
  Bench bench{**store, events, threads, std::min<std::size_t>(events, 20'000)};
  for (std::uint64_t until = std::min<std::uint64_t>(1000, events); bench.written < events;
       until = std::min(until * 10, events)) {
    if (!measure(bench, until)) return 1;
  }
  if (bench.unanswered > 0) std::fprintf(stderr, "%zu questions were not answered\n", bench.unanswered);
  return bench.unanswered > 0 ? 1 : 0;
}
