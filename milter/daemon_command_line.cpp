// SPDX-License-Identifier: MIT
#include "milter/daemon_command_line.h"

#include <CLI/CLI.hpp>
#include <string>

#include "milter/version.h"

namespace coldpitch {

std::unique_ptr<CLI::App> make_daemon_command_line(DaemonOptions& options) {
  auto app = std::make_unique<CLI::App>(
      "coldpitch-milter: finds unsolicited sales pitches in the mail of a Postfix or Sendmail server.\n"
      "Runs in the foreground and logs to standard error. SIGHUP re-reads the configuration, SIGTERM\n"
      "finishes the mail in flight and stops.");
  app->add_option("-c,--config", options.config_file,
                  "configuration file (default: /etc/coldpitch/coldpitch.yaml)");
  app->add_flag("--allow-root", options.allow_root, "run even as root (for containers)");
  app->set_version_flag("--version", std::string("coldpitch-milter ") + kVersion,
                        "print the version and exit");
  app->set_help_flag("-h,--help", "print this help and exit");
  return app;
}

}  // namespace coldpitch
