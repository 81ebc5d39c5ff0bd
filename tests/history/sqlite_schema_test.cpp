// SPDX-License-Identifier: MIT
// Files of older programs are brought up to date, and what the tables of today must hold.
#include <array>
#include <string>
#include <vector>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "tests/history/sqlite_file.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;
using namespace std::chrono_literals;

TEST_CASE("a file of the first schema is brought up to date", "[history]") {
  const TemporaryFolder folder;
  write(folder / "history.db", "");
  REQUIRE(connect(folder / "history.db")
              .execute(R"sql(
    CREATE TABLE event (user BLOB NOT NULL, person BLOB NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
      seq INTEGER NOT NULL, organisation BLOB, message_id BLOB, verdict TEXT NOT NULL, score REAL,
      authenticated INTEGER NOT NULL, PRIMARY KEY (user, person, kind, time, seq)) WITHOUT ROWID;
    CREATE INDEX event_by_organisation ON event (user, organisation, kind, time)
      WHERE organisation IS NOT NULL AND kind <> 0;
    CREATE INDEX event_by_message_id ON event (user, message_id, time) WHERE message_id IS NOT NULL AND kind = 1;
    INSERT INTO event VALUES (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 0, 10, 0,
      NULL, NULL, 'pitch', 5.0, 0);
    INSERT INTO event VALUES (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 2, 20, 0,
      x'22222222222222222222222222222222', NULL, '', 0, 1);
    INSERT INTO event VALUES (x'0123456789abcdef0123456789abcdef', x'33333333333333333333333333333333', 1, 5, 0,
      x'22222222222222222222222222222222', NULL, '', 0, 1);
    PRAGMA user_version=1)sql")
              .has_value());
  const auto store = open(patient(folder / "history.db"));
  const Result<std::vector<ContactFacts>> facts = store->ask(about_all());
  REQUIRE(facts.has_value());
  CHECK(facts->front().unanswered_pitches == 1);
  CHECK(facts->front().told_to_stop == TimePoint(std::chrono::seconds(20)));
  CHECK(facts->front().wrote_here);
  CHECK_FALSE(facts->front().answered_here);
  // Under another name, and asked for the organisation.
  ContactQuestion question = about_all();
  question.aliases = {question.person};
  question.person = "44444444444444444444444444444444";
  question.organisation = "22222222222222222222222222222222";
  const Result<std::vector<ContactFacts>> alias = store->ask(question);
  REQUIRE(alias.has_value());
  CHECK(alias->front().stop_scope == StopScope::person);
  CHECK(alias->front().answered_here);
}

TEST_CASE("a file of the second schema is brought up to date", "[history]") {
  const TemporaryFolder folder;
  write(folder / "history.db", "");
  // Two messages of one second, of which the one with the route comes second, a text sent to two users, an answer and a stop.
  REQUIRE(connect(folder / "history.db")
              .execute(R"sql(
    CREATE TABLE event (user BLOB NOT NULL, person BLOB NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
      seq INTEGER NOT NULL, organisation BLOB, message_id BLOB, verdict TEXT NOT NULL, score REAL,
      authenticated INTEGER NOT NULL, source INTEGER NOT NULL DEFAULT 0, traces BLOB, sketch INTEGER,
      PRIMARY KEY (user, person, kind, time, seq)) WITHOUT ROWID;
    CREATE INDEX event_by_organisation ON event (user, organisation, kind, time)
      WHERE organisation IS NOT NULL AND kind <> 0;
    CREATE INDEX event_by_message_id ON event (user, message_id, kind, time) WHERE message_id IS NOT NULL;
    CREATE TABLE trace (user BLOB NOT NULL, trace BLOB NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
      person BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (user, trace, kind, time, person, seq)) WITHOUT ROWID;
    CREATE TABLE text (band INTEGER NOT NULL, time INTEGER NOT NULL, user BLOB NOT NULL, person BLOB NOT NULL,
      sketch INTEGER NOT NULL, PRIMARY KEY (band, time, user, person)) WITHOUT ROWID;
    CREATE TABLE seen (key BLOB NOT NULL, kind INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY (key, kind)) WITHOUT ROWID;
    INSERT INTO event VALUES
      (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 0, 10, 0, NULL, NULL, 'pitch', 5.0, 0,
       0, NULL, NULL),
      (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 0, 10, 1,
       x'22222222222222222222222222222222', x'66666666666666666666666666666666', 'none', 1.0, 1, 0,
       x'55555555555555555555555555555555', 7),
      (x'0123456789abcdef0123456789abcdee', x'11111111111111111111111111111111', 0, 11, 0, NULL, NULL, 'repeat-pitch',
       9.5, 0, 0, NULL, 7),
      (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 2, 20, 0,
       x'22222222222222222222222222222222', NULL, '', 0, 1, 1, x'55555555555555555555555555555555', NULL),
      (x'0123456789abcdef0123456789abcdef', x'33333333333333333333333333333333', 1, 5, 0,
       x'22222222222222222222222222222222', x'77777777777777777777777777777777', '', 0, 1, 0, NULL, NULL);
    INSERT INTO trace VALUES
      (x'0123456789abcdef0123456789abcdef', x'44444444444444444444444444444444', 0, 10,
       x'11111111111111111111111111111111', 1),
      (x'0123456789abcdef0123456789abcdef', x'55555555555555555555555555555555', 2, 20,
       x'11111111111111111111111111111111', 0),
      (x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 2, 20,
       x'11111111111111111111111111111111', 0);
    INSERT INTO text VALUES (3, 10, x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', 7),
                            (3, 11, x'0123456789abcdef0123456789abcdee', x'11111111111111111111111111111111', 7);
    INSERT INTO seen VALUES (x'11111111111111111111111111111111', 0, 4, 11);
    PRAGMA user_version=2)sql")
              .has_value());
  const auto store = open(patient(folder / "history.db"));
  ContactQuestion question = about_all();
  question.references = {"77777777777777777777777777777777"};
  question.siblings = {"55555555555555555555555555555555"};
  question.sketch = TextSketch{7, {1, 2, 3, 4}};
  const Result<std::vector<ContactFacts>> facts = store->ask(question);
  REQUIRE(facts.has_value());
  CHECK(facts->front().inbound == 2);
  CHECK(facts->front().unanswered_pitches == 1);
  CHECK(facts->front().told_to_stop == TimePoint(20s));
  CHECK(facts->front().stop_source == EventSource::user);
  CHECK(facts->front().in_our_thread);
  CHECK(facts->front().same_text_to == 2);
  question.as_of = TimePoint(5s);  // first seen at 4, though that event is gone
  CHECK(store->ask(question).value().front().wrote_here);
  // By a route, and by the brand alone.
  const auto correspondents =
      store->find_correspondents({pitch(0).user, {}, {"44444444444444444444444444444444"}, TimePoint::max()});
  REQUIRE(correspondents.has_value());
  REQUIRE(correspondents->size() == 1);
  CHECK(correspondents->front().organisation == "22222222222222222222222222222222");
  ContactQuestion sibling = about_all();
  sibling.person = "88888888888888888888888888888888";
  sibling.siblings = {"55555555555555555555555555555555"};
  CHECK(store->ask(sibling).value().front().stop_scope == StopScope::sibling);
  CHECK(store->stats().value().events == std::array<std::size_t, kEventKinds>{3, 1, 1, 0, 0, 0});
  const auto kept = store->events({{pitch(0).person}, ""}, 100);
  REQUIRE(kept.has_value());
  REQUIRE(kept->size() == 4);
  CHECK(kept->back().traces == std::vector<std::string>{"55555555555555555555555555555555"});
  CHECK(store->erase({{pitch(0).person}, ""}) == Result<std::size_t>(4));
  SqliteConnection connection = connect(folder / "history.db");
  CHECK(connection.query_integer("SELECT (SELECT count(*) FROM trace) + (SELECT count(*) FROM text)") ==
        Result<std::int64_t>(0));
}

TEST_CASE("a file of the third schema is brought up to date", "[history]") {
  const TemporaryFolder folder;
  write(folder / "history.db", "");
  // Mail with a Message-ID and a route, mail of nobody here, and a letter of ours.
  REQUIRE(connect(folder / "history.db")
              .execute(R"sql(
    CREATE TABLE event (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL, user BLOB NOT NULL,
      person BLOB NOT NULL, organisation BLOB, message_id BLOB, verdict TEXT NOT NULL, pitch INTEGER NOT NULL, score REAL,
      authenticated INTEGER NOT NULL, source INTEGER NOT NULL, traces BLOB, sketch INTEGER);
    CREATE INDEX event_by_time ON event (time);
    CREATE INDEX event_by_person ON event (person, user, kind, time, source, authenticated, pitch);
    CREATE INDEX event_by_organisation ON event (organisation, user, kind, time, source, authenticated)
      WHERE organisation IS NOT NULL AND kind <> 0;
    CREATE INDEX event_by_message_id ON event (message_id, user, kind, time, source, authenticated)
      WHERE message_id IS NOT NULL;
    CREATE TABLE trace (trace BLOB NOT NULL, user BLOB NOT NULL, kind INTEGER NOT NULL, time INTEGER NOT NULL,
      source INTEGER NOT NULL, authenticated INTEGER NOT NULL, event INTEGER NOT NULL,
      PRIMARY KEY (trace, user, kind, time, source, authenticated, event)) WITHOUT ROWID;
    CREATE TABLE text (band INTEGER NOT NULL, time INTEGER NOT NULL, event INTEGER NOT NULL,
      PRIMARY KEY (band, time, event)) WITHOUT ROWID;
    CREATE TABLE seen (key BLOB NOT NULL, kind INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
      PRIMARY KEY (key, kind)) WITHOUT ROWID;
    INSERT INTO event VALUES
      (7, 10, 0, x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', NULL,
       x'66666666666666666666666666666666', 'pitch', 1, 5.0, 0, 0, NULL, NULL),
      (200000, 20, 0, x'0123456789abcdef0123456789abcdef', x'33333333333333333333333333333333', NULL,
       x'66666666666666666666666666666666', 'none', 0, 1.0, 0, 0, NULL, NULL),
      (200001, 30, 0, x'', x'33333333333333333333333333333333', NULL, x'66666666666666666666666666666666', 'none', 0,
       1.0, 0, 0, NULL, NULL),
      (200002, 40, 1, x'0123456789abcdef0123456789abcdef', x'11111111111111111111111111111111', NULL,
       x'77777777777777777777777777777777', '', 0, 0, 1, 0, NULL, NULL);
    INSERT INTO trace VALUES
      (x'44444444444444444444444444444444', x'0123456789abcdef0123456789abcdef', 0, 10, 0, 0, 7),
      (x'11111111111111111111111111111111', x'0123456789abcdef0123456789abcdef', 1, 40, 0, 1, 200002);
    PRAGMA user_version=3)sql")
              .has_value());
  const auto store = open(patient(folder / "history.db"));
  const auto authors = [&](const std::string& id, const std::string& route, std::int64_t as_of) {
    const auto found =
        store->find_correspondents({pitch(0).user, {id}, {route}, TimePoint(std::chrono::seconds(as_of))});
    REQUIRE(found.has_value());
    std::vector<std::string> persons;
    for (const Correspondent& one : *found) persons.push_back(one.person);
    return persons;
  };
  const std::string jane(32, '1');
  const std::string bob(32, '3');
  CHECK(authors(std::string(32, '6'), std::string(32, '4'), 100) == std::vector{bob, jane});
  CHECK(authors(std::string(32, '6'), std::string(32, '4'), 20) == std::vector{jane, jane});
  CHECK(authors(std::string(32, '7'), std::string(32, '5'), 100).empty());
  ContactQuestion question = about_all();
  question.references = {std::string(32, '7')};
  CHECK(store->ask(question).value().front().in_our_thread);
  question.references = {std::string(32, '6')};
  CHECK_FALSE(store->ask(question).value().front().in_our_thread);
  CHECK(store->events({{std::string(32, '4')}, ""}, 100).value().size() == 1);
  CHECK(store->erase({{jane}, ""}) == Result<std::size_t>(2));
  SqliteConnection connection = connect(folder / "history.db");
  CHECK(connection.query_text("SELECT group_concat(event) FROM origin") == Result<std::string>("200000"));
  CHECK(connection.query_integer("SELECT count(*) FROM trace") == Result<std::int64_t>(0));
}

TEST_CASE("whose message is answered is found among many, and forgotten with it", "[history]") {
  const TemporaryFolder folder;
  const auto store = open(patient(folder / "history.db"));
  const auto receive = [&](std::int64_t second, const std::string& person) {
    Event event = pitch(second);
    event.person = person;
    event.message_id = std::string(32, '6');
    event.routes = {std::string(32, '4')};
    REQUIRE(store->record(event).has_value());
    REQUIRE(store->flush().has_value());
  };
  const auto author = [&](std::int64_t as_of) {
    const auto found = store->find_correspondents({pitch(0).user,
                                                   {std::string(32, '6')},
                                                   {std::string(32, '4')},
                                                   TimePoint(std::chrono::seconds(as_of))});
    REQUIRE(found.has_value());
    REQUIRE((found->empty() || found->size() == 2));
    if (found->empty()) return std::string();
    CHECK(found->front().person == found->back().person);
    return found->front().person;
  };
  // As if so many events lay between.
  const auto skip_to = [&](std::int64_t id) {
    REQUIRE(connect(folder / "history.db")
                .execute(("UPDATE event SET id = " + std::to_string(id) +
                          " WHERE id = (SELECT max(id) FROM event)")
                             .c_str())
                .has_value());
  };
  receive(10, std::string(32, '1'));
  receive(30, std::string(32, '2'));
  receive(99, std::string(32, 'f'));
  skip_to(131'071);
  receive(20, std::string(32, '3'));
  receive(99, std::string(32, 'f'));
  skip_to(1'000'000);
  receive(40, std::string(32, '4'));
  CHECK(author(10).empty());
  CHECK(author(11) == std::string(32, '1'));
  CHECK(author(31) == std::string(32, '2'));
  CHECK(author(41) == std::string(32, '4'));
  SqliteConnection connection = connect(folder / "history.db");
  CHECK(connection.query_text("SELECT group_concat(DISTINCT part) FROM origin") ==
        Result<std::string>("0,1,7"));
  CHECK(store->expire(TimePoint(31s), TimePoint(31s)) == Result<std::size_t>(3));
  CHECK(author(31).empty());
  CHECK(author(41) == std::string(32, '4'));
  CHECK(connection.query_integer("SELECT count(*) FROM origin WHERE event = 1000001") ==
        Result<std::int64_t>(2));
}

TEST_CASE("very many events are forgotten in steps, with all that led to them", "[history]") {
  const TemporaryFolder folder;
  const auto store = open(patient(folder / "history.db"));
  for (int i = 0; i < 11'000; ++i) {
    Event event = pitch(i < 10'500 ? i / 100 : 1000);  // many in one second
    event.kind = i % 10 == 0 ? EventKind::stop : EventKind::inbound;
    const std::string number = std::to_string(i);
    event.message_id = std::string(32 - number.size(), 'e') + number;
    event.sketch = TextSketch{1, {std::uint64_t(i) << 50U, ~std::uint64_t(i), std::uint64_t(i), 7}};
    REQUIRE(store->record(event).has_value());
  }
  CHECK(store->expire(TimePoint(500s), TimePoint(500s)) == Result<std::size_t>(10'500));
  SqliteConnection connection = connect(folder / "history.db");
  for (const char* sql : {"SELECT count(*) FROM event", "SELECT count(DISTINCT event) FROM text"}) {
    CHECK(connection.query_integer(sql) == Result<std::int64_t>(500));
  }
  CHECK(connection.query_integer("SELECT count(*) FROM origin") == Result<std::int64_t>(450));
  CHECK(connection.query_integer("SELECT count(*) FROM trace") == Result<std::int64_t>(50));
}
