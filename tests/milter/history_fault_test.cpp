// SPDX-License-Identifier: MIT
// What mail meets when the contact history fails: none of it is lost or blocked, and the fault is seen.
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "history/sqlite_connection.h"
#include "milter/housekeeping.h"
#include "milter/memory.h"
#include "milter/transaction.h"
#include "parsers/header.h"
#include "tests/history/process.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"
#include "tests/support/failing_store.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using namespace std::chrono_literals;
using coldpitch::test::FailingStore;
using coldpitch::test::StoreFaults;

namespace {

constexpr TimePoint kNow{std::chrono::seconds(1'760'340'000)};

/// A daemon with a store that can fail.
struct Daemon {
  explicit Daemon(const std::string& configuration = "")
      : service(test::shipped_snapshot(configuration), std::make_unique<FailingStore>(faults),
                std::make_unique<Keyring>(std::array<std::uint8_t, 32>{}), [] { return kNow; }) {}

  std::shared_ptr<StoreFaults> faults = std::make_shared<StoreFaults>();
  Service service;
};

struct Outcome {
  Disposition disposition;
  Judgement judgement;

  [[nodiscard]] bool has_fault(const std::string& fault) const {
    return std::find(judgement.faults.begin(), judgement.faults.end(), fault) != judgement.faults.end();
  }
};

Outcome send(Service& service, const std::string& mail, const std::string& client = "192.0.2.44") {
  Envelope envelope;
  envelope.client_address = client;
  envelope.envelope_sender = "somebody@outside.example";
  envelope.known = true;
  Transaction transaction(service, envelope);
  transaction.add_recipient("<alex@example.net>");
  Problems problems;
  const HeaderBlock block = parse_header_block(mail, mail.size(), Limits{}, problems);
  for (const HeaderField& field : block.header.fields()) transaction.add_field(field.name, field.body, false);
  transaction.end_header();
  transaction.add_body(std::string_view(mail).substr(block.octets));
  const EditsPlan plan = transaction.finish("4QID");
  return {plan.disposition, *transaction.judgement()};
}

std::string colleague() {
  return test::plain_mail("Sam <sam@partner.example>", "Friday", "See you at the office.\r\n");
}

bool shows(Service& service, const std::string& line) {
  return service.metrics().text().find(line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("an error in the store makes nobody blocked") {
  Daemon daemon("profiles: [{ match: ['*'], mode: reject }]\n");
  const Outcome before = send(daemon.service, test::sample_mail("2-direct-pitch.eml"));
  daemon.faults->away = true;
  daemon.faults->full = true;
  for (int i = 0; i < 20; ++i) {
    const Outcome outcome = send(daemon.service, colleague());
    CHECK(outcome.disposition == Disposition::accept);
    CHECK(outcome.judgement.verdict().level == Level::none);
    CHECK(outcome.has_fault("history"));
    CHECK(outcome.has_fault("history-write"));
  }
  CHECK(daemon.faults->asked == 1 + 3);  // the rest passed by
  CHECK(shows(daemon.service, "coldpitch_faults_total{kind=\"history\"} 20"));
  CHECK(shows(daemon.service, "coldpitch_history_bypassed 1"));
  // The content alone is judged as it is for a stranger.
  const Outcome during = send(daemon.service, test::sample_mail("2-direct-pitch.eml"));
  CHECK(during.disposition == before.disposition);
  CHECK(during.judgement.verdict().level == before.judgement.verdict().level);
}

TEST_CASE("a slow store holds up a few messages, and not the rest") {
  Daemon daemon("history: { limit: 20 ms, failures: 2, pause: 1 min }\n");
  daemon.faults->takes = 60ms;
  for (int i = 0; i < 10; ++i) CHECK(send(daemon.service, colleague()).disposition == Disposition::accept);
  CHECK(daemon.faults->asked == 2);
}

TEST_CASE("mail waits for the history where the configuration says so, and is entered once") {
  Daemon daemon("history: { on_failure: tempfail, failures: 1, pause: 10 ms }\n");
  daemon.faults->away = true;
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = send(daemon.service, colleague());
    CHECK(outcome.disposition == Disposition::tempfail);
    CHECK(outcome.has_fault("history"));
  }
  CHECK(shows(daemon.service, "coldpitch_faults_total{kind=\"history-deferred\"} 3"));
  // Our own users' mail does not wait.
  CHECK(send(daemon.service, colleague(), "127.0.0.1").disposition == Disposition::accept);
  daemon.faults->away = false;
  Outcome outcome = send(daemon.service, colleague());
  for (int i = 0; i < 500 && outcome.disposition == Disposition::tempfail; ++i) {
    std::this_thread::sleep_for(10ms);
    outcome = send(daemon.service, colleague());
  }
  CHECK(outcome.disposition == Disposition::accept);
  CHECK(daemon.service.memory().store->stats()->events[0] == 1);
}

TEST_CASE("a history that cannot be opened is missed by every message, and adopted when it can") {
  const TemporaryFolder folder;
  const std::filesystem::path place = folder / "absent";
  const auto snapshot =
      test::shipped_snapshot("history: { path: " + (place / "history.db").string() + ", limit: 20 s }\n");
  OpenedMemory memory = open_memory(snapshot->config.history);
  CHECK(memory.store == nullptr);
  CHECK_THAT(memory.warning, ContainsSubstring("no history"));
  Service service(snapshot, std::move(memory.store), std::move(memory.keyring), [] { return kNow; });
  CHECK(service.misses_history());
  const Outcome outcome = send(service, colleague());
  CHECK(outcome.disposition == Disposition::accept);
  CHECK(outcome.has_fault("history"));
  CHECK_FALSE(reopen_history(service));
  std::filesystem::create_directory(place);
  CHECK(reopen_history(service));
  CHECK_FALSE(service.misses_history());
  CHECK_FALSE(reopen_history(service));
  CHECK_FALSE(send(service, colleague()).has_fault("history"));
  CHECK(service.memory().store->stats()->events[0] == 1);
}

namespace {

/// A daemon with a history in a folder of its own.
struct OnDisk {
  explicit OnDisk(const std::filesystem::path& folder)
      : opened(open_memory(settings(folder))),
        service(shipped(), std::move(opened.store), std::move(opened.keyring), [] { return kNow; }) {}

  /// Compiled once: it is the same for all.
  static std::shared_ptr<const Snapshot> shipped() {
    static const std::shared_ptr<const Snapshot> snapshot = test::shipped_snapshot("");
    return snapshot;
  }
  static HistorySettings settings(const std::filesystem::path& folder) {
    HistorySettings settings = shipped()->config.history;
    settings.path = folder / "history.db";
    settings.limit = 50ms;
    return settings;
  }

  OpenedMemory opened;  ///< the warning
  Service service;
};

bool flows(Service& service) {
  const Outcome outcome = send(service, colleague());
  return outcome.disposition == Disposition::accept && outcome.judgement.verdict().level == Level::none;
}

/// What is learned cannot be written, and that is counted.
bool cannot_write(Service& service) {
  return !service.memory().store->flush() &&
         service.metrics().text().find("coldpitch_faults_total{kind=\"history-write\"}") != std::string::npos;
}

}  // namespace

TEST_CASE("a history that is locked by another program lets mail flow, and is written later") {
  const TemporaryFolder folder;
  OnDisk daemon(folder.path());
  auto other = SqliteConnection::open(folder / "history.db", SqliteConnection::Access::read_write, 1s);
  REQUIRE(other.has_value());
  REQUIRE(other->execute("BEGIN IMMEDIATE").has_value());
  CHECK(flows(daemon.service));
  CHECK(cannot_write(daemon.service));
  REQUIRE(other->execute("ROLLBACK").has_value());
  CHECK((daemon.service.memory().store->flush() || daemon.service.memory().store->flush()));
  CHECK(daemon.service.memory().store->stats()->events[0] == 1);
}

TEST_CASE("a history that is removed under a running daemon lets mail flow, and the fault is seen") {
  const TemporaryFolder folder;
  OnDisk daemon(folder.path());
  CHECK(flows(daemon.service));
  REQUIRE(daemon.service.memory().store->flush().has_value());
  std::filesystem::rename(folder / "history.db", folder / "elsewhere.db");
  CHECK(flows(daemon.service));
  CHECK(cannot_write(daemon.service));
  std::filesystem::rename(folder / "elsewhere.db", folder / "history.db");
  CHECK((daemon.service.memory().store->flush() || daemon.service.memory().store->flush()));
  CHECK(daemon.service.memory().store->stats()->events[0] == 2);
}

TEST_CASE("a history that is corrupt lets mail flow, and is set aside") {
  const TemporaryFolder folder;
  std::ofstream(folder / "history.db") << std::string(9000, 'x');
  OnDisk daemon(folder.path());
  CHECK_THAT(daemon.opened.warning, ContainsSubstring("history file damaged"));
  CHECK(flows(daemon.service));
  CHECK(daemon.service.memory().store->flush().has_value());
}

TEST_CASE("a history on a full disk lets mail flow, and the fault is seen") {
  const TemporaryFolder folder;
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0777));
  CHECK(0 == run_unprivileged([&] {
          ::signal(SIGXFSZ, SIG_IGN);
          OnDisk daemon(folder.path());
          rlimit limit{};
          ::getrlimit(RLIMIT_FSIZE, &limit);
          limit.rlim_cur = 1000;
          ::setrlimit(RLIMIT_FSIZE, &limit);
          if (!flows(daemon.service)) return 1;
          if (!cannot_write(daemon.service)) return 2;
          if (!flows(daemon.service)) return 3;
          limit.rlim_cur = limit.rlim_max;
          ::setrlimit(RLIMIT_FSIZE, &limit);
          Store& store = *daemon.service.memory().store;
          if (!store.flush() && !store.flush()) return 4;
          return store.stats()->events[0] == 2 ? 0 : 5;
        }));
}

TEST_CASE("a history that may not be written lets mail flow, and the fault is seen") {
  const TemporaryFolder folder;
  { const OnDisk before(folder.path()); }
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(folder / "history.db", std::filesystem::perms(0444));
  if (::geteuid() == 0) REQUIRE(::chown((folder / "history.db.secret").c_str(), 65534, 65534) == 0);
  CHECK(0 == run_unprivileged([&] {
          OnDisk daemon(folder.path());
          if (daemon.opened.warning.find("cannot use the history file: Permission denied") ==
              std::string::npos)
            return 1;
          const Outcome outcome = send(daemon.service, colleague());
          if (outcome.disposition != Disposition::accept) return 2;
          return outcome.has_fault("history") ? 0 : 3;
        }));
}
