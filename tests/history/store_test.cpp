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
constexpr const char* kThread = "55555555555555555555555555555555";
constexpr const char* kBrand = "66666666666666666666666666666666";

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
  question.users = {kUser};
  question.person = std::move(person);
  question.organisation = kExample;
  question.as_of = at(as_of);
  return question;
}

/// With a sketch that shares its bands with those of the same `text`, and `different` bits that do not agree.
Event inbound_text(std::int64_t second, const std::string& user, std::uint64_t text, unsigned different = 0) {
  Event made = inbound(second);
  made.user = user;
  made.sketch = TextSketch{(std::uint64_t{1} << different) - 1, {text, text + 1, text + 2, text + 3}};
  return made;
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
    const std::vector<ContactFacts> facts = ask_all(question);
    REQUIRE(facts.size() == 1);
    return facts.front();
  }
  std::vector<ContactFacts> ask_all(const ContactQuestion& question) {
    Result<std::vector<ContactFacts>> facts = store_->ask(question);
    REQUIRE(facts.has_value());
    return std::move(*facts);
  }
  Store& store() { return *store_; }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

#define ALL_BACKENDS GENERATE(as<std::string>{}, "memory", "sqlite")

}  // namespace

TEST_CASE("event kinds have names and come back from them", "[history]") {
  const std::vector<std::pair<EventKind, std::string>> kinds = {
      {EventKind::inbound, "inbound"}, {EventKind::outbound, "outbound"}, {EventKind::stop, "stop"},
      {EventKind::cleared, "cleared"}, {EventKind::accepted, "accepted"}, {EventKind::reported, "reported"}};
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
  expected.pitches = 2;
  expected.unanswered = 4;
  expected.unanswered_pitches = 2;
  expected.first_inbound = at(5);
  expected.last_inbound = at(30);
  expected.wrote_here = true;
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
  expected.pitches = 2;
  expected.last_outbound = at(30);
  expected.wrote_here = true;
  expected.answered_here = true;
  CHECK(backend.ask(about(kJane)) == expected);

  backend.remember({inbound(40, "pitch"), inbound(50)});
  expected.inbound = 4;
  expected.pitches = 3;
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

TEST_CASE("what is too old to be followed up is no longer unanswered", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), inbound(20, "pitch"), inbound(30)});
  ContactQuestion question = about(kJane);
  question.unanswered_since = at(20);
  const ContactFacts facts = backend.ask(question);
  CHECK(facts.inbound == 3);
  CHECK(facts.pitches == 2);
  CHECK(facts.unanswered == 2);
  CHECK(facts.unanswered_pitches == 1);
  CHECK(facts.first_inbound == at(20));
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
      {"a message before", {event(EventKind::outbound, 99)}, true, true},
      {"a message to her in the same second", {event(EventKind::outbound, 100)}, false, false},
      {"a later message to her", {event(EventKind::outbound, 102)}, false, false},
      {"her being wanted", {event(EventKind::cleared, 150)}, false, false},
      {"her being wanted in the same second", {event(EventKind::cleared, 100)}, false, false},
      {"her having been wanted before", {event(EventKind::cleared, 50)}, true, true},
      {"a later message to Bob", {event(EventKind::outbound, 102, kBob)}, true, false},
      {"an earlier message to Bob", {event(EventKind::outbound, 99, kBob)}, true, false},
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
      question.users = {row.name};
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
  question.users = {""};
  CHECK(backend.ask(question) == ContactFacts{});
}

TEST_CASE("local users have pasts of their own", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), event(EventKind::stop, 20), sent(30, kLetter)});
  ContactQuestion question = about(kJane);
  question.users = {kOtherUser};
  question.references = {kLetter};
  ContactFacts expected;
  expected.wrote_here = true;
  expected.answered_here = true;
  CHECK(backend.ask(question) == expected);
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
  CHECK(backend.store().expire(at(5), at(5)) == Result<std::size_t>(0));
  CHECK(backend.store().expire(at(20), at(20)) == Result<std::size_t>(3));
  ContactQuestion question = about(kJane);
  question.references = {kLetter};
  const ContactFacts facts = backend.ask(question);
  CHECK(facts.inbound == 3);
  CHECK_FALSE(facts.told_to_stop.has_value());
  CHECK_FALSE(facts.last_outbound.has_value());
  CHECK_FALSE(facts.in_our_thread);
  CHECK_FALSE(backend.ask(about(kBob)).told_to_stop.has_value());
  CHECK(backend.store().expire(at(1000), at(1000)) == Result<std::size_t>(3));
  CHECK(backend.ask(about(kJane)) == ContactFacts{});
}

TEST_CASE("expire reaches events that were only recorded", "[history]") {
  Backend backend(ALL_BACKENDS);
  REQUIRE(backend.store().record(inbound(10)).has_value());
  CHECK(backend.store().expire(at(11), at(11)) == Result<std::size_t>(1));
}

TEST_CASE("one question asks for all recipients of a message", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({inbound(10, "pitch"), event(EventKind::stop, 20)});
  ContactQuestion question = about(kJane);
  question.users = {kOtherUser, kUser, "", kUser};
  const std::vector<ContactFacts> facts = backend.ask_all(question);
  REQUIRE(facts.size() == 4);
  CHECK(facts[0].inbound == 0);
  CHECK(facts[1].told_to_stop == at(20));
  CHECK(facts[2] == ContactFacts{});
  CHECK(facts[3] == facts[1]);
  question.users.clear();
  CHECK(backend.ask_all(question).empty());
}

TEST_CASE("a stop says whom it was told and who says so", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event stop = event(EventKind::stop, 100);
  stop.traces = {kThread, kBrand};
  backend.remember({stop});
  struct Row {
    const char* name;
    std::string person, organisation;
    std::vector<std::string> aliases, siblings;
    std::optional<StopScope> scope;
  };
  const std::vector<Row> rows = {
      {"the person", kJane, "", {}, {}, StopScope::person},
      {"the person, though others would do", kJane, kExample, {kThread}, {kBrand}, StopScope::person},
      {"another name of the person", kBob, "", {kThread}, {}, StopScope::person},
      {"the person as another name", kBob, "", {kJane}, {}, StopScope::person},
      {"the organisation", kBob, kExample, {}, {kBrand}, StopScope::organisation},
      {"the brand", kBob, kLetter, {}, {kLetter, kBrand}, StopScope::sibling},
      {"somebody else", kBob, kLetter, {kLetter, ""}, {kLetter, ""}, std::nullopt},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    ContactQuestion question = about(row.person);
    question.organisation = row.organisation;
    question.aliases = row.aliases;
    question.siblings = row.siblings;
    const ContactFacts facts = backend.ask(question);
    CHECK(facts.told_to_stop.has_value() == row.scope.has_value());
    if (!facts.told_to_stop) continue;
    CHECK(facts.told_to_stop == at(100));
    CHECK(to_string(facts.stop_scope) == to_string(*row.scope));
    CHECK(facts.stop_source == EventSource::mail);
  }
  stop.time = at(200);
  stop.source = EventSource::user;
  backend.remember({stop});
  CHECK(backend.ask(about(kJane)).stop_source == EventSource::user);
}

TEST_CASE("what was done to a person counts under every name", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event stop = event(EventKind::stop, 100, kJane, "");
  stop.traces = {kThread};
  const EventKind end = GENERATE(EventKind::cleared, EventKind::outbound);
  SECTION("ended under the other name") {
    Event ended = event(end, 200, kJane, "");
    ended.traces = {kThread};
    backend.remember({stop, ended});
  }
  SECTION("ended under the name asked for") { backend.remember({stop, event(end, 200, kBob, "")}); }
  ContactQuestion question = about(kBob);
  question.aliases = {kThread};
  question.organisation = "";
  CHECK_FALSE(backend.ask(question).told_to_stop.has_value());
}

TEST_CASE("a stop told to others does not touch somebody we know", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event stop = event(EventKind::stop, 100);
  stop.traces = {kBrand};
  const auto bob_is_told = [&](const std::string& organisation) {
    ContactQuestion question = about(kBob);
    question.organisation = organisation;
    question.siblings = {kBrand};
    return backend.ask(question).told_to_stop.has_value();
  };
  backend.remember({stop});
  CHECK(bob_is_told(kExample));
  CHECK(bob_is_told(kLetter));
  backend.remember({event(EventKind::outbound, 50, kBob)});
  CHECK_FALSE(bob_is_told(kExample));
  CHECK_FALSE(bob_is_told(kLetter));
}

TEST_CASE("a sibling's stop ends when anybody of the brand is written to or wanted", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event stop = event(EventKind::stop, 100, kJane, "");
  Event later = event(GENERATE(EventKind::outbound, EventKind::cleared), 200, kLetter, "");
  stop.traces = later.traces = {kBrand};
  ContactQuestion question = about(kBob, 150);
  question.siblings = {kBrand};
  backend.remember({stop, later});
  CHECK(backend.ask(question).told_to_stop == at(100));
  question.as_of = at(300);
  CHECK_FALSE(backend.ask(question).told_to_stop.has_value());
}

TEST_CASE("a report stands until the person is wanted or written to", "[history]") {
  Backend backend(ALL_BACKENDS);
  backend.remember({event(EventKind::cleared, 50), event(EventKind::reported, 100)});
  ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.reported == at(100));
  CHECK_FALSE(facts.cleared.has_value());
  CHECK_FALSE(facts.first_contact());
  CHECK_FALSE(backend.ask(about(kBob)).reported.has_value());  // a colleague is not reported
  CHECK_FALSE(backend.ask(about(kJane, 100)).reported.has_value());
  Event wanted = event(GENERATE(EventKind::cleared, EventKind::outbound), 200);
  wanted.authenticated = true;
  backend.remember({wanted});
  facts = backend.ask(about(kJane));
  CHECK_FALSE(facts.reported.has_value());
  CHECK(facts.cleared_proved == (wanted.kind == EventKind::cleared));
}

TEST_CASE("never answered anybody here", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event other = inbound(10);
  other.user = kOtherUser;
  backend.remember({other});
  CHECK_FALSE(backend.ask(about(kJane, 10)).wrote_here);
  CHECK(backend.ask(about(kJane)).wrote_here);
  CHECK_FALSE(backend.ask(about(kBob)).wrote_here);
  CHECK_FALSE(backend.ask(about(kJane)).answered_here);
  Event answer = event(EventKind::outbound, 20, kBob);
  answer.user = kOtherUser;
  backend.remember({answer});
  CHECK_FALSE(backend.ask(about(kJane, 20)).answered_here);
  CHECK(backend.ask(about(kJane)).answered_here);  // somebody of the organisation was written to
  CHECK(backend.ask(about(kBob)).answered_here);
  // What is forgotten is not known, what goes on is.
  CHECK(backend.store().expire(at(15), at(15)) == Result<std::size_t>(1));
  CHECK_FALSE(backend.ask(about(kJane)).wrote_here);
  CHECK(backend.ask(about(kJane)).answered_here);
}

TEST_CASE("one text to many is counted by local people", "[history]") {
  Backend backend(ALL_BACKENDS);
  std::vector<Event> events = {
      inbound_text(10, "a", 7),
      inbound_text(11, "a", 7),
      inbound_text(12, "b", 7, kNearSketch),
      inbound_text(13, "far", 7, kNearSketch + 1),
      inbound_text(14, "other", 70),
      inbound_text(15, "c", 7, 3),
      inbound_text(16, "", 7),
  };
  events[2].sketch->bands = {0, 0, 0, 10};  // one band in common is enough
  backend.remember(events);
  const auto count = [&](std::vector<std::string> users, std::int64_t since, std::int64_t as_of) {
    ContactQuestion question = about(kBob, as_of);
    question.users = std::move(users);
    question.sketch = inbound_text(0, kUser, 7).sketch;
    question.same_text_since = at(since);
    return backend.ask_all(question).front().same_text_to;
  };
  CHECK(count({kUser}, 0, 100) == 4);
  CHECK(count({"a"}, 0, 100) == 3);
  CHECK(count({kUser, kOtherUser, "a", kUser}, 0, 100) == 5);
  CHECK(count({kUser}, 0, 15) == 3);
  CHECK(count({kUser}, 0, 10) == 1);
  CHECK(count({kUser}, 15, 100) == 2);
  CHECK(count({kUser}, 16, 100) == 1);
  ContactQuestion question = about(kBob);
  CHECK(backend.ask(question).same_text_to == 0);
  CHECK(backend.store().expire(at(0), at(15)) == Result<std::size_t>(0));
  CHECK(count({kUser}, 0, 100) == 2);
}

TEST_CASE("a mailing to very many is counted as far as anybody asks", "[history]") {
  Backend backend(ALL_BACKENDS);
  std::vector<Event> events;
  for (int i = 0; i < 500; ++i) events.push_back(inbound_text(i, "user " + std::to_string(i), 7));
  backend.remember(events);
  ContactQuestion question = about(kBob);
  question.sketch = events.front().sketch;
  question.same_text_since = at(0);
  const std::size_t count = backend.ask(question).same_text_to;
  CHECK(count >= kMaxSameText);
  CHECK(count <= kMaxSameText + 1);
}

TEST_CASE("an answer leads back to who wrote", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event first = inbound(10);
  first.message_id = kLetter;
  first.routes = {kThread};
  first.traces = {kBrand, kThread};
  Event second = inbound(20);
  second.person = kBob;
  second.organisation = "";
  second.routes = {kThread};
  Event mine = sent(30, kUser);
  backend.remember({first, second, mine});
  ThreadQuestion question;
  question.user = kUser;
  question.message_ids = {kUser, "", kLetter, kJane};
  question.routes = {kThread, kBrand};
  question.as_of = at(20);
  const Correspondent jane{kLetter, kJane, kExample, {kBrand, kThread}};
  Correspondent by_route = jane;
  by_route.asked = kThread;
  const auto find = [&] {
    const Result<std::vector<Correspondent>> found = backend.store().find_correspondents(question);
    REQUIRE(found.has_value());
    return *found;
  };
  CHECK(find() == std::vector<Correspondent>{jane, by_route});
  question.as_of = at(100);
  CHECK(find() == std::vector<Correspondent>{jane, {kThread, kBob, "", {}}});
  question.as_of = at(10);
  CHECK(find().empty());
  question.as_of = at(100);
  question.user = kOtherUser;
  CHECK(find().empty());
}

TEST_CASE("a person can be shown and erased", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event traced = inbound(10, "pitch");
  traced.person = kLetter;
  traced.traces = {kJane};
  traced.score = 4.5;
  Event routed = inbound(20);
  routed.person = kBob;
  routed.routes = {kJane};
  Event hers = event(EventKind::stop, 30);
  hers.source = EventSource::user;
  hers.authenticated = true;
  hers.message_id = kThread;
  hers.traces = {kBrand};
  Event of_other_user = event(EventKind::outbound, 40);
  of_other_user.user = kOtherUser;
  const Event bobs = inbound(50, "none");
  Event bob = bobs;
  bob.person = kBob;
  backend.remember({traced, routed, hers, of_other_user, bob});
  const auto events = [&](const EventFilter& filter, std::size_t limit = 100) {
    const Result<std::vector<Event>> found = backend.store().events(filter, limit);
    REQUIRE(found.has_value());
    return *found;
  };
  Event shown = routed;
  shown.routes.clear();
  CHECK(events({{kJane}, ""}) == std::vector<Event>{traced, shown, hers, of_other_user});
  CHECK(events({{kJane}, ""}, 2) == std::vector<Event>{hers, of_other_user});
  CHECK(events({{kJane}, kOtherUser}) == std::vector<Event>{of_other_user});
  CHECK(events({{kThread, kBrand}, ""}) == std::vector<Event>{hers});
  CHECK(events({{}, kOtherUser}) == std::vector<Event>{of_other_user});
  CHECK(events({}).empty());

  CHECK(backend.store().erase({}) == Result<std::size_t>(0));
  CHECK(backend.store().erase({{kJane}, kOtherUser}) == Result<std::size_t>(1));
  CHECK(backend.ask(about(kJane)).wrote_here == false);
  CHECK(backend.store().erase({{kJane}, ""}) == Result<std::size_t>(3));
  CHECK(events({{}, kUser}) == std::vector<Event>{bob});
  ContactQuestion question = about(kThread);
  question.organisation = "";
  question.aliases = {kJane};
  question.siblings = {kBrand};
  CHECK(backend.ask(question) == ContactFacts{});
  CHECK(backend.store().erase({{}, kUser}) == Result<std::size_t>(1));
  CHECK(events({{}, kUser}).empty());
}

TEST_CASE("all events since a time can be looked through", "[history]") {
  Backend backend(ALL_BACKENDS);
  Event stop = event(EventKind::stop, 25, kBob);
  stop.user = kOtherUser;
  stop.source = EventSource::user;
  stop.traces = {kThread};
  Event pitch = inbound_text(20, kUser, 7);
  pitch.verdict = "pitch";
  pitch.score = 6.5;
  pitch.routes = {kLetter};
  backend.remember({inbound(19), stop, pitch});
  std::vector<Event> seen;
  REQUIRE(backend.store().scan(at(20), [&](const Event& one) { seen.push_back(one); }));
  std::sort(seen.begin(), seen.end(),
            [](const Event& left, const Event& right) { return left.time < right.time; });
  pitch.routes.clear();
  pitch.sketch.reset();
  CHECK(seen == std::vector<Event>{pitch, stop});
  seen.clear();
  REQUIRE(backend.store().scan(at(26), [&](const Event& one) { seen.push_back(one); }));
  CHECK(seen.empty());
}

TEST_CASE("a store says what it holds", "[history]") {
  Backend backend(ALL_BACKENDS);
  Result<StoreStats> stats = backend.store().stats();
  REQUIRE(stats.has_value());
  stats->octets = 0;
  CHECK(*stats == StoreStats{});
  Event other = event(EventKind::reported, 30, kBob);
  other.user = kOtherUser;
  backend.remember({inbound(20), inbound(10), other});
  stats = backend.store().stats();
  REQUIRE(stats.has_value());
  stats->octets = 0;
  StoreStats expected;
  expected.events = {2, 0, 0, 0, 0, 1};
  expected.users = 2;
  expected.persons = 2;
  expected.oldest = at(10);
  expected.newest = at(30);
  CHECK(*stats == expected);
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
    memory.remember(events);
    sqlite.remember(events);
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
      CHECK(memory.ask(question) == sqlite.ask(question));
    }
  }
  CHECK(memory.store().expire(at(30), at(30)) == sqlite.store().expire(at(30), at(30)));
  CHECK(memory.ask(about(kJane)) == sqlite.ask(about(kJane)));
}
