// SPDX-License-Identifier: MIT
#include "cli/policy_commands.h"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "milter/result_fields.h"
#include "milter/snapshot.h"

namespace coldpitch {
namespace {

/// The snapshot, or nullptr; what there is to say about it goes to standard error.
std::shared_ptr<const Snapshot> load_and_tell(const std::string& config_file) {
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Snapshot> snapshot = load_snapshot(config_file, diagnostics);
  std::cerr << format(diagnostics);
  return snapshot;
}

}  // namespace

int run_config_check(const std::string& config_file) {
  const std::shared_ptr<const Snapshot> snapshot = load_and_tell(config_file);
  if (snapshot == nullptr) return kExitUsage;
  std::cout << (snapshot->config.file.empty() ? "built-in defaults" : snapshot->config.file) << ": ok\n";
  for (const std::string& file : snapshot->policy_files) std::cout << file << ": ok\n";
  if (snapshot->text_model) std::cout << snapshot->text_model_file << ": ok\n";
  return kExitDone;
}

int run_list_rules(const std::string& config_file) {
  const std::shared_ptr<const Snapshot> snapshot = load_and_tell(config_file);
  if (snapshot == nullptr) return kExitUsage;
  for (const Policy& policy : snapshot->engine->policies()) {
    for (const Rule& rule : policy.rules) {
      std::cout << policy.id << '\t' << rule.clause << '\t' << rule.group << '\t' << format_score(rule.weight)
                << '\t' << rule.id << (rule.shadow ? " (shadow)" : "") << '\t' << rule.reason << '\n';
    }
  }
  return kExitDone;
}

int run_policy_test(const std::string& config_file) {
  // Loading runs every example; one that fails is an error at its rule.
  const std::shared_ptr<const Snapshot> snapshot = load_and_tell(config_file);
  if (snapshot == nullptr) return kExitFound;
  std::size_t rules = 0;
  std::size_t examples = 0;
  for (const Policy& policy : snapshot->engine->policies()) {
    for (const Rule& rule : policy.rules) {
      ++rules;
      examples += rule.examples_hit.size() + rule.examples_miss.size();
    }
  }
  std::cout << rules << " rules, " << examples << " examples, all as written\n";
  return kExitDone;
}

void add_config(CLI::App& app, int& status) {
  const auto config_file = std::make_shared<std::string>();
  CLI::App* config = app.add_subcommand("config", "Check and show the configuration");
  config->require_subcommand(1);
  CLI::App* check =
      config->add_subcommand("check", "Load configuration and policies, and say all that is wrong");
  check->add_option("-c,--config", *config_file, kConfigHelp)->type_name("FILE");
  check->callback([config_file, &status] { status = run_config_check(*config_file); });
  CLI::App* list =
      config->add_subcommand("list-rules", "List every rule: policy, clause, group, weight, id, reason");
  list->add_option("-c,--config", *config_file, kConfigHelp)->type_name("FILE");
  list->callback([config_file, &status] { status = run_list_rules(*config_file); });
}

void add_policy(CLI::App& app, int& status) {
  const auto config_file = std::make_shared<std::string>();
  CLI::App* policy = app.add_subcommand("policy", "Work with policies");
  policy->require_subcommand(1);
  CLI::App* test = policy->add_subcommand("test", "Run the examples inside the rules");
  test->add_option("-c,--config", *config_file, kConfigHelp)->type_name("FILE");
  test->callback([config_file, &status] { status = run_policy_test(*config_file); });
}

}  // namespace coldpitch
