// SPDX-License-Identifier: MIT
#include "cli/config_show.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/command_line.h"
#include "milter/config.h"
#include "milter/config_schema.h"
#include "milter/snapshot.h"
#include "parsers/text.h"
#include "policies/policy_assembly.h"
#include "policies/policy_schema.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;
using Type = ValueSchema::Type;
using Kind = YamlNode::Kind;

/// Text as YAML would read it back in a flow list.
std::string scalar_text(const YamlNode& node) {
  constexpr std::string_view kSpecial = ",[]{}#&*!|>'\"%@`";
  const std::string& text = node.scalar;
  const bool plain = !text.empty() && !node.quoted && text.find_first_of(kSpecial) == std::string::npos &&
                     text.find(": ") == std::string::npos && text.find('\n') == std::string::npos;
  if (plain) return text;
  std::string quoted = "\"";
  for (const char octet : text) {
    if (octet == '\n') {
      quoted += "\\n";
      continue;
    }
    if (octet == '"' || octet == '\\') quoted += '\\';
    quoted += octet;
  }
  return quoted + "\"";
}

std::string node_text(const YamlNode& node) {
  std::string text;
  switch (node.kind) {
    case Kind::null:
      return "";
    case Kind::scalar:
      return scalar_text(node);
    case Kind::sequence:
      for (const YamlNode& item : node.items) text += (text.empty() ? "" : ", ") + node_text(item);
      return "[" + text + "]";
    case Kind::map:
      for (const YamlEntry& entry : node.entries) {
        text += (text.empty() ? "" : ", ") + entry.key.scalar + ": " + node_text(entry.value);
      }
      return "{" + text + "}";
  }
  return "";
}

class Lister {
 public:
  Lister(const YamlDocument& document, const std::vector<YamlOverride>& overridden)
      : document_(document), overridden_(overridden) {}

  void list(const MapSchema& map, const YamlNode* node, const std::string& prefix) {
    for (const KeySchema& key : map.keys) {
      const YamlNode* value = node == nullptr ? nullptr : node->find(key.name);
      const std::string name = prefix + std::string(key.name);
      if (value != nullptr && value->kind == Kind::null) value = nullptr;
      if (key.value.type == Type::map) {
        list(key.value.map(), value, name + ".");
      } else if (value != nullptr && key.value.type == Type::list && key.value.of.front().type == Type::map) {
        list_items(key, *value, name);
      } else {
        add(key, value, name);
      }
    }
  }

  std::vector<ShownSetting> settings;

 private:
  void list_items(const KeySchema& key, const YamlNode& value, const std::string& name) {
    for (std::size_t at = 0; at < value.items.size(); ++at) {
      list(key.value.of.front().map(), &value.items[at], name + "[" + std::to_string(at) + "].");
    }
    if (value.items.empty()) add(key, &value, name);
  }

  void add(const KeySchema& key, const YamlNode* value, const std::string& name) {
    ShownSetting setting;
    setting.key = name;
    setting.restart = key.restart;
    if (value == nullptr) {
      setting.value = key.fallback.empty() ? "(not set)" : std::string(key.fallback);
    } else {
      setting.value = key.secret ? "(hidden)" : node_text(*value);
      setting.location = document_.location(*value);
    }
    for (const YamlOverride& override : overridden_) {
      const bool concerns = override.key == name || name.starts_with(override.key + "[");
      if (concerns) setting.overridden.push_back(override.before);
    }
    settings.push_back(std::move(setting));
  }

  const YamlDocument& document_;
  const std::vector<YamlOverride>& overridden_;
};

/// Whether shown_policies() lists the key `name` of every policy.
bool is_of_every_policy(std::string_view name) {
  return name.starts_with("thresholds.") || name.starts_with("verdict.");
}

/// What a site's file changes, each key once: a later file takes an earlier one's place.
std::vector<ShownSetting> settings_of(const std::vector<PolicyChange>& changes, const std::string& prefix) {
  constexpr std::size_t kColumns = 120;
  std::vector<ShownSetting> settings;
  for (const PolicyChange& change : changes) {
    if (is_of_every_policy(change.key)) continue;
    ShownSetting setting;
    setting.key = prefix + change.key;
    // A rule or clause of the site's own is a map; all other maps are changed key by key.
    const bool is_new = change.value.kind == Kind::map && change.before.line == 0;
    setting.value = is_new ? "(added)" : printable(node_text(change.value), kColumns);
    setting.location = change.now;
    if (change.before.line != 0) setting.overridden.push_back(change.before);
    const auto earlier = std::find_if(settings.begin(), settings.end(),
                                      [&](const ShownSetting& one) { return one.key == setting.key; });
    if (earlier == settings.end()) {
      settings.push_back(std::move(setting));
    } else {
      setting.overridden.insert(setting.overridden.begin(), earlier->overridden.begin(),
                                earlier->overridden.end());
      *earlier = std::move(setting);
    }
  }
  return settings;
}

std::vector<ShownSetting> settings_of_policy(const YamlDocument& policy,
                                             const std::vector<PolicyChange>& changes) {
  const YamlNode* id = policy.root().find("policy");
  const std::string prefix = "policy." + (id == nullptr ? std::string("?") : id->scalar) + ".";
  std::vector<YamlOverride> overridden;
  for (const PolicyChange& change : changes) {
    if (is_of_every_policy(change.key) && change.before.line != 0)
      overridden.push_back({prefix + change.key, change.before, change.now});
  }
  Lister lister(policy, overridden);
  lister.list(thresholds_schema(), policy.root().find("thresholds"), prefix + "thresholds.");
  lister.list(verdict_schema(), policy.root().find("verdict"), prefix + "verdict.");
  for (ShownSetting& setting : settings_of(changes, prefix)) lister.settings.push_back(std::move(setting));
  return std::move(lister.settings);
}

std::string place_text(const SourceLocation& location) {
  return location.file + ":" + std::to_string(location.line);
}

void print_text(const std::vector<ShownSetting>& settings) {
  constexpr std::size_t kColumns = 64;
  for (const ShownSetting& setting : settings) {
    std::string line = setting.key + ": " + printable(setting.value, 100'000);
    line.resize(std::max(line.size(), kColumns), ' ');
    line += setting.location.line == 0 ? "  # default" : "  # " + place_text(setting.location);
    for (const SourceLocation& before : setting.overridden) line += ", instead of " + place_text(before);
    std::cout << line << '\n';
  }
}

void print_json(const std::vector<ShownSetting>& settings) {
  Json list = Json::array();
  for (const ShownSetting& setting : settings) {
    Json item{{"key", setting.key}, {"value", setting.value}, {"default", setting.location.line == 0}};
    if (setting.location.line != 0) {
      item["file"] = setting.location.file;
      item["line"] = setting.location.line;
      item["column"] = setting.location.column;
    }
    for (const SourceLocation& before : setting.overridden) {
      item["instead_of"].push_back({{"file", before.file}, {"line", before.line}, {"column", before.column}});
    }
    item["changes_at"] = setting.restart ? "restart" : "reload";
    list.push_back(std::move(item));
  }
  std::cout << list.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace

std::vector<ShownSetting> shown_settings(const ConfigFiles& files) {
  Lister lister(files.document, files.overridden);
  lister.list(config_schema(), &files.document.root(), "");
  // The one default that the table cannot know.
  for (ShownSetting& setting : lister.settings) {
    if (setting.key != "authentication.trusted_authserv_ids" || setting.location.line != 0) continue;
    setting.value = "[" + default_config().trusted_authserv_ids.front() + "]";
  }
  return std::move(lister.settings);
}

std::vector<ShownSetting> shown_policies(const Config& config, std::vector<Diagnostic>& diagnostics) {
  std::vector<ShownSetting> settings;
  IncludedFiles included;
  for (const PolicyFile& file : find_policy_files(config, diagnostics)) {
    std::optional<YamlDocument> policy = YamlDocument::read(file.path, diagnostics);
    std::vector<PolicyChange> changes;
    if (policy) policy = assemble_policy(std::move(*policy), file.folders, diagnostics, &included, &changes);
    if (!policy) continue;
    for (ShownSetting& setting : settings_of_policy(*policy, changes)) settings.push_back(std::move(setting));
  }
  return settings;
}

int run_config_show(const std::string& config_file, bool json) {
  std::vector<Diagnostic> diagnostics;
  const std::optional<ConfigFiles> files = read_config_files(config_file, diagnostics);
  std::vector<Diagnostic> of_config;
  std::optional<Config> config;
  if (files) config = load_config(config_file, of_config);
  if (!config) {
    std::cerr << format(files ? of_config : diagnostics);
    return kExitUsage;
  }
  std::vector<ShownSetting> settings = shown_settings(*files);
  std::vector<ShownSetting> of_policies = shown_policies(*config, of_config);
  std::cerr << format(of_config);
  if (has_errors(of_config)) return kExitUsage;
  std::move(of_policies.begin(), of_policies.end(), std::back_inserter(settings));
  if (json) {
    print_json(settings);
  } else {
    print_text(settings);
  }
  return kExitDone;
}

}  // namespace coldpitch
