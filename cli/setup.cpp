// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/setup_files.h"
#include "cli/setup_plan.h"

namespace coldpitch {
namespace {

using Planner = Result<SetupPlan> (*)(const SetupOptions&);

int complain(const Error& error) {
  std::cerr << "coldpitch: " << error.detail << '\n';
  return kExitFound;
}

void print_lines(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  std::cout << '\n' << title << '\n';
  for (const std::string& line : lines) std::cout << "  " << line << '\n';
}

int run_setup(const std::string& program, Planner planner, const SetupOptions& options) {
  if (options.undo) {
    const Result<std::string> done = undo(program, options);
    if (!done) return complain(done.error());
    std::cout << *done;
    return kExitDone;
  }
  const Result<SetupPlan> plan = planner(options);
  if (!plan) return complain(plan.error());
  const Result<std::string> changes = shown(*plan);
  if (!changes) return complain(changes.error());
  if (changes->empty()) {
    std::cout << "Nothing to change: " << program << " is set up for coldpitch.\n";
    print_lines("Note:", plan->notes);
    return kExitDone;
  }
  std::cout << *changes;
  print_lines("Note:", plan->notes);
  if (!options.apply) {
    std::cout << "\nNothing was changed. The same with --apply does it; --undo takes it back.\n";
    return kExitDone;
  }
  if (auto applied = apply(*plan, options); !applied) return complain(applied.error());
  std::cout << "\nChanged. `coldpitch setup " << program << " --undo` takes it back.\n";
  print_lines("Now run:", plan->next);
  return kExitDone;
}

void add_program(CLI::App& setup, const std::string& program, const std::string& folder, Planner planner,
                 int& status) {
  const auto options = std::make_shared<SetupOptions>();
  CLI::App* command = setup.add_subcommand(program, "Hook coldpitch into the configuration of " + program);
  command->footer(
      "Shows what is to be changed, as a diff, and changes nothing without --apply. Exit status: 0 done or "
      "shown,\n"
      "1 it cannot be done (and why), 2 bad usage.");
  CLI::Option* apply =
      command->add_flag("--apply", options->apply, "change the files; what was there is kept");
  command->add_flag("--undo", options->undo, "take back what --apply did")->excludes(apply);
  command->add_option("--config-dir", options->config_dir,
                      "folder of its configuration (default: " + folder + ")");
  command->add_option("--root", options->root, "take all paths below this folder");
  command->add_option("-c,--config", options->config,
                      "coldpitch's configuration file (default: /etc/coldpitch/coldpitch.yaml)");
  command->add_option("--user", options->user, "the user the milter runs as")->capture_default_str();
  command->callback([program, planner, options, &status] { status = run_setup(program, planner, *options); });
}

}  // namespace

void add_setup(CLI::App& app, int& status) {
  CLI::App* setup = app.add_subcommand("setup", "Hook coldpitch into Postfix, Sendmail or Dovecot");
  setup->require_subcommand(1);
  add_program(*setup, "postfix", "/etc/postfix", plan_postfix, status);
  add_program(*setup, "sendmail", "/etc/mail", plan_sendmail, status);
  add_program(*setup, "dovecot", "/etc/dovecot", plan_dovecot, status);
}

}  // namespace coldpitch
