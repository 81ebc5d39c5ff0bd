// SPDX-License-Identifier: MIT
// What every store must answer: stops, reports, and what ends them. Each test runs against all of them.
#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;

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
