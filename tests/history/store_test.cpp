// SPDX-License-Identifier: MIT
// What every store must answer: counts, times and keys. Each test runs against all of them.
#include <limits>

#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;

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

TEST_CASE("of a sender who writes all the time the latest messages are counted", "[history]") {
  Backend backend(ALL_BACKENDS);
  std::vector<Event> events(5, inbound(1, "pitch"));
  for (std::size_t i = 0; i < kMaxCounted; ++i) events.push_back(inbound(10 + static_cast<std::int64_t>(i)));
  // No more at once than the queue takes.
  const auto half = events.begin() + kMaxCounted / 2;
  backend.remember({events.begin(), half});
  backend.remember({half, events.end()});
  const ContactFacts facts = backend.ask(about(kJane));
  CHECK(facts.inbound == kMaxCounted);
  CHECK(facts.unanswered == kMaxCounted);
  CHECK(facts.pitches == 0);
  CHECK(facts.first_inbound == at(10));
  CHECK(facts.last_inbound == at(9 + static_cast<std::int64_t>(kMaxCounted)));
  const ContactFacts earlier = backend.ask(about(kJane, 12));
  CHECK(earlier.inbound == 7);
  CHECK(earlier.pitches == 5);
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
