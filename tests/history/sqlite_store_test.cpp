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
#include "tests/history/sqlite_file.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

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

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
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

TEST_CASE("what is erased is in no file any more", "[history]") {
  const TemporaryFolder folder;
  const auto store = open(patient(folder / "history.db"));
  const auto names_them = [&] {
    std::size_t files = 0;
    for (const std::string& name : files_in(folder)) {
      const std::string octets = contents(folder / name);
      files += octets.find("CCCCCCCC") != std::string::npos || octets.find("DDDDDDDD") != std::string::npos
                   ? 1
                   : 0;
    }
    return files;
  };
  for (int i = 0; i < 300; ++i) {
    Event event = pitch(i);
    if (i % 2 == 0) {
      event.kind = i % 3 == 0 ? EventKind::stop : EventKind::inbound;
      event.person = std::string(32, '4');  // "DDDD..." as it is kept
      event.message_id = event.person;
      event.routes = {"43434343434343434343434343434343"};  // "CCCC..."
      event.traces = {"43434343434343434343434343434343"};
    }
    REQUIRE(store->record(event).has_value());
    if (i % 50 == 0) REQUIRE(store->flush().has_value());
  }
  REQUIRE(store->flush().has_value());
  REQUIRE(names_them() > 0);
  CHECK(store->erase({{std::string(32, '4')}, ""}) == Result<std::size_t>(150));
  CHECK(names_them() == 0);
  CHECK(remembered(*store) == 150);
  // The same goes for what is forgotten.
  Event event = pitch(-1);
  event.person = std::string(32, '4');
  REQUIRE(store->record(event).has_value());
  REQUIRE(store->flush().has_value());
  CHECK(names_them() == 1);
  CHECK(store->expire(TimePoint(0s), TimePoint(0s)) == Result<std::size_t>(1));
  CHECK(names_them() == 0);
  // Whoever still reads an older state keeps it in the log, and it is said.
  const auto hasty = open({folder / "history.db", 1});
  SqliteConnection other = connect(folder / "history.db");
  REQUIRE(other.execute("BEGIN").has_value());
  REQUIRE(other.query_integer("SELECT count(*) FROM event") == Result<std::int64_t>(150));
  const Result<std::size_t> erased = hasty->erase({{pitch(0).person}, ""});
  REQUIRE_FALSE(erased.has_value());
  CHECK_THAT(erased.error().detail, ContainsSubstring("erase again when it is done"));
  CHECK(remembered(*store) == 0);
  REQUIRE(other.execute("ROLLBACK").has_value());
  CHECK(store->erase({{pitch(0).person}, ""}) == Result<std::size_t>(0));
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
