// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <memory>

#include "cli/command_line.h"

namespace {

int run(int argc, char** argv) {
  int status = coldpitch::kExitDone;
  const std::unique_ptr<CLI::App> app = coldpitch::make_command_line(status);
  try {
    app->parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app->exit(error) == 0 ? coldpitch::kExitDone : coldpitch::kExitUsage;
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& fault) {
    std::cerr << "coldpitch: " << fault.what() << '\n';
    return coldpitch::kExitUsage;
  }
}
