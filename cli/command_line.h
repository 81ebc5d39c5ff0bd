// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace coldpitch {

/// Exit statuses of `coldpitch`, the same for every command.
enum ExitStatus : int {
  kExitDone = 0,
  kExitFound = 1,       ///< --fail-on was reached, a check did not pass
  kExitUsage = 2,       ///< bad usage or configuration
  kExitUnreadable = 3,  ///< a message could not be read; the others were judged
};

/// Text of the option every command that reads the configuration has.
inline constexpr const char* kConfigHelp =
    "configuration file (default: /etc/coldpitch/coldpitch.yaml, if there is one)";

// One function a command: it adds the subcommand with its options, and a callback that does the work and sets `status`, which must
// outlive `app`. Each stands in the file of its command.
void add_check(CLI::App& app, int& status);
void add_config(CLI::App& app, int& status);
void add_digest(CLI::App& app, int& status);
void add_explain(CLI::App& app, int& status);
void add_history(CLI::App& app, int& status);
void add_learn(CLI::App& app, int& status);
void add_policy(CLI::App& app, int& status);
void add_probe(CLI::App& app, int& status);
void add_reload(CLI::App& app, int& status);
void add_replay(CLI::App& app, int& status);
void add_setup(CLI::App& app, int& status);
void add_status(CLI::App& app, int& status);
void add_train(CLI::App& app, int& status);
void add_report(CLI::App& app, int& status);

/// The whole command line: what main() parses, and what completion and man pages are written from.
[[nodiscard]] std::unique_ptr<CLI::App> make_command_line(int& status);

}  // namespace coldpitch
