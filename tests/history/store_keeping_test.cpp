// SPDX-License-Identifier: MIT
// What every store must answer: forgetting, showing, erasing. Each test runs against all of them.
#include <algorithm>

#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;

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
