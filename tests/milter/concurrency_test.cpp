// SPDX-License-Identifier: MIT
// Threads that judge, reload and remember at once: what ThreadSanitizer is run over.
#include <atomic>
#include <thread>
#include <vector>

#include "milter/transaction.h"
#include "policies/automata.h"
#include "tests/support/catch.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using coldpitch::test::shipped_snapshot;

TEST_CASE("messages are judged while configurations are replaced") {
  Service service(shipped_snapshot(), open_memory_store(),
                  std::make_unique<Keyring>(std::array<std::uint8_t, 32>{}),
                  [] { return TimePoint(std::chrono::seconds(1'760'340'000)); });
  constexpr int kThreads = 4;
  constexpr int kMessages = 25;
  std::atomic<int> pitches{0};
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&] {
      Connection connection(service);
      connection.offer = MtaOffer::everything();
      connection.set_client("host.example", "192.0.2.44");
      for (int i = 0; i < kMessages; ++i) {
        if (!connection.begin({"<kim@seller.example>"}, "")) continue;
        Transaction& transaction = *connection.transaction();
        transaction.add_recipient("<alex@example.net>");
        transaction.add_field("From", " kim@seller.example", true);
        transaction.add_field("Subject", " More customers", true);
        transaction.end_header();
        transaction.add_body(
            "We are a leading SEO agency and help companies like yours reach the first page of Google.\r\n"
            "Are you interested? We could have a quick 15-minute call this week.\r\n"
            "If not, just reply \"not interested\".\r\n");
        const EditsPlan plan = transaction.finish("Q");
        if (!plan.additions.empty() && transaction.judgement()->verdict().level >= Level::pitch) ++pitches;
        connection.end();
      }
      --running;
    });
  }
  while (running > 0) {
    service.replace_snapshot(std::make_shared<const Snapshot>(*shipped_snapshot()));
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(pitches == kThreads * kMessages);
  CHECK(service.wait_until_idle(std::chrono::seconds(1)));
}

TEST_CASE("expressions are looked for at once while their automata come and go") {
  Automata automata;
  std::vector<const Automata::Expression*> expressions;
  for (const char* text : {"call us", "\\bdemo\\b", "(?:quick|short) call"})
    expressions.push_back(&automata.add(text));
  const std::string much = std::string(Automata::kRound / 8, '-') + " a quick call";
  std::atomic<int> found{0};
  std::vector<std::thread> threads;
  constexpr int kThreads = 4;
  constexpr int kTimes = 30;
  for (int thread = 0; thread < kThreads; ++thread) {
    threads.emplace_back([&, thread] {
      for (int i = 0; i < kTimes; ++i) {
        // Rarely the third, so that it loses what it has.
        const std::size_t which = i % 10 == 0 ? 2 : static_cast<std::size_t>(i + thread) % 2;
        const Span whole{0, much.size()};
        if (expressions[which]->hits(much, {&whole, 1})) ++found;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(found == kThreads * kTimes / 10);
  CHECK(automata.kept() <= expressions.size());
}
