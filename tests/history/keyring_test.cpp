// SPDX-License-Identifier: MIT
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <latch>
#include <numeric>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "history/identity.h"
#include "tests/history/process.h"
#include "tests/history/temporary_folder.h"
#include "tests/support/catch.h"

using namespace coldpitch;
namespace fs = std::filesystem;

namespace {

/// The secret 00 01 02 ... 1f.
Keyring counting_keyring() {
  std::array<std::uint8_t, Keyring::kSecretOctets> secret{};
  std::iota(secret.begin(), secret.end(), std::uint8_t{0});
  return Keyring(secret);
}

void write(const fs::path& file, const std::string& octets, fs::perms permissions = fs::perms(0600)) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << octets;
  fs::permissions(file, permissions);
}

std::string contents(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("keys are the first half of HMAC-SHA-256, in hexadecimal", "[history]") {
  // Made with Python's hmac module.
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"mail:jane@example.org", "a6a651f9b0f8c6581186efc33b2bac5b"},
      {"org:example.org", "88215ebb504ab0623b05c17d9183f19a"},
      {std::string(1, '\0'), "e711546e3faad4c7c4aa756bc26cad6a"},
      {std::string(100'000, 'a'), "4f224e91da59a95ebba87f33e88ea4b0"},
      {"", ""},
  };
  const Keyring keyring = counting_keyring();
  for (const auto& [identity, key] : rows) CHECK(keyring.key(identity) == key);
}

TEST_CASE("what one secret keyed last changes no key of another", "[history]") {
  const Keyring zeros(std::array<std::uint8_t, Keyring::kSecretOctets>{});
  const Keyring counting = counting_keyring();
  const std::string of_zeros = zeros.key("org:example.org");
  for (int round = 0; round < 3; ++round) {
    CHECK(counting.key("org:example.org") == "88215ebb504ab0623b05c17d9183f19a");
    CHECK(counting.key("mail:jane@example.org") == "a6a651f9b0f8c6581186efc33b2bac5b");
    CHECK(zeros.key("org:example.org") == of_zeros);
  }
  std::string elsewhere;
  std::thread([&] { elsewhere = counting.key("org:example.org"); }).join();
  CHECK(elsewhere == "88215ebb504ab0623b05c17d9183f19a");
}

TEST_CASE("another secret gives other keys", "[history]") {
  const Keyring zeros(std::array<std::uint8_t, Keyring::kSecretOctets>{});
  CHECK(zeros.key("org:example.org").size() == 32);
  CHECK(zeros.key("org:example.org") != counting_keyring().key("org:example.org"));
}

TEST_CASE("a secret that stands in the file is used", "[history]") {
  const TemporaryFolder folder;
  std::string octets(Keyring::kSecretOctets, '\0');
  std::iota(octets.begin(), octets.end(), '\0');
  for (const fs::perms permissions : {fs::perms(0600), fs::perms(0400)}) {
    write(folder / "secret", octets, permissions);
    const Result<Keyring> keyring = Keyring::open(folder / "secret");
    REQUIRE(keyring.has_value());
    CHECK(keyring->key("org:example.org") == "88215ebb504ab0623b05c17d9183f19a");
    CHECK(contents(folder / "secret") == octets);
  }
}

TEST_CASE("an absent secret is made, for its owner only, and stays", "[history]") {
  const TemporaryFolder folder;
  for (const mode_t mask : {mode_t{0}, mode_t{0777}}) {
    const fs::path file = folder / ("secret" + std::to_string(mask));
    const mode_t before = ::umask(mask);
    const Result<Keyring> first = Keyring::open(file);
    ::umask(before);
    REQUIRE(first.has_value());
    CHECK((fs::status(file).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(fs::file_size(file) == Keyring::kSecretOctets);
    const Result<Keyring> second = Keyring::open(file);
    REQUIRE(second.has_value());
    CHECK(second->key("x") == first->key("x"));
  }
  CHECK(files_in(folder.path()) == 2);
  CHECK(contents(folder / "secret0") != contents(folder / "secret511"));
}

TEST_CASE("a secret beside the working directory's files is made", "[history]") {
  const TemporaryFolder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  const bool opened = Keyring::open("secret").has_value();
  fs::current_path(before);
  CHECK(opened);
  CHECK(fs::file_size(folder / "secret") == Keyring::kSecretOctets);
}

TEST_CASE("all who make the secret at once get the same one", "[history]") {
  constexpr std::size_t kThreads = 8;
  for (int round = 0; round < 20; ++round) {
    const TemporaryFolder folder;
    std::latch start(kThreads);
    std::vector<std::string> keys(kThreads);
    std::vector<std::thread> threads;
    for (std::string& key : keys) {
      threads.emplace_back([&] {
        start.arrive_and_wait();
        const Result<Keyring> keyring = Keyring::open(folder / "secret");
        key = keyring ? keyring->key("x") : keyring.error().detail;
      });
    }
    for (std::thread& thread : threads) thread.join();
    const Result<Keyring> last = Keyring::open(folder / "secret");
    REQUIRE(last.has_value());
    CHECK(std::set<std::string>(keys.begin(), keys.end()) == std::set<std::string>{last->key("x")});
    CHECK(files_in(folder.path()) == 1);
  }
}

TEST_CASE("a secret of the wrong kind is refused and left alone", "[history]") {
  struct Row {
    const char* name;
    std::size_t octets;
    unsigned mode;
    const char* why;
  };
  const std::vector<Row> rows = {
      {"empty", 0, 0600, "not 32 octets long"},
      {"too short", 31, 0600, "not 32 octets long"},
      {"too long", 33, 0600, "not 32 octets long"},
      {"readable by the group", 32, 0640, "permissions wider than 0600"},
      {"readable by others", 32, 0604, "permissions wider than 0600"},
      {"writable by the group", 32, 0620, "permissions wider than 0600"},
      {"writable by others", 32, 0602, "permissions wider than 0600"},
  };
  const TemporaryFolder folder;
  const fs::path file = folder / "secret";
  for (const Row& row : rows) {
    INFO(row.name);
    const std::string octets(row.octets, 's');
    write(file, octets, fs::perms(row.mode));
    const Result<Keyring> keyring = Keyring::open(file);
    REQUIRE_FALSE(keyring.has_value());
    CHECK(keyring.error() == Error{Code::permanent, 0, "secret " + file.string() + ": " + row.why});
    CHECK(contents(file) == octets);
  }
}

TEST_CASE("what is no file is no secret", "[history]") {
  const TemporaryFolder folder;
  REQUIRE(::mkfifo((folder / "pipe").c_str(), 0600) == 0);
  for (const fs::path& file : {folder / "pipe", folder.path()}) {
    const Result<Keyring> keyring = Keyring::open(file);
    REQUIRE_FALSE(keyring.has_value());
    CHECK(keyring.error() == Error{Code::permanent, 0, "secret " + file.string() + ": no regular file"});
  }
}

TEST_CASE("a secret that cannot be read or made is a temporary error", "[history]") {
  const TemporaryFolder folder;
  const Result<Keyring> keyring = Keyring::open(folder / "absent/secret");
  REQUIRE_FALSE(keyring.has_value());
  CHECK(keyring.error().code == Code::temporary);
  CHECK_THAT(keyring.error().detail, ContainsSubstring("No such file or directory"));

  write(folder / "secret", std::string(Keyring::kSecretOctets, 's'), fs::perms(0));
  fs::permissions(folder.path(), fs::perms(0555));
  const auto is_temporary = [&](const char* name) {
    return run_unprivileged([&] {
             const Result<Keyring> unreadable = Keyring::open(folder / name);
             return !unreadable && unreadable.error().code == Code::temporary ? 0 : 1;
           }) == 0;
  };
  CHECK(is_temporary("secret"));
  CHECK(is_temporary("fresh"));
  fs::permissions(folder.path(), fs::perms(0700));
  CHECK(files_in(folder.path()) == 1);
}
