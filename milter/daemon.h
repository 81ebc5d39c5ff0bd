// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace coldpitch {

struct DaemonOptions {
  std::string config_file;  ///< "" for the default one
  bool allow_root = false;
};

/// Runs the milter until SIGTERM or SIGINT, in the foreground. Returns the exit status: 0 stopped, 1 could not run, 2 bad configuration.
///
/// SIGHUP and SIGUSR1 re-read the configuration; a bad one keeps the old. SIGTERM takes no new mail, waits for what is in flight (at most
/// `drain`), writes history out and ends. Ready is told to systemd once the socket can be connected to.
[[nodiscard]] int run_daemon(const DaemonOptions& options);

}  // namespace coldpitch
