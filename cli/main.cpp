// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cli/command_line.h"
#include "policies/diagnostic.h"

namespace {

/// The command that was reached, and how it was called: "coldpitch config".
std::pair<const CLI::App*, std::string> reached(const CLI::App* app) {
  std::string name = "coldpitch";
  while (!app->get_subcommands().empty()) {
    app = app->get_subcommands().front();
    name += ' ' + app->get_name();
  }
  return {app, name};
}

/// What `word` may have been meant for.
std::string meant(const CLI::App& command, const std::string& word) {
  std::vector<std::string> known;
  if (word.starts_with('-')) {
    for (const CLI::Option* option : command.get_options()) {
      for (const std::string& name : option->get_lnames()) known.push_back("--" + name);
    }
  } else {
    for (const CLI::App* one : command.get_subcommands([](const CLI::App*) { return true; }))
      known.push_back(one->get_name());
  }
  return coldpitch::suggestion(word, {known.begin(), known.end()});
}

std::string complaint(const CLI::App* app, const CLI::Error& error) {
  const auto [command, name] = reached(app);
  const std::vector<std::string> words = app->remaining(/*recurse=*/true);
  std::string what = error.what();
  if (!words.empty()) {
    const std::string& word = words.front();
    const bool is_command = !word.starts_with('-') && command->get_require_subcommand_min() > 0;
    what = (word.starts_with('-') ? "unknown option "
            : is_command          ? "unknown command "
                                  : "unexpected argument ") +
           coldpitch::quote(word) + meant(*command, word);
  }
  return "coldpitch: " + what + "\nRun '" + name + " --help' for more information.\n";
}

int run(int argc, char** argv) {
  int status = coldpitch::kExitDone;
  const std::unique_ptr<CLI::App> app = coldpitch::make_command_line(status);
  app->failure_message(complaint);
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
