// SPDX-License-Identifier: MIT
// What every store must answer. Each test runs against all of them.
#include "history/store.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

constexpr const char* kUser = "0123456789abcdef0123456789abcdef";
constexpr const char* kOtherUser = "fedcba9876543210fedcba9876543210";
constexpr const char* kJane = "11111111111111111111111111111111";
constexpr const char* kBob = "22222222222222222222222222222222";
constexpr const char* kExample = "33333333333333333333333333333333";
constexpr const char* kLetter = "44444444444444444444444444444444";

TimePoint at(std::int64_t second) { return TimePoint(std::chrono::seconds(1'700'000'000 + second)); }

Event event(EventKind kind, std::int64_t second, std::string person = kJane,
            std::string organisation = kExample) {
  Event made;
  made.kind = kind;
  made.time = at(second);
  made.user = kUser;
  made.person = std::move(person);
  made.organisation = std::move(organisation);
  return made;
}

Event inbound(std::int64_t second, std::string verdict = "none") {
  Event made = event(EventKind::inbound, second);
  made.verdict = std::move(verdict);
  return made;
}

Event sent(std::int64_t second, std::string message_id, std::string user = kUser) {
  Event made = event(EventKind::outbound, second);
  made.message_id = std::move(message_id);
  made.user = std::move(user);
  return made;
}

ContactQuestion about(std::string person, std::int64_t as_of = 1'000'000) {
  ContactQuestion question;
  question.user = kUser;
  question.person = std::move(person);
  question.organisation = kExample;
  question.as_of = at(as_of);
  return question;
}

/// A store of each kind, in a folder of its own.
class Backend {
 public:
  explicit Backend(const std::string& name) {
    if (name == "memory") {
      store_ = open_memory_store();
      return;
    }
    // A busy machine may hold a test up for longer than the default limit.
    auto opened = open_sqlite_store({folder_ / "history.db", 20'000});
    REQUIRE(opened.has_value());
    store_ = std::move(*opened);
  }

  void remember(const std::vector<Event>& events) {
    for (const Event& one : events) REQUIRE(store_->record(one).has_value());
    REQUIRE(store_->flush().has_value());
  }
  ContactFacts ask(const ContactQuestion& question) {
    const Result<ContactFacts> facts = store_->ask(question);
    REQUIRE(facts.has_value());
    return *facts;
  }
  Store& store() { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

#define ALL_BACKENDS GENERATE(as<std::string>{}, "memory", "sqlite")

}  // namespace

TEST_CASE("event kinds have names and come back from them", "[history]") {
  const std::vector<std::pair<EventKind, std::string>> kinds = {{EventKind::inbound, "inbound"},
                                                                {EventKind::outbound, "outbound"},
                                                                {EventKind::stop, "stop"},
                                                                {EventKind::cleared, "cleared"},
                                                                {EventKind::accepted, "accepted"}};
  for (const auto& [kind, name] : kinds) {
    CHECK(to_string(kind) == name);
    CHECK(event_kind_from(name) == kind);
  }
  for (const char* name : {"", "Inbound", "inbound ", "out"}) CHECK_FALSE(event_kind_from(name).has_value());
}

TEST_CASE("an empty store knows nobody", "[history]") {
  Backend backend(ALL_BACKENDS);
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts == ContactFacts{});
  CHECK(facts.first_contact());
}

TEST_CASE("inbound mail is counted, pitches apart", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember(
      {inbound(10, "pitch"), inbound(30, "suspect"), inbound(20, "repeat-pitch"), inbound(5, "none")});
  ContactFacts expected;
  expected.inbound = 4;
  expected.unanswered = 4;
  expected.unanswered_pitches = 2;
  expected.first_inbound = at(5);
  expected.last_inbound = at(30);
  CHECK(backend.ask(about(kJane)) == expected);
  CHECK(backend.ask(about(kBob)) == ContactFacts{});
}

TEST_CASE("two messages of one second are two", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10), inbound(10, "pitch"), inbound(10, "pitch")});
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.inbound == 3);
  CHECK(facts.unanswered_pitches == 2);
}

TEST_CASE("as_of hides the future", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event letter = sent(50, kLetter);
  backend.remember({inbound(10), inbound(20, "pitch"), event(EventKind::stop, 30),
                    event(EventKind::cleared, 40), letter, event(EventKind::accepted, 60)});
  const auto ask = [&](std::int64_t as_of) {
    ContactQuestion question = about(kJane, as_of);
    question.references = {kLetter};
    return backend.ask(question);
  };
  CHECK(ask(10) == ContactFacts{});
  CHECK(ask(11).inbound == 1);
  CHECK(ask(20).unanswered_pitches == 0);
  CHECK(ask(21).unanswered_pitches == 1);
  CHECK_FALSE(ask(30).told_to_stop.has_value());
  CHECK(ask(31).told_to_stop == at(30));
  CHECK(ask(40).told_to_stop == at(30));
  CHECK_FALSE(ask(41).told_to_stop.has_value());
  CHECK(ask(41).cleared == at(40));
  CHECK_FALSE(ask(50).in_our_thread);
  CHECK_FALSE(ask(50).last_outbound.has_value());
  CHECK(ask(51).in_our_thread);
  CHECK(ask(51).last_outbound == at(50));
  CHECK_FALSE(ask(60).accepted.has_value());
  CHECK(ask(61).accepted == at(60));
}

TEST_CASE("filtered mail never counts as contact", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event pitch = inbound(10, "pitch");
  pitch.message_id = kLetter;
  pitch.authenticated = true;
  backend.remember({pitch, inbound(20, "repeat-pitch"), inbound(30, "pitch")});
  ContactQuestion question = about(kJane);
  question.references = {kLetter};
  const ContactFacts facts = backend.ask(question);
  CHECK_FALSE(facts.last_outbound.has_value());
  CHECK_FALSE(facts.cleared.has_value());
  CHECK_FALSE(facts.accepted.has_value());
  CHECK_FALSE(facts.in_our_thread);
  CHECK(facts.unanswered_pitches == 3);
  // Nor is a colleague of the pitcher known by it.
  CHECK(backend.ask(about(kBob)).first_contact());
}

TEST_CASE("an outbound message clears the unanswered counts", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), inbound(20, "pitch"), event(EventKind::outbound, 30)});
  ContactFacts expected;
  expected.inbound = 2;
  expected.last_outbound = at(30);
  CHECK(backend.ask(about(kJane)) == expected);

  backend.remember({inbound(40, "pitch"), inbound(50)});
  expected.inbound = 4;
  expected.unanswered = 2;
  expected.unanswered_pitches = 1;
  expected.first_inbound = at(40);
  expected.last_inbound = at(50);
  CHECK(backend.ask(about(kJane)) == expected);
}

TEST_CASE("being wanted clears the unanswered counts, being told to stop does not", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), event(EventKind::stop, 20)});
  CHECK(backend.ask(about(kJane)).unanswered == 1);
  backend.remember({event(EventKind::cleared, 30), inbound(40)});
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.unanswered == 1);
  CHECK(facts.unanswered_pitches == 0);
  CHECK(facts.first_inbound == at(40));
  CHECK(facts.inbound == 2);
}

TEST_CASE("a message to a colleague answers nobody else", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10), event(EventKind::outbound, 20, kBob)});
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.unanswered == 1);
  CHECK(facts.last_outbound == at(20));
}

TEST_CASE("what ends a stop", "[history]") {
  struct Row {
    const char* name;
    std::vector<Event> after;  // the stop is at 100, to Jane
    bool stands_for_jane;
    bool stands_for_bob;
  };
  const std::vector<Row> rows = {
      {"nothing", {}, true, true},
      {"the refusal itself", {event(EventKind::outbound, 100)}, true, true},
      {"the refusal, sent a second later", {event(EventKind::outbound, 101)}, true, true},
      {"a message before", {event(EventKind::outbound, 99)}, true, true},
      {"a later message to her", {event(EventKind::outbound, 102)}, false, false},
      {"her being wanted", {event(EventKind::cleared, 150)}, false, false},
      {"her being wanted in the same second", {event(EventKind::cleared, 100)}, false, false},
      {"her having been wanted before", {event(EventKind::cleared, 50)}, true, true},
      {"a later message to Bob", {event(EventKind::outbound, 102, kBob)}, true, false},
      {"Bob being wanted", {event(EventKind::cleared, 150, kBob)}, true, false},
      {"Bob having been wanted before", {event(EventKind::cleared, 50, kBob)}, true, false},
      {"more mail from her", {inbound(150), inbound(160)}, true, true},
      {"her invitation accepted", {event(EventKind::accepted, 150)}, true, true},
      {"another organisation written to", {event(EventKind::outbound, 150, kLetter, kLetter)}, true, true},
  };
  Backend backend(ALL_BACKENDS);
  for (const Row& row : rows) {
    INFO(row.name);
    std::vector<Event> events = row.after;
    events.push_back(event(EventKind::stop, 100));
    for (Event& one : events) one.user = row.name;
    backend.remember(events);
    const auto told_to_stop = [&](const char* person) {
      ContactQuestion question = about(person);
      question.user = row.name;
      return backend.ask(question).told_to_stop;
    };
    CHECK(told_to_stop(kJane) == (row.stands_for_jane ? std::optional(at(100)) : std::nullopt));
    CHECK(told_to_stop(kBob) == (row.stands_for_bob ? std::optional(at(100)) : std::nullopt));
  }
}

TEST_CASE("a second stop holds again", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember(
      {event(EventKind::stop, 100), event(EventKind::outbound, 200), event(EventKind::stop, 300)});
  CHECK(backend.ask(about(kJane)).told_to_stop == at(300));
}

TEST_CASE("being wanted stands until told to stop", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({event(EventKind::cleared, 10)});
  CHECK(backend.ask(about(kJane)).cleared == at(10));
  CHECK_FALSE(backend.ask(about(kBob)).cleared.has_value());
  backend.remember({event(EventKind::stop, 10)});
  CHECK(backend.ask(about(kJane)).cleared == at(10));
  backend.remember({event(EventKind::stop, 20)});
  CHECK_FALSE(backend.ask(about(kJane)).cleared.has_value());
  CHECK(backend.ask(about(kJane)).told_to_stop == at(20));
}

TEST_CASE("an organisation's stop holds for another person of it", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({event(EventKind::stop, 100)});
  const ContactFacts facts = backend.ask(about(kBob));
  CHECK(facts.told_to_stop == at(100));
  CHECK_FALSE(facts.first_contact());
  ContactQuestion elsewhere = about(kBob);
  elsewhere.organisation = kLetter;
  CHECK(backend.ask(elsewhere).first_contact());
  // An unnamed person of the organisation, too.
  CHECK(backend.ask(about("")).told_to_stop == at(100));
}

TEST_CASE("free mail has no organisation and never matches one", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({event(EventKind::stop, 10, kJane, ""), event(EventKind::outbound, 20, kLetter, "")});
  ContactQuestion question = about(kBob);
  question.organisation = "";
  CHECK(backend.ask(question) == ContactFacts{});
  question.person = kJane;
  CHECK(backend.ask(question).told_to_stop == at(10));
}

TEST_CASE("nobody stays nobody", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event from_nobody = inbound(10);
  from_nobody.person = "";
  Event of_no_user = inbound(20);
  of_no_user.user = "";
  backend.remember({from_nobody, of_no_user, sent(30, "")});
  ContactQuestion question = about("");
  question.organisation = "";
  question.references = {""};
  CHECK(backend.ask(question) == ContactFacts{});
  question = about(kJane);
  question.user = "";
  CHECK(backend.ask(question) == ContactFacts{});
}

TEST_CASE("local users have pasts of their own", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), event(EventKind::stop, 20), sent(30, kLetter)});
  ContactQuestion question = about(kJane);
  question.user = kOtherUser;
  question.references = {kLetter};
  CHECK(backend.ask(question) == ContactFacts{});
}

TEST_CASE("a thread is ours when one of our messages is referred to", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({sent(10, kLetter), sent(20, kBob, kOtherUser)});
  struct Row {
    const char* name;
    std::vector<std::string> references;
    bool ours;
  };
  const std::vector<Row> rows = {
      {"none", {}, false},
      {"ours alone", {kLetter}, true},
      {"ours among others", {kJane, "", kLetter, kUser}, true},
      {"another user's", {kBob}, false},
      {"unknown ones", {kJane, kUser}, false},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    ContactQuestion question = about("55555555555555555555555555555555");
    question.references = row.references;
    CHECK(backend.ask(question).in_our_thread == row.ours);
  }
}

TEST_CASE("any octets are keys, and similar ones differ", "[history]") {
  Backend backend(ALL_BACKENDS);
  const std::string odd("a\0b'\";--\xFF", 9);
  const std::string upper = "ABCDEFABCDEFABCDEFABCDEFABCDEFAB";
  backend.remember({event(EventKind::stop, 10, odd, ""), event(EventKind::stop, 20, upper, "")});
  ContactQuestion question = about(odd);
  question.organisation = "";
  CHECK(backend.ask(question).told_to_stop == at(10));
  question.person = odd.substr(0, 1);
  CHECK(backend.ask(question).first_contact());
  question.person = upper;
  CHECK(backend.ask(question).told_to_stop == at(20));
  question.person = "abcdefabcdefabcdefabcdefabcdefab";
  CHECK(backend.ask(question).first_contact());
}

TEST_CASE("odd scores and times do not stop the queue", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event odd = inbound(10, "pitch");
  odd.score = std::numeric_limits<double>::quiet_NaN();
  Event early = inbound(0);
  early.time = TimePoint(std::chrono::seconds(-62'000'000'000));
  backend.remember({odd, early, inbound(20)});
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.inbound == 3);
  CHECK(facts.first_inbound == early.time);
}

TEST_CASE("expire forgets what is older", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember(
      {inbound(10), inbound(20), inbound(20), event(EventKind::stop, 19), sent(5, kLetter), inbound(21)});
  CHECK(backend.store().expire(at(5)) == Result<std::size_t>(0));
  CHECK(backend.store().expire(at(20)) == Result<std::size_t>(3));
  ContactQuestion question = about(kJane);
  question.references = {kLetter};
  const ContactFacts facts = backend.ask(question);
  CHECK(facts.inbound == 3);
  CHECK_FALSE(facts.told_to_stop.has_value());
  CHECK_FALSE(facts.last_outbound.has_value());
  CHECK_FALSE(facts.in_our_thread);
  CHECK_FALSE(backend.ask(about(kBob)).told_to_stop.has_value());
  CHECK(backend.store().expire(at(1000)) == Result<std::size_t>(3));
  CHECK(backend.ask(about(kJane)) == ContactFacts{});
}

TEST_CASE("expire reaches events that were only recorded", "[history]") {
  Backend backend(ALL_BACKENDS);
  REQUIRE(backend.store().record(inbound(10)).has_value());
  CHECK(backend.store().expire(at(11)) == Result<std::size_t>(1));
}

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
  Backend memory("memory");
  Backend sqlite("sqlite");
  std::mt19937 random(20261005);
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  const auto any_of = [&](const std::vector<std::string>& keys) {
    return keys[below(static_cast<unsigned>(keys.size()))];
  };
  const std::vector<std::string> users = {kUser, kOtherUser};
  const std::vector<std::string> persons = {kJane, kBob, "plain key", ""};
  const std::vector<std::string> organisations = {kExample, kLetter, ""};
  const std::vector<std::string> verdicts = {"none", "suspect", "pitch", "repeat-pitch"};
  std::vector<Event> events;
  for (int i = 0; i < 400; ++i) {
    Event one = event(static_cast<EventKind>(below(5)), below(60), any_of(persons), any_of(organisations));
    one.user = any_of(users);
    one.message_id = below(2) == 0 ? "" : "message " + std::to_string(below(50));
    if (one.kind == EventKind::inbound) one.verdict = any_of(verdicts);
    events.push_back(one);
    if (i % 40 != 39) continue;
    memory.remember(events);
    sqlite.remember(events);
    events.clear();
    for (int j = 0; j < 30; ++j) {
      ContactQuestion question = about(any_of(persons), below(62));
      question.user = any_of(users);
      question.organisation = any_of(organisations);
      question.references = {"message " + std::to_string(below(60)), ""};
      INFO("after " << i << ", question " << j);
      CHECK(memory.ask(question) == sqlite.ask(question));
    }
  }
  CHECK(memory.store().expire(at(30)) == sqlite.store().expire(at(30)));
  CHECK(memory.ask(about(kJane)) == sqlite.ask(about(kJane)));
}
