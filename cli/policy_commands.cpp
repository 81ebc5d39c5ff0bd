// SPDX-License-Identifier: MIT
#include "cli/policy_commands.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/config_show.h"
#include "cli/schema_markdown.h"
#include "milter/result_fields.h"
#include "milter/snapshot.h"
#include "policies/examples.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

Json place_json(const SourceLocation& location) {
  Json json{{"file", location.file}};
  if (location.line != 0) json["line"] = location.line;
  if (location.column != 0) json["column"] = location.column;
  return json;
}

Json diagnostics_json(const std::vector<Diagnostic>& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& diagnostic : diagnostics) {
    Json item = place_json(diagnostic.location);
    item["severity"] = diagnostic.severity == Diagnostic::Severity::error ? "error" : "warning";
    item["message"] = diagnostic.message;
    list.push_back(std::move(item));
  }
  return list;
}

void print(const Json& json) {
  std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

/// "3 errors, 1 warning"
std::string counted(const std::vector<Diagnostic>& diagnostics) {
  const auto errors = std::count_if(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& one) {
    return one.severity == Diagnostic::Severity::error;
  });
  const auto warnings = static_cast<std::ptrdiff_t>(diagnostics.size()) - errors;
  std::string text;
  if (errors > 0) text += std::to_string(errors) + (errors == 1 ? " error" : " errors");
  if (warnings > 0) {
    text +=
        (text.empty() ? "" : ", ") + std::to_string(warnings) + (warnings == 1 ? " warning" : " warnings");
  }
  return text;
}

/// The snapshot, or nullptr; what there is to say about it goes to standard error.
std::shared_ptr<const Snapshot> load_and_tell(const std::string& config_file,
                                              std::vector<ExampleResult>* examples = nullptr) {
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Snapshot> snapshot = load_snapshot(config_file, diagnostics, examples);
  std::cerr << format(diagnostics);
  return snapshot;
}

std::vector<std::string> files_of(const Snapshot& snapshot) {
  std::vector<std::string> files = snapshot.config.files;
  files.insert(files.end(), snapshot.policy_files.begin(), snapshot.policy_files.end());
  if (snapshot.text_model) files.push_back(snapshot.text_model_file);
  return files;
}

Json rule_json(const Policy& policy, const Rule& rule) {
  Json json{{"policy", policy.id},
            {"clause", rule.clause},
            {"group", rule.group},
            {"weight", rule.weight},
            {"id", rule.id},
            {"reason", rule.reason},
            {"shadow", rule.shadow},
            {"language", rule.languages},
            {"channels", rule.channels},
            {"examples", rule.examples_hit.size() + rule.examples_miss.size()}};
  if (!rule.offer.empty()) json["offer"] = rule.offer;
  json.update(place_json(rule.location));
  return json;
}

Json example_json(const ExampleResult& result) {
  Json json{{"policy", result.policy},
            {"rule", result.rule},
            {"text", result.text},
            {"expected", result.expected ? "hit" : "miss"},
            {"as_written", result.holds == result.expected}};
  json.update(place_json(result.location));
  return json;
}

}  // namespace

int run_config_check(const std::string& config_file, bool json) {
  std::vector<Diagnostic> diagnostics;
  const std::shared_ptr<const Snapshot> snapshot = load_snapshot(config_file, diagnostics);
  if (json) {
    print({{"ok", snapshot != nullptr},
           {"files", snapshot == nullptr ? std::vector<std::string>{} : files_of(*snapshot)},
           {"diagnostics", diagnostics_json(diagnostics)}});
  } else {
    std::cerr << format(diagnostics);
    if (!diagnostics.empty()) std::cerr << "coldpitch: " << counted(diagnostics) << '\n';
    if (snapshot != nullptr && snapshot->config.files.empty()) std::cout << "built-in defaults: ok\n";
    if (snapshot != nullptr) {
      for (const std::string& file : files_of(*snapshot)) std::cout << file << ": ok\n";
    }
  }
  return snapshot == nullptr ? kExitUsage : kExitDone;
}

int run_list_rules(const std::string& config_file, bool json) {
  const std::shared_ptr<const Snapshot> snapshot = load_and_tell(config_file);
  if (snapshot == nullptr) return kExitUsage;
  Json list = Json::array();
  for (const Policy& policy : snapshot->engine->policies()) {
    for (const Rule& rule : policy.rules) {
      if (json) {
        list.push_back(rule_json(policy, rule));
        continue;
      }
      std::cout << policy.id << '\t' << rule.clause << '\t' << rule.group << '\t' << format_score(rule.weight)
                << '\t' << rule.id << (rule.shadow ? " (shadow)" : "") << '\t' << rule.reason << '\n';
    }
  }
  if (json) print(list);
  return kExitDone;
}

int run_config_schema(FileKind kind, bool markdown) {
  std::cout << (markdown ? markdown_reference(kind) : json_schema(kind));
  return kExitDone;
}

int run_policy_test(const std::string& config_file, bool json) {
  std::vector<ExampleResult> results;
  const std::shared_ptr<const Snapshot> snapshot = load_and_tell(config_file, &results);
  if (snapshot == nullptr) return kExitUsage;
  std::vector<Diagnostic> failures;
  report_examples(results, failures);
  add_lines(failures);
  if (json) {
    Json list = Json::array();
    for (const ExampleResult& result : results) list.push_back(example_json(result));
    print(list);
  } else {
    std::size_t rules = 0;
    for (const Policy& policy : snapshot->engine->policies()) rules += policy.rules.size();
    std::cout << format(failures) << rules << " rules, " << results.size() << " examples, "
              << (failures.empty() ? "all as written" : std::to_string(failures.size()) + " not as written")
              << '\n';
  }
  return failures.empty() ? kExitDone : kExitFound;
}

namespace {

/// The options of a command that loads a configuration.
struct Options {
  std::string config_file;
  bool json = false;
};

CLI::App* add_loading(CLI::App& parent, const char* name, const char* help, int& status,
                      int (*run)(const std::string&, bool)) {
  const auto options = std::make_shared<Options>();
  CLI::App* command = parent.add_subcommand(name, help);
  command->add_option("-c,--config", options->config_file, kConfigHelp)->type_name("FILE");
  command->add_flag("--json", options->json, "JSON, for programs");
  command->callback([options, run, &status] { status = run(options->config_file, options->json); });
  return command;
}

void add_schema(CLI::App& config, int& status) {
  struct SchemaOptions {
    std::string kind = "configuration";
    bool markdown = false;
  };
  static const std::map<std::string, FileKind> kKinds{
      {"configuration", FileKind::configuration}, {"policy", FileKind::policy}, {"rules", FileKind::rules}};
  const auto options = std::make_shared<SchemaOptions>();
  CLI::App* schema = config.add_subcommand("schema", "Print the JSON Schema of a kind of file, for editors");
  schema
      ->add_option("kind", options->kind,
                   "configuration (the default), policy, or rules (what policies include)")
      ->check(CLI::IsMember(std::vector<std::string>{"configuration", "policy", "rules"}))
      ->type_name("KIND");
  schema->add_flag("--markdown", options->markdown, "tables for people, as docs/ has them");
  schema->footer(
      "An editor that uses YAML's language server takes it in by a first line of the file such as\n"
      "# yaml-language-server: $schema=coldpitch-policy.schema.json\n");
  schema->callback(
      [options, &status] { status = run_config_schema(kKinds.at(options->kind), options->markdown); });
}

}  // namespace

void add_config(CLI::App& app, int& status) {
  CLI::App* config = app.add_subcommand("config", "Check and show the configuration");
  config->require_subcommand(1);
  add_loading(*config, "check", "Load configuration and policies, and say all that is wrong", status,
              run_config_check)
      ->footer("Exit status: 0 all is well (there may be warnings), 2 the daemon would refuse it.");
  add_loading(*config, "show", "Show every setting, with the file and line it comes from", status,
              run_config_show)
      ->footer(
          "Secrets are hidden. A later file's value is shown with the places it took the place of. Of each "
          "policy, thresholds\n"
          "and terms are shown, and what a site's file says otherwise than the one it is laid over.");
  add_schema(*config, status);
  add_loading(*config, "list-rules", "List every rule: policy, clause, group, weight, id, reason", status,
              run_list_rules);
}

void add_policy(CLI::App& app, int& status) {
  CLI::App* policy = app.add_subcommand("policy", "Work with policies");
  policy->require_subcommand(1);
  add_loading(*policy, "test", "Run the examples inside the rules", status, run_policy_test)
      ->footer(
          "Exit status: 0 all do what they say, 1 some do not, 2 the configuration or a policy cannot be "
          "loaded.");
}

}  // namespace coldpitch
