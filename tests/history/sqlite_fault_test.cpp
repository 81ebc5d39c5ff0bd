// SPDX-License-Identifier: MIT
// A crash in the middle of writing, and a full disk.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <string>

#include "history/store.h"
#include "tests/history/process.h"
#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;
namespace fs = std::filesystem;

namespace {

constexpr unsigned kPatience = 20'000;  ///< a limit that no busy machine reaches

std::size_t remembered(Store& store) {
  const Result<std::vector<ContactFacts>> facts = store.ask(about(kJane));
  return facts ? facts->front().inbound : 0;
}

void limit_files(rlim_t octets) {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = octets;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

/// What a store does on a disk that gets full, and is emptied again. 0 when all is as it should be, else where it was not.
int fill_disk(const fs::path& file) {
  ::signal(SIGXFSZ, SIG_IGN);
  auto store = open_sqlite_store({file, kPatience});
  if (!store) return 1;
  limit_files(200'000);
  int recorded = 0;
  Result<void> flushed;
  while (flushed && recorded < 9000) {
    for (int i = 0; i < 100; ++i) {
      if (!(*store)->record(inbound(recorded++))) return 2;
    }
    flushed = (*store)->flush();
  }
  if (flushed || flushed.error().code != Code::temporary) return 3;
  const QueueState state = (*store)->queue();
  if (!state.is_failing || state.failures == 0 || state.waiting == 0) return 4;
  // What is there answers, and what comes waits.
  if (remembered(**store) == 0 || !(*store)->record(inbound(recorded++))) return 5;
  limit_files(RLIM_INFINITY);
  for (int i = 0; i < 100 && !flushed; ++i) flushed = (*store)->flush();
  if (!flushed || (*store)->queue().is_failing) return 6;
  return remembered(**store) == static_cast<std::size_t>(recorded) ? 0 : 7;
}

}  // namespace

TEST_CASE("kill -9 in the middle of 10,000 writes loses nothing that was confirmed", "[history]") {
  constexpr int kEvents = 10'000;
  constexpr std::size_t kGroup = 100;
  const TemporaryFolder folder;
  int confirmations[2] = {-1, -1};
  REQUIRE(::pipe2(confirmations, O_CLOEXEC) == 0);
  const pid_t writer = ::fork();
  REQUIRE(writer >= 0);
  if (writer == 0) {
    auto store = open_sqlite_store({folder / "history.db", kPatience});
    for (int i = 0; store && i < kEvents; ++i) {
      if (!(*store)->record(inbound(i, "pitch"))) break;
      if ((i + 1) % static_cast<int>(kGroup) != 0) continue;
      if (!(*store)->flush() || ::write(confirmations[1], ".", 1) != 1) break;
    }
    ::pause();
    ::_exit(1);
  }
  ::close(confirmations[1]);
  char confirmation = 0;
  std::size_t confirmed = 0;
  while (confirmed < kEvents / 2 && ::read(confirmations[0], &confirmation, 1) == 1) confirmed += kGroup;
  ::kill(writer, SIGKILL);
  // Confirmations sent between the last read and the kill count as well.
  while (::read(confirmations[0], &confirmation, 1) == 1) confirmed += kGroup;
  ::close(confirmations[0]);
  int status = 0;
  REQUIRE(::waitpid(writer, &status, 0) == writer);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(confirmed >= kEvents / 2);

  std::string notice;
  const auto store = open_sqlite_store({folder / "history.db", kPatience}, &notice);
  REQUIRE(store.has_value());
  CHECK(notice.empty());
  CHECK(remembered(**store) >= confirmed);
  CHECK((*store)->record(inbound(kEvents)).has_value());
  CHECK((*store)->flush().has_value());
}

TEST_CASE("a full disk keeps what is there, and what waits is written when there is room", "[history]") {
  const TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms(0777));
  CHECK(run_unprivileged([&] { return fill_disk(folder / "history.db"); }) == 0);
  const auto store = open_sqlite_store({folder / "history.db", kPatience});
  REQUIRE(store.has_value());
  CHECK(remembered(**store) > 0);
}
