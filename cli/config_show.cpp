// SPDX-License-Identifier: MIT
#include "cli/config_show.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cli/command_line.h"
#include "milter/config.h"
#include "milter/config_schema.h"
#include "parsers/text.h"

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
  explicit Lister(const ConfigFiles& files) : files_(files) {}

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
      setting.location = files_.document.location(*value);
    }
    for (const YamlOverride& override : files_.overridden) {
      const bool concerns = override.key == name || name.starts_with(override.key + "[");
      if (concerns) setting.overridden.push_back(override.before);
    }
    settings.push_back(std::move(setting));
  }

  const ConfigFiles& files_;
};

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
  Lister lister(files);
  lister.list(config_schema(), &files.document.root(), "");
  // The one default that the table cannot know.
  for (ShownSetting& setting : lister.settings) {
    if (setting.key != "authentication.trusted_authserv_ids" || setting.location.line != 0) continue;
    setting.value = "[" + default_config().trusted_authserv_ids.front() + "]";
  }
  return std::move(lister.settings);
}

int run_config_show(const std::string& config_file, bool json) {
  std::vector<Diagnostic> diagnostics;
  const std::optional<ConfigFiles> files = read_config_files(config_file, diagnostics);
  std::vector<Diagnostic> of_config;
  const bool sound = files && load_config(config_file, of_config);
  std::cerr << format(files ? of_config : diagnostics);
  if (!sound) return kExitUsage;
  const std::vector<ShownSetting> settings = shown_settings(*files);
  if (json) {
    print_json(settings);
  } else {
    print_text(settings);
  }
  return kExitDone;
}

}  // namespace coldpitch
