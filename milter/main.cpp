// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "milter/daemon.h"
#include "milter/version.h"

int main(int argc, char** argv) {
  try {
    coldpitch::DaemonOptions options;
    CLI::App app{
        "coldpitch-milter: finds unsolicited sales pitches in the mail of a Postfix or Sendmail server.\n"
        "Runs in the foreground and logs to standard error. SIGHUP re-reads the configuration, SIGTERM\n"
        "finishes the mail in flight and stops."};
    app.add_option("-c,--config", options.config_file,
                   "configuration file (default: /etc/coldpitch/coldpitch.yaml)");
    app.add_flag("--allow-root", options.allow_root, "run even as root (for containers)");
    app.set_version_flag("--version", std::string("coldpitch-milter ") + coldpitch::kVersion);
    CLI11_PARSE(app, argc, argv);
    return coldpitch::run_daemon(options);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "coldpitch-milter: %s\n", fault.what());
    return 1;
  }
}
