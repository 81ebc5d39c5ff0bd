// SPDX-License-Identifier: MIT
#include "cli/policy_commands.h"

#include <iostream>
#include <memory>

#include "cli/check.h"
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

}  // namespace coldpitch
