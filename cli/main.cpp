// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

#include "cli/check.h"
#include "cli/policy_commands.h"
#include "cli/probe.h"
#include "milter/version.h"

namespace coldpitch {
namespace {

constexpr const char* kConfigHelp =
    "configuration file (default: /etc/coldpitch/coldpitch.yaml, if there is one)";

struct CheckArguments {
  CheckOptions options;
  std::string at, fail_on;
};

void add_check(CLI::App& app, CheckArguments& arguments, int& status) {
  CLI::App* command = app.add_subcommand("check", "Judge messages as the milter would");
  command->footer(
      "Paths are message files, folders, Maildirs, mbox files, or - for standard input.\n"
      "Exit status: 0 judged, 1 --fail-on was reached, 2 bad usage or configuration, 3 a message could not "
      "be\n"
      "read (the others are judged).");
  CheckOptions& options = arguments.options;
  command->add_option("path", options.paths, "what to judge")->required();
  command->add_flag("--json", options.json, "one JSON object a line");
  command->add_option("-c,--config", options.config_file, kConfigHelp);
  command
      ->add_option("--rcpt", options.recipients,
                   "envelope recipient (default: Delivered-To, else To and Cc); repeatable")
      ->allow_extra_args(false);
  command->add_option("--auth-user", options.authenticated_user,
                      "login name of the client: the mail is outbound");
  command->add_option("--at", arguments.at, "judge as of this time, such as 2026-10-05T10:00:00Z");
  command->add_option("--history", options.history,
                      "contact history to ask: none (the default) or a store's file");
  command->add_option("--fail-on", arguments.fail_on,
                      "exit with 1 when a verdict reaches suspect, pitch or repeat-pitch");
  command->callback([&arguments, &status] {
    CheckOptions& checked = arguments.options;
    if (!arguments.at.empty() && !(checked.at = parse_rfc3339(arguments.at))) {
      throw CLI::ValidationError("--at", "is no time; write 2026-10-05T10:00:00Z");
    }
    if (!arguments.fail_on.empty() && !(checked.fail_on = level_from(arguments.fail_on))) {
      throw CLI::ValidationError("--fail-on", "must be suspect, pitch or repeat-pitch");
    }
    status = run_check(checked);
  });
}

void add_probe(CLI::App& app, ProbeOptions& options, int& status) {
  CLI::App* command =
      app.add_subcommand("probe", "Play the MTA against a running milter and show what it would do");
  command->footer(
      "Nothing is delivered. Exit status: 0 answered, 1 no milter there or no answer, 3 a file could not be "
      "read.");
  options.envelope.client_address = "192.0.2.1";
  options.envelope.client_name = "probe.invalid";
  options.envelope.helo = "probe.invalid";
  options.envelope.queue_id = "PROBE";
  command->add_option("path", options.paths, "messages: files, folders, mbox, or -")->required();
  command->add_option("--connect", options.connect, "the milter's socket: unix:/path or inet:host:port")
      ->required();
  command
      ->add_option("--rcpt", options.envelope.recipients,
                   "envelope recipient (default: To and Cc); repeatable")
      ->allow_extra_args(false);
  command->add_option("--sender", options.envelope.envelope_sender,
                      "envelope sender (default: Return-Path, else From)");
  command
      ->add_option("--client-address", options.envelope.client_address,
                   "address the mail is said to come from")
      ->capture_default_str();
  command->add_option("--auth-user", options.envelope.authenticated_user, "login name of the client");
  command->add_flag("--json", options.json, "one JSON object a line");
  command->callback([&options, &status] { status = run_probe(options); });
}

void add_configuration(CLI::App& app, std::string& config_file, int& status) {
  CLI::App* config = app.add_subcommand("config", "Check and show the configuration");
  config->require_subcommand(1);
  CLI::App* check =
      config->add_subcommand("check", "Load configuration and policies, and say all that is wrong");
  check->add_option("-c,--config", config_file, kConfigHelp);
  check->callback([&] { status = run_config_check(config_file); });
  CLI::App* list =
      config->add_subcommand("list-rules", "List every rule: policy, clause, group, weight, id, reason");
  list->add_option("-c,--config", config_file, kConfigHelp);
  list->callback([&] { status = run_list_rules(config_file); });
  CLI::App* policy = app.add_subcommand("policy", "Work with policies");
  policy->require_subcommand(1);
  CLI::App* test = policy->add_subcommand("test", "Run the examples inside the rules");
  test->add_option("-c,--config", config_file, kConfigHelp);
  test->callback([&] { status = run_policy_test(config_file); });
}

int run(int argc, char** argv) {
  CLI::App app{
      "coldpitch: finds unsolicited sales pitches and says which clause they break, and with which words."};
  app.set_version_flag("--version", std::string("coldpitch ") + kVersion);
  app.require_subcommand(1);
  int status = kExitDone;
  CheckArguments check;
  ProbeOptions probe;
  std::string config_file;
  add_check(app, check, status);
  add_probe(app, probe, status);
  add_configuration(app, config_file, status);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  }
  return status;
}

}  // namespace
}  // namespace coldpitch

int main(int argc, char** argv) {
  try {
    return coldpitch::run(argc, argv);
  } catch (const std::exception& fault) {
    std::cerr << "coldpitch: " << fault.what() << '\n';
    return coldpitch::kExitUsage;
  }
}
