// SPDX-License-Identifier: MIT
// What every store must answer: threads, texts, correspondents. Each test runs against all of them.
#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;

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
