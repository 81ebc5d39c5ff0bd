// SPDX-License-Identifier: MIT
#include "milter/snapshot.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "policies/linkedin_knowledge_file.h"
#include "policies/policy_loader.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

/// The kinds of files that may be named without a path. Each has a folder.
constexpr std::string_view kPolicies = "policies";
constexpr std::string_view kLinkedIn = "linkedin";
constexpr std::string_view kMessages = "messages";
constexpr std::size_t kMaxPathShown = 200;

/// The shipped file or folder `name` beside the running program, or "".
fs::path shipped(std::string_view name) {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return {};
  return (program.parent_path() / ".." / "share" / "coldpitch" / name).lexically_normal();
}

std::string_view what_is_in(std::string_view folder) {
  if (folder == kPolicies) return "policy";
  return folder == kLinkedIn ? "file on LinkedIn's mail" : "file of words for people";
}

/// What could have been named.
std::vector<std::string> names_in(const std::vector<fs::path>& folders) {
  std::vector<std::string> names;
  for (const fs::path& folder : folders) {
    std::error_code error;
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      if (entry->path().extension() == ".yaml") names.push_back(entry->path().stem().string());
    }
  }
  return names;
}

/// Where the configuration names `name`.
Diagnostic place_of(const Config& config, const std::string& name) {
  const auto place = config.about_names.find(name);
  if (place != config.about_names.end()) return place->second;
  return {Diagnostic::Severity::error, {config.file.empty() ? "defaults" : config.file, 0, 0}, "", ""};
}

std::optional<std::string> find_file(std::string_view kind, const std::string& name, const Config& config,
                                     std::vector<Diagnostic>& diagnostics) {
  std::error_code error;
  std::vector<fs::path> folders;
  // Beside the default file even where that is not there: who puts a policy there means it to be read.
  folders.push_back(
      fs::absolute(config.file.empty() ? std::string(kDefaultConfigFile) : config.file).parent_path() / kind);
  folders.push_back(shipped(kind));
  const std::vector<std::string> known = names_in(folders);
  Diagnostic diagnostic = place_of(config, name);
  if (name.find('/') != std::string::npos) {
    const fs::file_status status = fs::status(name, error);
    // What else is wrong with it is said by whoever reads it.
    if (!fs::is_directory(status) && status.type() != fs::file_type::not_found) return name;
    const std::string stem = fs::path(name).stem().string();
    const bool has_name = std::find(known.begin(), known.end(), stem) != known.end();
    diagnostic.message = (fs::is_directory(status) ? "this is a folder, not a file: " : "there is no file ") +
                         quote(name, kMaxPathShown) +
                         (has_name ? " (the " + std::string(what_is_in(kind)) + " '" + stem +
                                         "' is named without folder and '.yaml')"
                                   : "");
    diagnostics.push_back(std::move(diagnostic));
    return std::nullopt;
  }
  const std::string file = name + ".yaml";
  for (const fs::path& folder : folders) {
    if (fs::is_regular_file(folder / file, error)) return (folder / file).string();
  }
  diagnostic.message = "no " + std::string(what_is_in(kind)) + " called '" + name + "' in " +
                       std::string(kind) + "/ beside the configuration or in " + shipped(kind).string() +
                       suggestion(name, {known.begin(), known.end()});
  diagnostics.push_back(std::move(diagnostic));
  return std::nullopt;
}

/// " lists, seo, software"
std::string listed(const std::set<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) text += (text.empty() ? " " : ", ") + std::string(word);
  return text;
}

/// What `site` names must be what some rule offers.
void check_offers(const Config& config, const std::vector<Policy>& policies,
                  std::vector<Diagnostic>& diagnostics) {
  std::set<std::string_view> known;
  for (const Policy& policy : policies) {
    for (const Rule& rule : policy.rules) {
      if (!rule.offer.empty()) known.insert(rule.offer);
    }
  }
  for (Diagnostic place : config.about_offers) {
    if (known.contains(place.message)) continue;
    std::string instead = suggestion(place.message, {known.begin(), known.end()});
    if (instead.empty())
      instead = known.empty() ? ": no rule has a key 'offer'" : " (there are" + listed(known) + ")";
    place.message = "no rule offers " + quote(place.message) + instead;
    diagnostics.push_back(std::move(place));
  }
}

bool asks_for(const Condition& condition, std::string_view signal) {
  if (condition.kind == Condition::Kind::signal && condition.text == signal) return true;
  return std::any_of(condition.children.begin(), condition.children.end(),
                     [&](const Condition& child) { return asks_for(child, signal); });
}

/// A blocked sender's mail is judged by rules, too: there must be some.
void check_block(const Config& config, const std::vector<Policy>& policies,
                 std::vector<Diagnostic>& diagnostics) {
  if (!config.about_block) return;
  for (const Policy& policy : policies) {
    const bool asks = std::any_of(policy.rules.begin(), policy.rules.end(), [](const Rule& rule) {
      return asks_for(rule.condition, "blocked-sender");
    });
    if (asks) continue;
    Diagnostic place = *config.about_block;
    place.severity = Diagnostic::Severity::warning;
    place.message =
        "no rule of policy '" + policy.id + "' asks for 'blocked-sender': 'block' does nothing there";
    diagnostics.push_back(std::move(place));
  }
}

/// Policies are told apart by their ids, in header fields and logs.
void check_policy_ids(const std::vector<Policy>& policies, std::vector<Diagnostic>& diagnostics) {
  std::map<std::string_view, const Policy*> seen;
  for (const Policy& policy : policies) {
    const auto [first, is_new] = seen.emplace(policy.id, &policy);
    if (is_new) continue;
    diagnostics.push_back(
        {Diagnostic::Severity::error, policy.location,
         "policy '" + policy.id + "' is there twice (first in " + first->second->location.file + ")", ""});
  }
}

std::shared_ptr<const LinkedInKnowledge> load_linkedin(const Config& config,
                                                       std::vector<Diagnostic>& diagnostics) {
  std::vector<std::string> files;
  for (const std::string& name : config.linkedin_knowledge) {
    if (std::optional<std::string> file = find_file(kLinkedIn, name, config, diagnostics))
      files.push_back(std::move(*file));
  }
  auto known = load_linkedin_knowledge(files, diagnostics);
  return files.size() == config.linkedin_knowledge.size() ? known : nullptr;
}

/// The catalogues of the languages that profiles name; English where there is a file. nullopt with diagnostics when one is
/// missing or broken.
std::optional<Messages> load_messages(const Config& config, std::vector<Diagnostic>& diagnostics) {
  std::set<std::string> languages{"en"};
  for (const Profile& profile : config.profiles) languages.insert(profile.language);
  std::vector<Catalogue> catalogues;
  bool complete = true;
  for (const std::string& language : languages) {
    std::vector<Diagnostic> absent;
    const std::optional<std::string> path = find_file(kMessages, language, config, absent);
    if (!path && language == "en") continue;
    std::move(absent.begin(), absent.end(), std::back_inserter(diagnostics));
    std::optional<Catalogue> catalogue;
    if (path) catalogue = load_catalogue(*path, diagnostics);
    complete = complete && catalogue;
    if (catalogue) catalogue->language = language;
    if (catalogue) catalogues.push_back(std::move(*catalogue));
  }
  if (!complete) return std::nullopt;
  return Messages(std::move(catalogues));
}

/// Adds the verifier of signatures where one is wanted; false when it cannot be had.
bool add_verifier(Snapshot& snapshot, std::vector<Diagnostic>& diagnostics) {
  const Config& config = snapshot.config;
  if (!config.verify_dkim) return true;
  snapshot.dkim = make_dkim_verifier(config.dns_timeout);
  if (snapshot.dkim) return true;
  diagnostics.push_back({Diagnostic::Severity::error,
                         {config.file.empty() ? "defaults" : config.file, 0, 0},
                         "cannot set up DKIM verification (out of memory or threads?)",
                         ""});
  return false;
}

struct FoundModel {
  std::shared_ptr<const TextModel> model;  ///< absent: none is asked for, or there
  std::string file;
};

/// The text model; nullopt when the one that is there, or is asked for, cannot be used.
std::optional<FoundModel> find_text_model(const Config& config, std::vector<Diagnostic>& diagnostics) {
  if (config.model == "none") return FoundModel{};
  std::error_code error;
  const std::string path = config.model.empty() ? shipped("text.model").string() : config.model;
  if (config.model.empty() && !fs::exists(path, error)) return FoundModel{};
  Result<std::shared_ptr<const TextModel>> model = load_text_model(path);
  if (!model) {
    Diagnostic diagnostic = place_of(config, config.model);
    diagnostic.message = "model " + path + ": " + model.error().detail;
    diagnostics.push_back(std::move(diagnostic));
    return std::nullopt;
  }
  return FoundModel{std::move(*model), path};
}

}  // namespace

std::vector<PolicyFile> find_policy_files(const Config& config, std::vector<Diagnostic>& diagnostics) {
  std::vector<PolicyFile> files;
  for (const std::string& name : config.policies) {
    const std::optional<std::string> path = find_file(kPolicies, name, config, diagnostics);
    if (!path) continue;
    files.push_back({*path, {fs::absolute(*path).parent_path().string(), shipped(kPolicies).string()}});
  }
  return files;
}

std::shared_ptr<const Snapshot> make_snapshot(Config config, std::vector<Diagnostic>& diagnostics,
                                              std::vector<ExampleResult>* examples) {
  std::vector<Policy> policies;
  PolicyLoading loading;
  std::vector<std::string> files;
  bool complete = true;
  std::set<std::string_view> seen;
  for (const std::string& name : config.policies) {
    if (!seen.insert(name).second) continue;  // which is said
    std::optional<std::string> path = find_file(kPolicies, name, config, diagnostics);
    std::optional<Policy> policy;
    if (path) {
      policy = load_policy_file(*path, diagnostics, {shipped(kPolicies).string()}, &loading);
      files.push_back(std::move(*path));
    }
    if (policy) {
      policies.push_back(std::move(*policy));
    } else {
      complete = false;
    }
  }
  const std::size_t before = diagnostics.size();
  check_policy_ids(policies, diagnostics);
  if (complete) {
    check_offers(config, policies, diagnostics);
    check_block(config, policies, diagnostics);
  }
  const bool refused =
      std::any_of(diagnostics.begin() + static_cast<std::ptrdiff_t>(before), diagnostics.end(),
                  [](const Diagnostic& one) { return one.severity == Diagnostic::Severity::error; });
  std::shared_ptr<const LinkedInKnowledge> linkedin = load_linkedin(config, diagnostics);
  std::optional<Messages> messages = load_messages(config, diagnostics);
  std::optional<FoundModel> text_model = find_text_model(config, diagnostics);
  if (!complete || refused || !linkedin || !messages) {
    std::move(loading.halves.begin(), loading.halves.end(), std::back_inserter(policies));
    (void)Engine::compile(std::move(policies), diagnostics, nullptr, std::move(loading.expressions));
    add_lines(diagnostics);
    return nullptr;
  }
  std::shared_ptr<const Engine> engine =
      Engine::compile(std::move(policies), diagnostics, examples, std::move(loading.expressions));
  add_lines(diagnostics);
  if (!engine || !text_model) return nullptr;
  Snapshot snapshot{std::move(config), std::move(engine), std::move(files), std::move(linkedin),
                    std::move(*messages)};
  snapshot.text_model = std::move(text_model->model);
  snapshot.text_model_file = std::move(text_model->file);
  if (!add_verifier(snapshot, diagnostics)) return nullptr;
  return std::make_shared<const Snapshot>(std::move(snapshot));
}

std::shared_ptr<const Snapshot> load_snapshot(const std::string& file, std::vector<Diagnostic>& diagnostics,
                                              std::vector<ExampleResult>* examples) {
  CheckedConfig checked = check_config(file, diagnostics);
  if (checked.is_sound) return make_snapshot(std::move(checked.config), diagnostics, examples);
  if (!checked.is_whole) {
    // What these name may stand in the file that could not be read.
    checked.config.about_offers.clear();
    checked.config.about_block.reset();
  }
  (void)make_snapshot(std::move(checked.config), diagnostics);
  return nullptr;
}

std::shared_ptr<const Snapshot> load_snapshot_without_policies(const std::string& file,
                                                               std::vector<Diagnostic>& diagnostics) {
  std::optional<Config> config = load_config(file, diagnostics);
  if (!config) return nullptr;
  std::shared_ptr<const LinkedInKnowledge> linkedin = load_linkedin(*config, diagnostics);
  add_lines(diagnostics);
  if (linkedin == nullptr) return nullptr;
  Snapshot snapshot{std::move(*config), nullptr, {}, std::move(linkedin), Messages(std::vector<Catalogue>{})};
  if (!add_verifier(snapshot, diagnostics)) return nullptr;
  return std::make_shared<const Snapshot>(std::move(snapshot));
}

}  // namespace coldpitch
