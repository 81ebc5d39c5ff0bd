// SPDX-License-Identifier: MIT
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/history/temporary_folder.h"

namespace coldpitch::test {

/// A PostgreSQL server of our own: private folder, Unix socket and a free loopback port, gone with the object. As an unprivileged user where the
/// test runs as root, since the server refuses root. std::runtime_error when it cannot be had; each step is bounded in time.
class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  void start();
  /// At once, as a power cut would.
  void kill();
  /// Stops answering, or goes on.
  void freeze() { signal_all(SIGSTOP); }
  void thaw() { signal_all(SIGCONT); }

  /// Over the Unix socket, or TCP. `schema` is where tables are made and looked for.
  [[nodiscard]] std::string socket_uri(const std::string& schema) const;
  [[nodiscard]] std::string tcp_uri(const std::string& schema) const;
  /// A schema nobody has used; it is made.
  [[nodiscard]] std::string fresh_schema();
  /// First column of the first row.
  std::string query(const std::string& schema, const std::string& sql) const;

 private:
  void run(const std::vector<std::string>& command);
  void signal_all(int signal) const;

  TemporaryFolder folder_;
  int port_ = 0;
  int schemas_ = 0;
  pid_t process_ = -1;
};

}  // namespace coldpitch::test
