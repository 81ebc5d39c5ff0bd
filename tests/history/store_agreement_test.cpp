// SPDX-License-Identifier: MIT
// What every store must answer: many threads, and a random past. Each test runs against all of them.
#include <random>
#include <thread>

#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;

TEST_CASE("threads record and ask at once", "[history]") {
  Backend backend(ALL_BACKENDS);
  constexpr int kThreads = 8;
  constexpr int kEvents = 50;
  std::vector<int> failures(kThreads, 0);
  std::vector<std::thread> threads;
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&, number] {
      int& failed = failures[static_cast<std::size_t>(number)];
      for (int i = 0; i < kEvents; ++i) {
        if (!backend.store().record(inbound(number * kEvents + i, "pitch"))) ++failed;
        if (!backend.store().ask(about(kJane))) ++failed;
      }
      if (!backend.store().flush()) ++failed;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(failures == std::vector<int>(kThreads, 0));
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.inbound == kThreads * kEvents);
  CHECK(facts.unanswered_pitches == kThreads * kEvents);
}

TEST_CASE("all stores agree on a random past", "[history]") {
  const std::unique_ptr<Store> reference = open_memory_store();
  const auto in_memory = [&](const ContactQuestion& question) {
    const Result<std::vector<ContactFacts>> facts = reference->ask(question);
    REQUIRE(facts.has_value());
    return facts->front();
  };
  Backend backend(ALL_BACKENDS);
  std::mt19937 random(20261005);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const auto any_of = [&](const std::vector<std::string>& keys) {
    return keys[below(static_cast<unsigned>(keys.size()))];
  };
  const std::vector<std::string> users = {kUser, kOtherUser};
  const std::vector<std::string> persons = {kJane, kBob, "plain key", ""};
  const std::vector<std::string> organisations = {kExample, kLetter, ""};
  const std::vector<std::string> traces = {kThread, kBrand, kLetter, kJane};
  const std::vector<std::string> verdicts = {"none", "suspect", "pitch", "repeat-pitch"};
  std::vector<Event> events;
  for (int i = 0; i < 400; ++i) {
    Event one =
        event(static_cast<EventKind>(below(kEventKinds)), below(60), any_of(persons), any_of(organisations));
    one.user = any_of(users);
    one.message_id = below(2) == 0 ? "" : "message " + std::to_string(below(50));
    if (one.kind == EventKind::inbound) {
      one.verdict = any_of(verdicts);
      one.routes = {any_of(traces)};
      one.sketch = inbound_text(0, "", below(4), below(12)).sketch;
    }
    one.traces = {any_of(traces), any_of(traces)};
    one.source = static_cast<EventSource>(below(2));
    one.authenticated = below(2) == 0;
    events.push_back(one);
    if (i % 40 != 39) continue;
    for (const Event& past : events) REQUIRE(reference->record(past).has_value());
    backend.remember(events);
    events.clear();
    for (int j = 0; j < 30; ++j) {
      ContactQuestion question = about(any_of(persons), below(62));
      question.users = {any_of(users)};
      question.organisation = any_of(organisations);
      question.references = {"message " + std::to_string(below(60)), ""};
      question.aliases = {any_of(traces)};
      question.siblings = {any_of(traces), any_of(traces)};
      question.sketch = inbound_text(0, "", below(4)).sketch;
      question.same_text_since = at(below(60));
      INFO("after " << i << ", question " << j);
      CHECK(in_memory(question) == backend.ask(question));
    }
  }
  CHECK(reference->expire(at(30), at(30)) == backend.store().expire(at(30), at(30)));
  CHECK(in_memory(about(kJane)) == backend.ask(about(kJane)));
}
