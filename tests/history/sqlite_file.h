// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "history/sqlite_connection.h"
#include "history/store.h"
#include "tests/support/catch.h"

namespace coldpitch::test {

inline Event pitch(std::int64_t second) {
  Event event;
  event.time = TimePoint(std::chrono::seconds(second));
  event.user = "0123456789abcdef0123456789abcdef";
  event.person = "11111111111111111111111111111111";
  event.verdict = "pitch";
  return event;
}

inline ContactQuestion about_all() {
  ContactQuestion question;
  question.users = {pitch(0).user};
  question.person = pitch(0).person;
  question.as_of = TimePoint::max();
  return question;
}

/// With a limit that no busy machine reaches.
inline SqliteOptions patient(const std::filesystem::path& file) { return {file, 20'000}; }

inline std::unique_ptr<Store> open(const SqliteOptions& options, std::string* notice = nullptr) {
  auto store = open_sqlite_store(options, notice);
  if (!store) UNSCOPED_INFO(store.error().detail);
  REQUIRE(store.has_value());
  return std::move(*store);
}

inline SqliteConnection connect(const std::filesystem::path& file) {
  auto connection =
      SqliteConnection::open(file, SqliteConnection::Access::read_write, std::chrono::seconds(1));
  REQUIRE(connection.has_value());
  return std::move(*connection);
}

inline void write(const std::filesystem::path& file, const std::string& octets) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << octets;
}

}  // namespace coldpitch::test
