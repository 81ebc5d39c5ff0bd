// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <memory>

#include "milter/daemon.h"
#include "milter/daemon_command_line.h"

int main(int argc, char** argv) {
  try {
    coldpitch::DaemonOptions options;
    const std::unique_ptr<CLI::App> app = coldpitch::make_daemon_command_line(options);
    CLI11_PARSE(*app, argc, argv);
    return coldpitch::run_daemon(options);
  } catch (const std::exception& fault) {
    std::fprintf(stderr, "coldpitch-milter: %s\n", fault.what());
    return 1;
  }
}
