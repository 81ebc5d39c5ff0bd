// SPDX-License-Identifier: MIT
#include "policies/policy_assembly.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include "policies/policy_schema.h"
#include "policies/policy_words.h"
#include "policies/schema_map.h"
#include "policies/yaml_merge.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxExtends = 8;

/// A file below the folders a policy may include from: "sales/de.yaml".
bool is_include_name(std::string_view name) {
  const bool climbs = name == ".." || name.starts_with("../") || name.ends_with("/..") ||
                      name.find("/../") != std::string_view::npos;
  return !name.empty() && name.front() != '/' && name.ends_with(".yaml") && !climbs;
}

std::string places_of(const std::vector<std::string>& folders) {
  std::string places;
  for (const std::string& folder : folders) places += (places.empty() ? " in " : " or ") + folder;
  return places;
}

std::string scalar_of(const YamlNode& map, std::string_view key) {
  const YamlNode* value = map.find(key);
  return value == nullptr ? "" : value->scalar;
}

void erase_key(YamlNode& map, std::string_view key) {
  std::erase_if(map.entries, [&](const YamlEntry& entry) { return entry.key.scalar == key; });
}

YamlNode* find_value(YamlNode& map, std::string_view key) {
  for (YamlEntry& entry : map.entries) {
    if (entry.key.scalar == key) return &entry.value;
  }
  return nullptr;
}

bool is_condition_key(std::string_view key) { return condition_schema().find(key) != nullptr; }

bool gives_condition(const YamlNode& rule) {
  return std::any_of(rule.entries.begin(), rule.entries.end(),
                     [](const YamlEntry& entry) { return is_condition_key(entry.key.scalar); });
}

class Assembly {
 public:
  Assembly(const std::vector<std::string>& folders, std::vector<Diagnostic>& diagnostics,
           IncludedFiles* cache, std::vector<PolicyChange>* changes)
      : folders_(folders), diagnostics_(diagnostics), cache_(cache), changes_(changes) {}

  std::optional<YamlDocument> assemble(YamlDocument document) {
    if (tell_of_missing_extends(document)) return std::nullopt;
    files_seen_.insert(canonical(document.file()));
    add_includes(document);
    const YamlNode* extends = document.root().find("extends");
    if (extends == nullptr) return document;
    const std::string base_name = extends->scalar;
    std::optional<YamlDocument> base = read_base(document, *extends);
    if (base) base = assemble(std::move(*base));
    if (!base) return std::nullopt;
    YamlNode site = base->adopt(std::move(document));
    erase_key(site, "extends");
    lay_over(*base, std::move(site), base_name);
    return base;
  }

 private:
  void error(const YamlDocument& document, const YamlNode& at, std::string message) {
    diagnostics_.push_back(document.diagnostic(Diagnostic::Severity::error, at, std::move(message)));
  }

  std::string canonical(const fs::path& path) { return fs::weakly_canonical(path, ignored_).string(); }

  std::vector<std::string> find_files(const std::string& name) {
    std::vector<std::string> paths;
    for (const std::string& folder : folders_) {
      const fs::path path = fs::path(folder) / name;
      if (fs::is_regular_file(path, ignored_)) paths.push_back(path.string());
    }
    return paths;
  }

  /// What could be extended, by its files.
  std::vector<std::string> policy_names() {
    std::vector<std::string> names;
    for (const std::string& folder : folders_) {
      for (fs::directory_iterator entry(folder, ignored_); !ignored_ && entry != fs::directory_iterator();
           entry.increment(ignored_)) {
        if (entry->path().extension() == ".yaml") names.push_back(entry->path().stem().string());
      }
    }
    return names;
  }

  /// A part of a policy that does not say whose: each key it lacks would be an error, and not the one that was made.
  bool tell_of_missing_extends(const YamlDocument& document) {
    const YamlNode& root = document.root();
    const auto has = [&](std::string_view key) { return root.find(key) != nullptr; };
    const bool is_empty =
        root.kind == YamlNode::Kind::null || (root.kind == YamlNode::Kind::map && root.entries.empty());
    if (is_empty) {
      error(document, root, "the file holds nothing: a policy is wanted");
      return true;
    }
    const bool is_part =
        has("rules") || has("clauses") || has("lists") || has("thresholds") || has("verdict");
    if (!is_part || has("extends") || has("policy") || has("title") || has("channels")) return false;
    for (const YamlEntry& entry : root.entries) {
      if (policy_schema().find(entry.key.scalar) != nullptr) continue;
      const std::string hint = suggestion(entry.key.scalar, {"extends", "policy", "title", "channels"});
      if (hint.empty()) continue;
      error(document, entry.key, "unknown key " + quote(entry.key.scalar) + " in policy" + hint);
      return true;
    }
    const std::string own = fs::path(document.file()).stem().string();
    const std::vector<std::string> names = policy_names();
    const bool is_known = std::count(names.begin(), names.end(), own) > 1;
    error(document, root,
          "this is a part of a policy, and does not say of which: write 'extends: " +
              (is_known ? own : std::string("NAME")) + "' to lay it over that one");
    return true;
  }

  std::optional<YamlDocument> read_base(const YamlDocument& document, const YamlNode& extends) {
    const auto refuse = [&](std::string message) {
      error(document, extends, std::move(message));
      return std::nullopt;
    };
    if (!is_identifier(extends.scalar))
      return refuse("'extends' must name a policy, such as direct-outreach" +
                    std::string(extends.scalar.ends_with(".yaml") ? ", without '.yaml'" : ""));
    if (files_seen_.size() > kMaxExtends)
      return refuse("more than " + std::to_string(kMaxExtends) + " policies extend each other");
    const std::vector<std::string> paths = find_files(extends.scalar + ".yaml");
    // A site's file may have the name of the shipped one it extends.
    const auto path = std::find_if(paths.begin(), paths.end(), [&](const std::string& candidate) {
      return !files_seen_.contains(canonical(candidate));
    });
    if (path != paths.end()) return YamlDocument::read(*path, diagnostics_);
    const bool is_circle = std::any_of(paths.begin(), paths.end(), [&](const std::string& candidate) {
      return canonical(candidate) != canonical(document.file());
    });
    if (is_circle) return refuse("policies extend each other in a circle");
    std::vector<std::string> names = policy_names();
    std::erase(names, extends.scalar);
    return refuse("there is no policy " + quote(extends.scalar) + " to extend" + places_of(folders_) +
                  suggestion(extends.scalar, {names.begin(), names.end()}));
  }

  // ---- include ----------------------------------------------------------------------------------------------

  void add_includes(YamlDocument& document) {
    if (document.root().find("include") == nullptr) return;
    std::vector<std::string> names;
    // The table says what is wrong with the key itself; other keys are read later.
    std::vector<Diagnostic> of_other_keys;
    SchemaMap map(document, document.root(), policy_schema(), of_other_keys);
    of_other_keys.clear();
    const bool is_sound = map.texts("include", names);
    std::move(of_other_keys.begin(), of_other_keys.end(), std::back_inserter(diagnostics_));
    if (is_sound) include(document, names);
    erase_key(document.root(), "include");
  }

  void include(YamlDocument& document, const std::vector<std::string>& names) {
    const YamlNode list = *document.root().find("include");
    std::vector<YamlNode> rules;
    std::set<std::string_view> seen;
    for (std::size_t at = 0; at < names.size(); ++at) {
      const YamlNode& node = list.kind == YamlNode::Kind::sequence ? list.items[at] : list;
      if (!seen.insert(names[at]).second) {
        error(document, node, quote(names[at]) + " is included twice");
      } else {
        include_file(document, node, names[at], rules);
      }
    }
    YamlNode* own = find_value(document.root(), "rules");
    if (own == nullptr) {
      YamlNode key = list;
      key.kind = YamlNode::Kind::scalar;
      key.scalar = "rules";
      document.root().entries.push_back({std::move(key), list});
      own = &document.root().entries.back().value;
      own->kind = YamlNode::Kind::sequence;
      own->items.clear();
    }
    if (own->kind != YamlNode::Kind::sequence) return;
    std::move(own->items.begin(), own->items.end(), std::back_inserter(rules));
    own->items = std::move(rules);
  }

  std::optional<YamlDocument> read_included(const std::string& path) {
    if (cache_ == nullptr) return YamlDocument::read(path, diagnostics_);
    const auto known = cache_->find(path);
    if (known != cache_->end()) return known->second;
    std::optional<YamlDocument> included = YamlDocument::read(path, diagnostics_);
    if (included) cache_->emplace(path, *included);
    return included;
  }

  void include_file(YamlDocument& document, const YamlNode& node, const std::string& name,
                    std::vector<YamlNode>& rules) {
    if (!is_include_name(name)) {
      return error(
          document, node,
          "'include' must name files below the policy's folder, such as sales/de.yaml, not " + quote(name));
    }
    const std::vector<std::string> paths = find_files(name);
    if (paths.empty()) {
      const std::string places = places_of(folders_);
      return error(document, node,
                   "there is no file " + quote(name) + (places.empty() ? " to include" : places));
    }
    std::optional<YamlDocument> included = read_included(paths.front());
    if (!included) return;
    SchemaMap map(*included, included->root(), included_schema(), diagnostics_);
    std::vector<std::string> languages;
    const bool speaks = map.words("language", languages, language_fault);
    const std::vector<YamlNode>* items = map.list("rules");
    map.finish();
    if (items == nullptr) return;
    YamlNode root = document.adopt(std::move(*included));
    const YamlNode* language = speaks ? root.find("language") : nullptr;
    for (YamlNode& rule : find_value(root, "rules")->items) {
      if (language != nullptr && rule.kind == YamlNode::Kind::map && rule.find("language") == nullptr) {
        YamlNode key = *language;
        key.kind = YamlNode::Kind::scalar;
        key.scalar = "language";
        rule.entries.push_back({std::move(key), *language});
      }
      rules.push_back(std::move(rule));
    }
  }

  // ---- extends ----------------------------------------------------------------------------------------------

  void lay_over(YamlDocument& whole, YamlNode site, const std::string& base_name) {
    if (site.kind != YamlNode::Kind::map) {
      error(whole, site, "policy must be a map of keys and values");
      return;
    }
    for (const std::string_view key : {"clauses", "rules"}) {
      YamlNode* ours = find_value(site, key);
      YamlNode* theirs = find_value(whole.root(), key);
      const bool are_lists = ours != nullptr && theirs != nullptr && ours->kind == YamlNode::Kind::sequence &&
                             theirs->kind == YamlNode::Kind::sequence;
      if (!are_lists) continue;
      merge_by_id(whole, *theirs, std::move(ours->items), base_name, key == "rules");
      erase_key(site, key);
    }
    note_changes(whole, whole.root(), site, "");
    std::vector<YamlOverride> ignored;
    merge_maps(whole, whole.root(), std::move(site), ignored);
  }

  /// Notes what `later` says otherwise than `before`, or beyond it; both are maps of `whole`.
  void note_changes(const YamlDocument& whole, const YamlNode& before, const YamlNode& later,
                    const std::string& prefix) {
    if (changes_ == nullptr) return;
    for (const YamlEntry& entry : later.entries) {
      const YamlNode& value = entry.value;
      if (value.kind == YamlNode::Kind::null || entry.key.scalar == "id") continue;
      const YamlNode* old = before.find(entry.key.scalar);
      const std::string key = prefix + entry.key.scalar;
      if (old != nullptr && old->kind == YamlNode::Kind::map && value.kind == YamlNode::Kind::map) {
        note_changes(whole, *old, value, key + ".");
      } else {
        changes_->push_back(
            {key, value, whole.location(value), old == nullptr ? SourceLocation{} : whole.location(*old)});
      }
    }
  }

  void merge_by_id(const YamlDocument& whole, YamlNode& base, std::vector<YamlNode> site,
                   const std::string& base_name, bool are_rules) {
    std::map<std::string, std::size_t> places;
    for (std::size_t at = 0; at < base.items.size(); ++at)
      places.emplace(scalar_of(base.items[at], "id"), at);
    std::vector<std::string_view> known;
    known.reserve(places.size());
    for (const auto& [id, at] : places) known.emplace_back(id);
    std::map<std::string, std::size_t> lines;  // of the site's own, by id
    for (YamlNode& item : site) {
      const std::string id = scalar_of(item, "id");
      const auto place = places.find(id);
      const bool is_new =
          item.find(are_rules ? "clause" : "text") != nullptr || (are_rules && gives_condition(item));
      const bool overrides_nothing = place == places.end() && !is_new;
      if (id.empty()) {
        base.items.push_back(std::move(item));  // the reader says what is wrong with it
      } else if (const auto [line, is_first] = lines.emplace(id, item.line); !is_first) {
        error(whole, *item.find("id"),
              (are_rules ? "rule " : "clause ") + quote(id) + " is there twice (first in line " +
                  std::to_string(line->second) + ")");
      } else if (overrides_nothing) {
        error(whole, *item.find("id"),
              std::string(are_rules ? "there is no rule " : "there is no clause ") + quote(id) +
                  " in policy " + quote(base_name) + " to override" + suggestion(id, known));
      } else if (place == places.end()) {
        if (changes_ != nullptr)
          changes_->push_back({(are_rules ? "rules." : "clauses.") + id, item, whole.location(item), {}});
        base.items.push_back(std::move(item));
      } else {
        note_changes(whole, base.items[place->second], item, (are_rules ? "rules." : "clauses.") + id + ".");
        override_item(whole, base.items[place->second], std::move(item), are_rules);
      }
    }
  }

  static void override_item(const YamlDocument& whole, YamlNode& base, YamlNode item, bool is_rule) {
    const bool replaces_condition = is_rule && gives_condition(item);
    if (replaces_condition) {
      std::erase_if(base.entries, [](const YamlEntry& entry) { return is_condition_key(entry.key.scalar); });
    }
    // Where the rule is said to be: what decides whether its examples hold.
    if (replaces_condition || item.find("examples") != nullptr) {
      base.line = item.line;
      base.column = item.column;
      base.source = item.source;
    }
    std::vector<YamlOverride> ignored;
    merge_maps(whole, base, std::move(item), ignored);
  }

  const std::vector<std::string>& folders_;
  std::vector<Diagnostic>& diagnostics_;
  IncludedFiles* cache_;
  std::vector<PolicyChange>* changes_;
  std::set<std::string> files_seen_;  ///< of the policies that extend each other
  std::error_code ignored_;
};

}  // namespace

std::optional<YamlDocument> assemble_policy(YamlDocument document, const std::vector<std::string>& folders,
                                            std::vector<Diagnostic>& diagnostics, IncludedFiles* cache,
                                            std::vector<PolicyChange>* changes) {
  return Assembly(folders, diagnostics, cache, changes).assemble(std::move(document));
}

}  // namespace coldpitch
