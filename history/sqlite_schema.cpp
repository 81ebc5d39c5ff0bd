// SPDX-License-Identifier: MIT
#include "history/sqlite_schema.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <filesystem>
#include <system_error>
#include <utility>

namespace coldpitch {
namespace {

/// Each entry leads from the schema of its index to the next; `user_version` counts them. Never change one that was released.
///
/// Keys are blobs of 16 octets (see SqliteStatement::bind_key), times seconds since 1970, kinds the numbers of EventKind.
/// `kind` stands before `time` so that the last event of a kind, and a range of inbound ones, is one search away.
constexpr std::array kMigrations = {
    R"sql(
  CREATE TABLE event (
    user          BLOB    NOT NULL,
    person        BLOB    NOT NULL,
    kind          INTEGER NOT NULL,
    time          INTEGER NOT NULL,
    seq           INTEGER NOT NULL,  -- tells events of one second apart
    organisation  BLOB,
    message_id    BLOB,
    verdict       TEXT    NOT NULL,
    score         REAL,
    authenticated INTEGER NOT NULL,
    PRIMARY KEY (user, person, kind, time, seq)
  ) WITHOUT ROWID;
  CREATE INDEX event_by_organisation ON event (user, organisation, kind, time)
    WHERE organisation IS NOT NULL AND kind <> 0;
  CREATE INDEX event_by_message_id ON event (user, message_id, time)
    WHERE message_id IS NOT NULL AND kind = 1;
)sql",
    R"sql(
  ALTER TABLE event ADD COLUMN source INTEGER NOT NULL DEFAULT 0;  -- numbers of EventSource
  ALTER TABLE event ADD COLUMN traces BLOB;  -- keys, one after the other
  ALTER TABLE event ADD COLUMN sketch INTEGER;
  DROP INDEX event_by_message_id;
  CREATE INDEX event_by_message_id ON event (user, message_id, kind, time) WHERE message_id IS NOT NULL;

  -- Other ways to an event. Of an inbound one: its routes. Of all others: the person and the traces.
  CREATE TABLE trace (
    user   BLOB    NOT NULL,
    trace  BLOB    NOT NULL,
    kind   INTEGER NOT NULL,
    time   INTEGER NOT NULL,
    person BLOB    NOT NULL,
    seq    INTEGER NOT NULL,
    PRIMARY KEY (user, trace, kind, time, person, seq)
  ) WITHOUT ROWID;
  INSERT INTO trace SELECT user, person, kind, time, person, seq FROM event WHERE kind <> 0 AND person <> x'';

  -- Texts of the last days, to find one sent to many.
  CREATE TABLE text (
    band   INTEGER NOT NULL,
    time   INTEGER NOT NULL,
    user   BLOB    NOT NULL,
    person BLOB    NOT NULL,
    sketch INTEGER NOT NULL,
    PRIMARY KEY (band, time, user, person)
  ) WITHOUT ROWID;

  -- When anybody here was first and last written to by a person (kind 0), or wrote to a person or an organisation (1).
  CREATE TABLE seen (
    key   BLOB    NOT NULL,
    kind  INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    PRIMARY KEY (key, kind)
  ) WITHOUT ROWID;
  INSERT INTO seen SELECT person, kind, min(time), max(time) FROM event
    WHERE kind IN (0, 1) AND person <> x'' GROUP BY person, kind;
  INSERT INTO seen SELECT organisation, 1, min(time), max(time) FROM event
    WHERE kind = 1 AND organisation IS NOT NULL GROUP BY organisation
    ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last);
)sql",
    // Events one after the other, so that a new one is written at the end, and narrow indices that answer by themselves. Whom a message concerns
    // comes before whom it went to, so that what one message to many leaves behind lies together.
    R"sql(
  CREATE TABLE number (user, person, kind, time, seq, id, PRIMARY KEY (user, person, kind, time, seq)) WITHOUT ROWID;
  INSERT INTO number SELECT user, person, kind, time, seq, row_number() OVER (ORDER BY time) FROM event;
  DROP INDEX event_by_organisation;
  DROP INDEX event_by_message_id;
  ALTER TABLE event RENAME TO old_event;
  ALTER TABLE trace RENAME TO old_trace;
  ALTER TABLE text RENAME TO old_text;

  CREATE TABLE event (
    id            INTEGER PRIMARY KEY,
    time          INTEGER NOT NULL,
    kind          INTEGER NOT NULL,
    user          BLOB    NOT NULL,
    person        BLOB    NOT NULL,
    organisation  BLOB,
    message_id    BLOB,
    verdict       TEXT    NOT NULL,
    pitch         INTEGER NOT NULL,  -- whether the verdict is pitch or worse
    score         REAL,
    authenticated INTEGER NOT NULL,
    source        INTEGER NOT NULL,
    traces        BLOB,
    sketch        INTEGER
  );
  INSERT INTO event SELECT id, time, kind, user, person, organisation, message_id, verdict,
      verdict IN ('pitch', 'repeat-pitch'), score, authenticated, source, traces, sketch
    FROM old_event JOIN number USING (user, person, kind, time, seq) ORDER BY id;
  CREATE INDEX event_by_time ON event (time);
  CREATE INDEX event_by_person ON event (person, user, kind, time, source, authenticated, pitch);
  CREATE INDEX event_by_organisation ON event (organisation, user, kind, time, source, authenticated)
    WHERE organisation IS NOT NULL AND kind <> 0;
  CREATE INDEX event_by_message_id ON event (message_id, user, kind, time, source, authenticated)
    WHERE message_id IS NOT NULL;

  CREATE TABLE trace (
    trace         BLOB    NOT NULL,
    user          BLOB    NOT NULL,
    kind          INTEGER NOT NULL,
    time          INTEGER NOT NULL,
    source        INTEGER NOT NULL,
    authenticated INTEGER NOT NULL,
    event         INTEGER NOT NULL,
    PRIMARY KEY (trace, user, kind, time, source, authenticated, event)
  ) WITHOUT ROWID;
  INSERT INTO trace SELECT trace, user, kind, time, source, authenticated, id
    FROM old_trace JOIN number USING (user, person, kind, time, seq)
                   JOIN old_event USING (user, person, kind, time, seq);

  CREATE TABLE text (
    band  INTEGER NOT NULL,
    time  INTEGER NOT NULL,
    event INTEGER NOT NULL,
    PRIMARY KEY (band, time, event)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO text SELECT t.band, t.time, e.id FROM old_text t JOIN event e
    ON e.person = t.person AND e.user = t.user AND e.kind = 0 AND e.time = t.time AND e.sketch = t.sketch;

  DROP TABLE old_text;
  DROP TABLE old_trace;
  DROP TABLE old_event;
  DROP TABLE number;
)sql",
    // Whose message somebody answers is asked when a local user writes, far less often than a message comes in. So what leads back to inbound mail
    // is kept apart, in parts of 131,072 events: a new one is written where the last ones were, not at a random place among all.
    R"sql(
  CREATE TABLE origin (
    part  INTEGER NOT NULL,  -- id of the event >> 17
    key   BLOB    NOT NULL,  -- the last 8 octets of a Message-ID's or a route's
    event INTEGER NOT NULL,
    PRIMARY KEY (part, key, event)
  ) WITHOUT ROWID;
  INSERT OR IGNORE INTO origin SELECT id >> 17, substr(message_id, -8), id FROM event
    WHERE kind = 0 AND message_id IS NOT NULL AND user <> x'';
  INSERT OR IGNORE INTO origin SELECT event >> 17, substr(trace, -8), event FROM trace WHERE kind = 0;
  DELETE FROM trace WHERE kind = 0;
  DROP INDEX event_by_message_id;
  CREATE INDEX event_by_message_id ON event (message_id, user, time) WHERE kind = 1 AND message_id IS NOT NULL;
)sql"};

// The numbers are in every file: new kinds go to the end.
static_assert(static_cast<int>(EventKind::inbound) == 0 && static_cast<int>(EventKind::outbound) == 1 &&
              static_cast<int>(EventKind::stop) == 2 && static_cast<int>(EventKind::cleared) == 3 &&
              static_cast<int>(EventKind::accepted) == 4 && static_cast<int>(EventKind::reported) == 5);

/// secure_delete: what is forgotten is overwritten. trusted_schema, cell_size_check: the file may have been tampered with.
/// cache_size (KiB, of each connection): more does not help, since groups are written in the order of the tables, and the system keeps the
/// file's pages anyway. wal_autocheckpoint (pages) saves writing again and
/// again what many groups touch.
constexpr const char* kSettings =
    "PRAGMA synchronous=NORMAL; PRAGMA journal_size_limit=33554432; PRAGMA secure_delete=ON;"
    "PRAGMA cache_size=-4096; PRAGMA wal_autocheckpoint=8000;"
    "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;";

tl::unexpected<Error> refused(std::string detail) {
  return tl::unexpected(Error{Code::permanent, 0, std::move(detail)});
}

Error file_error(int error_number, const std::string& what) {
  constexpr std::array kPassing = {EINTR, EIO, EMFILE, ENFILE, ENOSPC, EDQUOT, ENOMEM, EAGAIN};
  Code code = Code::permanent;
  for (const int passing : kPassing) {
    if (error_number == passing) code = Code::temporary;
  }
  return {code, 0, what + ": " + std::generic_category().message(error_number)};
}

/// Makes the file with a mode of our choice; SQLite gives its companions the same. An existing file is not even opened: closing
/// it would drop the locks that SQLite may hold on it in this process.
Result<void> make_file(const std::filesystem::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor >= 0) {
    ::close(descriptor);
    return {};
  }
  if (errno != EEXIST) return tl::unexpected(file_error(errno, "cannot make the history file"));
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(file, unknown)) return refused("the history file is no regular file");
  if (::faccessat(AT_FDCWD, file.c_str(), R_OK | W_OK, AT_EACCESS) != 0) {
    return tl::unexpected(file_error(errno, "cannot use the history file"));
  }
  return {};
}

/// The file is empty or ours, and of a schema this program knows. Reads only.
Result<std::int64_t> known_version(SqliteConnection& connection) {
  Result<std::int64_t> version = connection.query_integer("PRAGMA user_version");
  if (!version) return version;
  Result<std::int64_t> things = connection.query_integer("SELECT count(*) FROM sqlite_schema");
  if (!things) return things;
  if (*version > static_cast<std::int64_t>(kMigrations.size())) {
    return refused("the history file has schema " + std::to_string(*version) + ", made by a newer program");
  }
  if (*version < 0 || (*version == 0) != (*things == 0)) {
    return refused("the history file is a database of another program");
  }
  return version;
}

Result<void> configure(SqliteConnection& connection) {
  if (connection.is_read_only()) return refused("the history file may not be written");
  const Result<std::string> mode = connection.query_text("PRAGMA journal_mode=WAL");
  if (!mode) return tl::unexpected(mode.error());
  if (*mode != "wal") return refused("no write-ahead log is possible here");
  return connection.execute(kSettings);
}

Result<void> migrate(SqliteConnection& connection) {
  constexpr auto kNewest = static_cast<std::int64_t>(kMigrations.size());
  Result<std::int64_t> version = connection.query_integer("PRAGMA user_version");
  if (version && *version == kNewest) return {};
  Result<SqliteTransaction> transaction = SqliteTransaction::begin_writing(connection);
  if (!transaction) return tl::unexpected(transaction.error());
  // Read again under the lock: another process may have been first.
  version = known_version(connection);
  if (!version) return tl::unexpected(version.error());
  for (auto next = static_cast<std::size_t>(*version); next < kMigrations.size(); ++next) {
    if (Result<void> done = connection.execute(kMigrations[next]); !done) return done;
  }
  const std::string mark = "PRAGMA user_version=" + std::to_string(kNewest);
  if (Result<void> done = connection.execute(mark.c_str()); !done) return done;
  return transaction->commit();
}

/// Reads the whole file once.
Result<bool> is_sound(SqliteConnection& connection) {
  const Result<std::string> check = connection.query_text("PRAGMA quick_check(1)");
  if (check) return *check == "ok";
  if (connection.found_damage()) return false;
  return tl::unexpected(check.error());
}

/// How opening went: a damaged file is no error yet.
struct Opened {
  Result<SqliteConnection> connection;
  bool is_damaged = false;
};

/// Nothing is changed before the file is known to be ours and sound.
Result<void> make_ready(SqliteConnection& connection, bool& is_damaged) {
  const Result<std::int64_t> version = known_version(connection);
  if (!version) return tl::unexpected(version.error());
  const Result<bool> sound = is_sound(connection);
  if (!sound) return tl::unexpected(sound.error());
  is_damaged = !*sound;
  if (is_damaged) return refused("a check of the file found faults");
  if (Result<void> configured = configure(connection); !configured) return configured;
  return migrate(connection);
}

Opened open_once(const SqliteOptions& options) {
  if (Result<void> made = make_file(options.file); !made) return {tl::unexpected(made.error())};
  Opened opened{SqliteConnection::open(options.file, SqliteConnection::Access::read_write,
                                       std::chrono::milliseconds(options.limit_ms))};
  if (!opened.connection) return opened;
  SqliteConnection& connection = *opened.connection;
  Result<void> ready = make_ready(connection, opened.is_damaged);
  opened.is_damaged = opened.is_damaged || connection.found_damage();
  if (!ready) opened.connection = tl::unexpected(std::move(ready.error()));
  return opened;
}

/// `<file>.damaged-20261005T100000Z`, with a number behind it when that is taken.
std::filesystem::path name_for_damaged(const std::filesystem::path& file) {
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  std::array<char, 32> stamp{};
  if (gmtime_r(&now, &utc) != nullptr) std::strftime(stamp.data(), stamp.size(), "%Y%m%dT%H%M%SZ", &utc);
  const std::string name = file.string() + ".damaged-" + stamp.data();
  std::filesystem::path free = name;
  std::error_code unknown;
  for (int number = 2; std::filesystem::exists(free, unknown) && number < 1000; ++number) {
    free = name + "-" + std::to_string(number);
  }
  return free;
}

Result<std::filesystem::path> set_aside(const std::filesystem::path& file) {
  const std::filesystem::path aside = name_for_damaged(file);
  std::error_code failed;
  std::filesystem::rename(file, aside, failed);
  if (failed) return tl::unexpected(file_error(failed.value(), "cannot set the damaged history file aside"));
  // A log left behind would be replayed into the fresh file. Usually there is none.
  std::error_code absent;
  std::filesystem::rename(file.string() + "-wal", aside.string() + "-wal", absent);
  std::filesystem::remove(file.string() + "-shm", absent);
  return aside;
}

}  // namespace

Result<SqliteConnection> open_history_file(const SqliteOptions& options, std::string* notice) {
  Opened opened = open_once(options);
  if (!opened.is_damaged) return std::move(opened.connection);
  const std::string damage = opened.connection.error().detail;
  const Result<std::filesystem::path> aside = set_aside(options.file);
  if (!aside) return tl::unexpected(aside.error());
  if (notice != nullptr) {
    *notice = "history file damaged (" + damage + "), set aside as " + aside->string() + ", begun afresh";
  }
  return open_once(options).connection;
}

}  // namespace coldpitch
