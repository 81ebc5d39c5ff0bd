// SPDX-License-Identifier: MIT
// What only a store in a file can do wrong: files, locks, crashes.
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "tests/history/process.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

Event pitch(std::int64_t second) {
  Event event;
  event.time = TimePoint(std::chrono::seconds(second));
  event.user = "0123456789abcdef0123456789abcdef";
  event.person = "11111111111111111111111111111111";
  event.verdict = "pitch";
  return event;
}

ContactQuestion about_all() {
  ContactQuestion question;
  question.users = {pitch(0).user};
  question.person = pitch(0).person;
  question.as_of = TimePoint::max();
  return question;
}

/// With a limit that no busy machine reaches.
SqliteOptions patient(const fs::path& file) { return {file, 20'000}; }

std::unique_ptr<Store> open(const SqliteOptions& options, std::string* notice = nullptr) {
  auto store = open_sqlite_store(options, notice);
  if (!store) UNSCOPED_INFO(store.error().detail);
  REQUIRE(store.has_value());
  return std::move(*store);
}

std::size_t remembered(Store& store) {
  const Result<std::vector<ContactFacts>> facts = store.ask(about_all());
  REQUIRE(facts.has_value());
  return facts->front().inbound;
}

/// A file with `count` events in it, closed.
void make_history(const fs::path& file, int count) {
  const std::unique_ptr<Store> store = open(patient(file));
  for (int i = 0; i < count; ++i) REQUIRE(store->record(pitch(i)).has_value());
}

SqliteConnection connect(const fs::path& file) {
  auto connection = SqliteConnection::open(file, SqliteConnection::Access::read_write, 1s);
  REQUIRE(connection.has_value());
  return std::move(*connection);
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& octets) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << octets;
}

std::vector<std::string> files_in(const TemporaryFolder& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder.path()))
    names.push_back(entry.path().filename().string());
  return names;
}

std::optional<Error> error_of_opening(const SqliteOptions& options) {
  auto store = open_sqlite_store(options);
  return store ? std::nullopt : std::optional(store.error());
}

}  // namespace

TEST_CASE("the end of a store writes what was recorded", "[history]") {
  const TemporaryFolder folder;
  make_history(folder / "history.db", 450);
  std::string notice;
  const auto store = open(patient(folder / "history.db"), &notice);
  CHECK(remembered(*store) == 450);
  CHECK(notice.empty());
}

TEST_CASE("the history is for its owner only", "[history]") {
  const TemporaryFolder folder;
  const mode_t before = ::umask(0);
  const auto store = open(patient(folder / "history.db"));
  ::umask(before);
  REQUIRE(store->record(pitch(1)).has_value());
  REQUIRE(store->flush().has_value());
  for (const char* name : {"history.db", "history.db-wal", "history.db-shm"}) {
    INFO(name);
    CHECK((fs::status(folder / name).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
  }
}

TEST_CASE("an empty file becomes a history", "[history]") {
  const TemporaryFolder folder;
  write(folder / "history.db", "");
  std::string notice;
  const auto store = open(patient(folder / "history.db"), &notice);
  CHECK(remembered(*store) == 0);
  CHECK(notice.empty());
}

TEST_CASE("a file name with a meaning for SQLite is a file name", "[history]") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  make_history(":memory:", 3);
  fs::current_path(before);
  const auto store = open(patient(folder / ":memory:"));
  CHECK(remembered(*store) == 3);
}

TEST_CASE("two stores share a file", "[history]") {
  const TemporaryFolder folder;
  const auto first = open(patient(folder / "history.db"));
  const auto second = open(patient(folder / "history.db"));
  for (int i = 0; i < 50; ++i) {
    REQUIRE(first->record(pitch(i)).has_value());
    REQUIRE(second->record(pitch(i)).has_value());
  }
  REQUIRE(first->flush().has_value());
  REQUIRE(second->flush().has_value());
  CHECK(remembered(*first) == 100);
  CHECK(remembered(*second) == 100);
}

TEST_CASE("a damaged file is set aside and a fresh one begun", "[history]") {
  struct Row {
    const char* name;
    std::string (*damage)(std::string);
  };
  const std::vector<Row> rows = {
      {"no database at all", [](std::string) { return std::string(5000, 'x'); }},
      {"a few octets", [](std::string) { return std::string("hello"); }},
      {"header overwritten", [](std::string octets) { return octets.replace(0, 16, 16, '\0'); }},
      {"cut in the middle", [](std::string octets) { return octets.substr(0, octets.size() / 2); }},
      {"pages overwritten",
       [](std::string octets) {
         return octets.replace(4096, octets.size() - 4096, octets.size() - 4096, 'z');
       }},
  };
  const TemporaryFolder sound;
  make_history(sound / "history.db", 300);
  for (const Row& row : rows) {
    INFO(row.name);
    const TemporaryFolder folder;
    const std::string damaged = row.damage(contents(sound / "history.db"));
    write(folder / "history.db", damaged);
    std::string notice;
    const auto store = open(patient(folder / "history.db"), &notice);
    CHECK(remembered(*store) == 0);
    CHECK(store->record(pitch(1)).has_value());
    CHECK(store->flush().has_value());
    CHECK(remembered(*store) == 1);
    CHECK_THAT(notice, ContainsSubstring("history file damaged"));
    CHECK_THAT(notice, ContainsSubstring((folder / "history.db.damaged-").string()));
    std::size_t set_aside = 0;
    for (const std::string& name : files_in(folder)) {
      if (!name.starts_with("history.db.damaged-")) continue;
      ++set_aside;
      CHECK(contents(folder / name) == damaged);
    }
    CHECK(set_aside == 1);
  }
}

TEST_CASE("the log of a damaged file goes with it", "[history]") {
  const TemporaryFolder folder;
  make_history(folder / "running.db", 300);
  const auto running = open(patient(folder / "running.db"));
  REQUIRE(running->record(pitch(1000)).has_value());
  REQUIRE(running->flush().has_value());
  // What a crash would leave: a file, and a log with the last event.
  fs::copy_file(folder / "running.db-wal", folder / "history.db-wal");
  const std::string octets = contents(folder / "running.db");
  write(folder / "history.db", octets.substr(0, 4096) + std::string(octets.size() - 4096, 'z'));
  // Another program keeps it open, or SQLite would remove the log by itself.
  SqliteConnection other = connect(folder / "history.db");
  REQUIRE(other.query_integer("SELECT count(*) FROM sqlite_schema").has_value());

  std::string notice;
  const auto store = open(patient(folder / "history.db"), &notice);
  CHECK_THAT(notice, ContainsSubstring("damaged"));
  CHECK(remembered(*store) == 0);
  REQUIRE(store->record(pitch(1)).has_value());
  REQUIRE(store->flush().has_value());
  CHECK(remembered(*store) == 1);
  std::size_t logs = 0;
  for (const std::string& name : files_in(folder)) {
    logs += name.starts_with("history.db.damaged-") && name.ends_with("-wal") ? 1 : 0;
  }
  CHECK(logs == 1);
}

TEST_CASE("a second damaged file does not replace the first", "[history]") {
  const TemporaryFolder folder;
  for (const char* octets : {"first damaged file", "second damaged file", "third damaged file"}) {
    write(folder / "history.db", octets);
    fs::remove(folder / "history.db-wal");
    open(patient(folder / "history.db"));
  }
  std::size_t set_aside = 0;
  for (const std::string& name : files_in(folder))
    set_aside += name.starts_with("history.db.damaged-") ? 1 : 0;
  CHECK(set_aside == 3);
}

TEST_CASE("a file that is not ours is refused and left alone", "[history]") {
  struct Row {
    const char* name;
    const char* sql;
    const char* detail;
  };
  const std::vector<Row> rows = {
      {"another program's", "CREATE TABLE theirs (x)", "database of another program"},
      {"a versioned empty one", "PRAGMA user_version=1", "database of another program"},
      {"a newer program's", "CREATE TABLE event (x); PRAGMA user_version=1000",
       "schema 1000, made by a newer program"},
      {"a negative version", "CREATE TABLE event (x); PRAGMA user_version=-1", "database of another program"},
  };
  for (const Row& row : rows) {
    INFO(row.name);
    const TemporaryFolder folder;
    write(folder / "history.db", "");
    REQUIRE(connect(folder / "history.db").execute(row.sql).has_value());
    const std::string before = contents(folder / "history.db");
    const auto error = error_of_opening({folder / "history.db"});
    REQUIRE(error.has_value());
    CHECK(error->code == Code::permanent);
    CHECK_THAT(error->detail, ContainsSubstring(row.detail));
    CHECK(contents(folder / "history.db") == before);
    CHECK(files_in(folder) == std::vector<std::string>{"history.db"});
  }
}

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

TEST_CASE("a place where no history can be is a permanent error", "[history]") {
  const TemporaryFolder folder;
  write(folder / "file", "");
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  const std::vector<std::pair<fs::path, std::string>> rows = {
      {folder / "absent/history.db", "cannot make the history file: No such file or directory"},
      {folder / "file/history.db", "cannot make the history file: Not a directory"},
      {fs::path(), "cannot make the history file: No such file or directory"},
      {folder.path(), "the history file is no regular file"},
      {folder / "pipe", "the history file is no regular file"},
  };
  for (const auto& [file, detail] : rows)
    CHECK(error_of_opening({file}) == Error{Code::permanent, 0, detail});
}

TEST_CASE("a read-only directory or file is an error, not a crash and not damage", "[history]") {
  struct Row {
    const char* name;
    fs::perms folder, file;
    const char* opened;
    int expected;  // 0 opened, 1 temporary, 2 permanent
  };
  const std::vector<Row> rows = {
      {"all allowed", fs::perms(0777), fs::perms(0666), "history.db", 0},
      {"no file can be made", fs::perms(0555), fs::perms(0666), "fresh.db", 2},
      {"no log can be made", fs::perms(0555), fs::perms(0666), "history.db", 2},
      {"the file cannot be written", fs::perms(0777), fs::perms(0444), "history.db", 2},
      {"the file cannot be read", fs::perms(0777), fs::perms(0222), "history.db", 2},
  };
  const TemporaryFolder folder;
  make_history(folder / "history.db", 3);
  for (const Row& row : rows) {
    INFO(row.name);
    fs::permissions(folder.path(), row.folder);
    fs::permissions(folder / "history.db", row.file);
    CHECK(row.expected == run_unprivileged([&] {
            const auto error = error_of_opening({folder / row.opened});
            return !error ? 0 : error->code == Code::temporary ? 1 : error->code == Code::permanent ? 2 : 3;
          }));
  }
  fs::permissions(folder.path(), fs::perms(0700));
  fs::permissions(folder / "history.db", fs::perms(0600));
  CHECK(files_in(folder) == std::vector<std::string>{"history.db"});
  CHECK(remembered(*open(patient(folder / "history.db"))) == 3);
}

TEST_CASE("a locked database is waited for within the limit, and nothing is lost", "[history]") {
  const TemporaryFolder folder;
  const auto store = open({folder / "history.db", 30, 5});
  SqliteConnection other = connect(folder / "history.db");
  REQUIRE(other.execute("BEGIN IMMEDIATE").has_value());
  for (int i = 0; i < 5; ++i) REQUIRE(store->record(pitch(i)).has_value());

  const auto begun = std::chrono::steady_clock::now();
  const Result<void> flushed = store->flush();
  REQUIRE_FALSE(flushed.has_value());
  CHECK(flushed.error().code == Code::temporary);
  const Result<std::size_t> expired = store->expire(TimePoint::max(), TimePoint::max());
  REQUIRE_FALSE(expired.has_value());
  CHECK(expired.error().code == Code::temporary);
  const Result<void> sixth = store->record(pitch(6));
  REQUIRE_FALSE(sixth.has_value());
  CHECK(sixth.error().code == Code::limit);
  CHECK(std::chrono::steady_clock::now() - begun < 15s);
  CHECK(remembered(*open(patient(folder / "history.db"))) == 0);

  REQUIRE(other.execute("ROLLBACK").has_value());
  if (!store->flush()) REQUIRE(store->flush().has_value());
  CHECK(remembered(*open(patient(folder / "history.db"))) == 5);
  CHECK(store->record(pitch(7)).has_value());
}

TEST_CASE("a database locked for good is given up when the store ends", "[history]") {
  const TemporaryFolder folder;
  SqliteConnection other = [&] {
    const auto store = open({folder / "history.db", 10});
    SqliteConnection connection = connect(folder / "history.db");
    REQUIRE(connection.execute("BEGIN IMMEDIATE").has_value());
    for (int i = 0; i < 500; ++i) REQUIRE(store->record(pitch(i)).has_value());
    return connection;
  }();
  REQUIRE(other.execute("ROLLBACK").has_value());
  CHECK(other.query_integer("SELECT count(*) FROM event") == Result<std::int64_t>(0));
}

TEST_CASE("a database nobody else may open is a temporary error, not damage", "[history]") {
  const TemporaryFolder folder;
  make_history(folder / "history.db", 3);
  SqliteConnection other = connect(folder / "history.db");
  REQUIRE(other.execute("PRAGMA locking_mode=EXCLUSIVE; BEGIN EXCLUSIVE").has_value());
  const auto begun = std::chrono::steady_clock::now();
  const auto error = error_of_opening({folder / "history.db", 30});
  CHECK(std::chrono::steady_clock::now() - begun < 15s);
  REQUIRE(error.has_value());
  CHECK(error->code == Code::temporary);
  for (const std::string& name : files_in(folder)) CHECK_THAT(name, !ContainsSubstring("damaged"));
}

TEST_CASE("a question that takes too long is broken off", "[history]") {
  const TemporaryFolder folder;
  write(folder / "any.db", "");
  SqliteConnection connection = connect(folder / "any.db");
  constexpr const char* kEndless =
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
  connection.allow(20ms);
  const auto begun = std::chrono::steady_clock::now();
  const auto count = connection.query_integer(kEndless);
  CHECK(std::chrono::steady_clock::now() - begun < 15s);
  REQUIRE_FALSE(count.has_value());
  CHECK(count.error().code == Code::temporary);
  connection.allow(1h);
  CHECK(connection.query_integer("SELECT 7") == Result<std::int64_t>(7));
}

TEST_CASE("a file damaged under a running store is an error", "[history]") {
  const TemporaryFolder folder;
  make_history(folder / "history.db", 300);
  const auto store = open(patient(folder / "history.db"));
  REQUIRE(remembered(*store) == 300);
  const std::string sound = contents(folder / "history.db");
  {
    std::fstream file(folder / "history.db", std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(4096);
    file << std::string(sound.size() - 4096, 'z');
  }
  // A connection already open may answer from its cache; one that has to read says what is wrong.
  auto reader = SqliteConnection::open(folder / "history.db", SqliteConnection::Access::read_only, 1s);
  REQUIRE(reader.has_value());
  const auto count = reader->query_integer("SELECT count(*) FROM event");
  REQUIRE_FALSE(count.has_value());
  CHECK(count.error().code == Code::permanent);
  CHECK(reader->found_damage());
  const Result<std::vector<ContactFacts>> facts = store->ask(about_all());
  CHECK((facts ? facts->front().inbound == 300 : facts.error().code == Code::permanent));
  CHECK(store->record(pitch(1)).has_value());
  const Result<void> flushed = store->flush();
  CHECK((flushed || flushed.error().code == Code::permanent));
}
