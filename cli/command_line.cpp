// SPDX-License-Identifier: MIT
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <string>

#include "milter/version.h"

namespace coldpitch {

std::unique_ptr<CLI::App> make_command_line(int& status) {
  auto app = std::make_unique<CLI::App>(
      "coldpitch: finds unsolicited sales pitches and says which clause they break, and with which words.");
  app->set_version_flag("--version", std::string("coldpitch ") + kVersion, "print the version and exit");
  app->set_help_flag("-h,--help", "print this help and exit");
  app->require_subcommand(1);
  // In the order of --help.
  add_check(*app, status);
  add_explain(*app, status);
  add_config(*app, status);
  add_policy(*app, status);
  add_replay(*app, status);
  add_setup(*app, status);
  add_status(*app, status);
  add_reload(*app, status);
  add_report(*app, status);
  add_digest(*app, status);
  add_probe(*app, status);
  add_train(*app, status);
  add_learn(*app, status);
  add_history(*app, status);
  return app;
}

}  // namespace coldpitch
