// SPDX-License-Identifier: MIT
#include "policies/policy_loader.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <system_error>
#include <utility>

#include "policies/condition_reader.h"
#include "policies/policy_words.h"

namespace coldpitch {
namespace {

constexpr double kMaxThreshold = 1000;
constexpr double kMaxWeight = 10;
constexpr std::size_t kMaxGroups = 20;
constexpr std::size_t kMaxClauses = 200;
constexpr std::size_t kMaxRules = 10'000;
constexpr std::size_t kMaxIncludes = 100;

/// "line 7", or "sales/de.yaml:7" where that is another file than the one at hand.
std::string place_text(const SourceLocation& location, const YamlDocument& document) {
  const std::string line = std::to_string(location.line);
  return location.file == document.file() ? "line " + line : location.file + ":" + line;
}

/// A file below the folders a policy may include from: "sales/de.yaml".
bool is_include_name(std::string_view name) {
  const bool climbs = name == ".." || name.starts_with("../") || name.ends_with("/..") ||
                      name.find("/../") != std::string_view::npos;
  return !name.empty() && name.front() != '/' && name.ends_with(".yaml") && !climbs;
}

std::optional<std::string> find_include(const std::string& name, const std::vector<std::string>& folders) {
  for (const std::string& folder : folders) {
    const std::filesystem::path path = std::filesystem::path(folder) / name;
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return path.string();
  }
  return std::nullopt;
}

/// True when the condition or a part of it looks at words.
bool has_expressions(const Condition& condition) {
  return condition.kind == Condition::Kind::pattern || condition.kind == Condition::Kind::near ||
         std::any_of(condition.children.begin(), condition.children.end(), has_expressions);
}

/// Where an id was first given, by id.
using Places = std::map<std::string, SourceLocation, std::less<>>;

/// What the documents of one policy add up to.
struct PolicyState {
  Policy policy;
  Places clause_places, rule_places, files;
  std::map<std::string, std::string>
      conditions_seen;  ///< id of the first rule with a condition, by its canonical text
};

/// Reads one document of a policy: the policy itself, or a file of rules it includes.
class PolicyReader {
 public:
  PolicyReader(const YamlDocument& document, const std::vector<std::string>& folders, PolicyState& state,
               std::vector<Diagnostic>& diagnostics)
      : document_(document),
        folders_(folders),
        state_(state),
        policy_(state.policy),
        diagnostics_(diagnostics),
        conditions_(document, diagnostics) {}

  void read_policy() {
    const YamlNode& root = document_.root();
    policy_.location = document_.location(root);
    YamlMap map(document_, root, "policy", diagnostics_);
    for (const char* key : {"policy", "title", "channels", "thresholds", "clauses"}) map.require(key);
    if (!map.has("include")) map.require("rules");
    read_identifier(map, "policy", policy_.id);
    read_words(map, "title", policy_.title);
    read_channels(map);
    read_thresholds(map);
    read_list(map, "clauses", kMaxClauses, &PolicyReader::read_clause);
    read_includes(map);
    read_list(map, "rules", kMaxRules, &PolicyReader::read_rule);
    read_verdict(map);
    map.finish();
    warn_of_clauses_without_rules();
  }

  /// An included file holds rules, and the languages those speak that name none.
  void read_included() {
    YamlMap map(document_, document_.root(), "included file", diagnostics_);
    map.require("rules");
    read_known_words(map, "language", languages_, language_fault);
    read_list(map, "rules", kMaxRules, &PolicyReader::read_rule);
    map.finish();
  }

 private:
  void read_includes(YamlMap& map) {
    std::vector<std::string> names;
    if (!map.strings("include", names)) return;
    const YamlNode& node = *map.node("include");
    if (names.empty()) map.error(node, "'include' must be a list that is not empty");
    if (names.size() > kMaxIncludes) {
      map.error(node, "'include' has more than " + std::to_string(kMaxIncludes) + " entries");
      return;
    }
    for (std::size_t at = 0; at < names.size(); ++at) {
      read_include(map, node.kind == YamlNode::Kind::sequence ? node.items[at] : node, names[at]);
    }
  }

  void read_include(YamlMap& map, const YamlNode& node, const std::string& name) {
    if (!is_include_name(name)) {
      map.error(node, "'include' must name files below the policy's folder, such as sales/de.yaml, not " +
                          quote(name));
      return;
    }
    if (!state_.files.emplace(name, document_.location(node)).second) {
      map.error(node, quote(name) + " is included twice");
      return;
    }
    const std::optional<std::string> path = find_include(name, folders_);
    if (!path) {
      std::string places;
      for (const std::string& folder : folders_) places += (places.empty() ? " in " : " or ") + folder;
      map.error(node, "there is no file " + quote(name) + (places.empty() ? " to include" : places));
      return;
    }
    const std::optional<YamlDocument> document = YamlDocument::read(*path, diagnostics_);
    if (document) PolicyReader(*document, folders_, state_, diagnostics_).read_included();
  }

  bool read_identifier(YamlMap& map, std::string_view key, std::string& out) {
    std::string text;
    if (!map.string(key, text)) return false;
    if (!is_identifier(text)) {
      map.error(*map.node(key), "'" + std::string(key) +
                                    "' must be lower-case letters, digits and hyphens, not " + quote(text));
      return false;
    }
    out = std::move(text);
    return true;
  }

  /// An id that must differ from all in `places`.
  void read_new_identifier(YamlMap& map, std::string_view what, std::string& out, Places& places) {
    if (!read_identifier(map, "id", out)) return;
    const YamlNode& node = *map.node("id");
    const auto [place, is_new] = places.emplace(out, document_.location(node));
    if (!is_new) {
      map.error(node, std::string(what) + " '" + out + "' is there twice (first in " +
                          place_text(place->second, document_) + ")");
    }
  }

  /// Words for people: one line that is not empty.
  static void read_words(YamlMap& map, std::string_view key, std::string& out) {
    if (map.string(key, out) && out.empty()) map.error(*map.node(key), "'" + std::string(key) + "' is empty");
  }

  /// The words of the list `key`; `fault_of` tells what is wrong with one, or "".
  template <class FaultOf>
  static bool read_known_words(YamlMap& map, std::string_view key, std::vector<std::string>& out,
                               FaultOf fault_of) {
    if (!map.strings(key, out)) return false;
    const YamlNode& node = *map.node(key);
    if (out.empty()) map.error(node, "'" + std::string(key) + "' must be a list that is not empty");
    std::set<std::string_view> seen;
    for (std::size_t at = 0; at < out.size(); ++at) {
      std::string fault = fault_of(out[at]);
      if (!seen.insert(out[at]).second && fault.empty()) fault = quote(out[at]) + " is named twice";
      const bool is_list = node.kind == YamlNode::Kind::sequence;
      if (!fault.empty()) map.error(is_list ? node.items[at] : node, std::move(fault));
    }
    return true;
  }

  void read_channels(YamlMap& map) {
    std::vector<std::string> names;
    read_known_words(map, "channels", names, channel_fault);
    for (const std::string& name : names) {
      if (const std::optional<Channel> channel = judged_channel_from(name))
        policy_.channels.push_back(*channel);
    }
  }

  void read_thresholds(YamlMap& map) {
    const YamlNode* node = map.node("thresholds");
    if (node == nullptr) return;
    YamlMap inner(document_, *node, "thresholds", diagnostics_);
    inner.require(to_string(Level::suspect));
    inner.require(to_string(Level::pitch));
    double milder = 0;
    for (const Level level : {Level::suspect, Level::pitch, Level::repeat_pitch}) {
      double value = 0;
      if (!inner.number(to_string(level), value, 0.1, kMaxThreshold)) continue;
      if (value < milder) {
        inner.error(*inner.node(to_string(level)),
                    "'" + std::string(to_string(level)) + "' is less than the threshold of a milder verdict");
      }
      milder = std::max(milder, value);
      policy_.thresholds[level] = value;
    }
    inner.finish();
  }

  void read_verdict(YamlMap& map) {
    const YamlNode* node = map.node("verdict");
    if (node == nullptr) return;
    YamlMap inner(document_, *node, "verdict", diagnostics_);
    inner.integer("minimum-groups", policy_.minimum_groups, 1, kMaxGroups);
    const bool given =
        inner.integer("minimum-groups-with-strong", policy_.minimum_groups_with_strong, 1, kMaxGroups);
    if (given && policy_.minimum_groups_with_strong > policy_.minimum_groups) {
      inner.error(*inner.node("minimum-groups-with-strong"),
                  "'minimum-groups-with-strong' is more than 'minimum-groups'");
    }
    policy_.minimum_groups_with_strong = std::min(policy_.minimum_groups_with_strong, policy_.minimum_groups);
    read_strong_groups(inner);
    inner.finish();
  }

  void read_strong_groups(YamlMap& map) {
    if (!map.strings("strong-groups", policy_.strong_groups)) return;
    const YamlNode& node = *map.node("strong-groups");
    if (policy_.strong_groups.size() > kMaxGroups) {
      map.error(node, "'strong-groups' has more than " + std::to_string(kMaxGroups) + " entries");
      return;
    }
    std::set<std::string_view> known;
    for (const Rule& rule : policy_.rules) known.insert(rule.group);
    for (const std::string& group : policy_.strong_groups) {
      if (known.contains(group)) continue;
      map.warning(node,
                  "no rule is of group " + quote(group) + suggestion(group, {known.begin(), known.end()}));
    }
  }

  /// Calls `read_one` for each entry of the list `key`, which has 1 to `most`.
  void read_list(YamlMap& map, std::string_view key, std::size_t most,
                 void (PolicyReader::*read_one)(const YamlNode&)) {
    const YamlNode* node = map.node(key);
    if (node == nullptr) return;
    if (node->kind != YamlNode::Kind::sequence || node->items.empty()) {
      map.error(*node, "'" + std::string(key) + "' must be a list that is not empty");
      return;
    }
    if (node->items.size() > most) {
      map.error(node->items[most],
                "'" + std::string(key) + "' has more than " + std::to_string(most) + " entries");
      return;
    }
    for (const YamlNode& item : node->items) (this->*read_one)(item);
  }

  void read_clause(const YamlNode& node) {
    Clause clause;
    clause.location = document_.location(node);
    YamlMap map(document_, node, "clause", diagnostics_);
    for (const char* key : {"id", "title", "text", "source", "captured"}) map.require(key);
    read_new_identifier(map, "clause", clause.id, state_.clause_places);
    read_words(map, "title", clause.title);
    if (map.text("text", clause.text) && clause.text.empty()) map.error(*map.node("text"), "'text' is empty");
    read_words(map, "source", clause.source);
    if (map.string("captured", clause.captured) && !is_date(clause.captured)) {
      map.error(*map.node("captured"),
                "'captured' must be a date such as 2026-05-27, not " + quote(clause.captured));
    }
    double cap = 0;
    if (map.number("cap", cap, 0.1, kMaxThreshold)) clause.cap = cap;
    read_words(map, "reason", clause.reason);
    map.finish();
    policy_.clauses.push_back(std::move(clause));
  }

  void read_rule(const YamlNode& node) {
    Rule rule;
    rule.location = document_.location(node);
    YamlMap map(document_, node, "rule", diagnostics_);
    for (const char* key : {"id", "clause", "group", "weight"}) map.require(key);
    read_new_identifier(map, "rule", rule.id, state_.rule_places);
    read_clause_of(map, rule);
    read_identifier(map, "group", rule.group);
    read_weight(map, rule);
    if (!read_known_words(map, "language", rule.languages, language_fault)) rule.languages = languages_;
    read_channels_of(map, rule);
    map.boolean("shadow", rule.shadow);
    read_words(map, "reason", rule.reason);
    const std::size_t before = diagnostics_.size();
    std::optional<Condition> condition = conditions_.read_rule(map, node);
    const bool is_sound = condition && diagnostics_.size() == before;
    if (condition) rule.condition = std::move(*condition);
    read_examples(map, node, rule);
    if (is_sound) check_condition(map, node, rule);
    map.finish();
    policy_.rules.push_back(std::move(rule));
  }

  void read_clause_of(YamlMap& map, Rule& rule) {
    if (!map.string("clause", rule.clause) || state_.clause_places.contains(rule.clause)) return;
    std::vector<std::string_view> known;
    for (const auto& entry : state_.clause_places) known.emplace_back(entry.first);
    map.error(*map.node("clause"), "unknown clause " + quote(rule.clause) + suggestion(rule.clause, known));
  }

  static void read_weight(YamlMap& map, Rule& rule) {
    if (!map.number("weight", rule.weight, -kMaxWeight, kMaxWeight)) return;
    if (rule.weight == 0) {
      map.error(*map.node("weight"), "'weight' must not be 0 ('shadow: true' counts without scoring)");
    }
    if (rule.weight > 0) map.require("reason");
  }

  void read_channels_of(YamlMap& map, Rule& rule) {
    read_known_words(map, "channels", rule.channels, [this](std::string_view name) -> std::string {
      std::string fault = channel_fault(name);
      const std::optional<Channel> channel = judged_channel_from(name);
      if (!channel) return fault;
      const bool judged =
          std::find(policy_.channels.begin(), policy_.channels.end(), *channel) != policy_.channels.end();
      return judged ? "" : "channel " + quote(name) + " is none of this policy's";
    });
  }

  void read_examples(YamlMap& map, const YamlNode& node, Rule& rule) {
    if (const YamlNode* examples = map.node("examples")) {
      YamlMap inner(document_, *examples, "examples", diagnostics_);
      inner.texts("hit", rule.examples_hit);
      inner.texts("miss", rule.examples_miss);
      inner.finish();
    }
    const bool has_examples = !rule.examples_hit.empty() || !rule.examples_miss.empty();
    if (!has_examples && has_expressions(rule.condition)) {
      const YamlNode* id = map.node("id");
      map.warning(id == nullptr ? node : *id, "rule " + quote(rule.id) + " has no examples");
    }
  }

  /// Two rules that hold for the same mail are one by mistake.
  void check_condition(YamlMap& map, const YamlNode& node, const Rule& rule) {
    std::string key = canonical_text(rule.condition);
    for (const auto* words : {&rule.languages, &rule.channels}) {
      std::vector<std::string> sorted = *words;
      std::sort(sorted.begin(), sorted.end());
      key += "/";
      for (const std::string& word : sorted) key += word + ",";
    }
    const auto [place, is_new] = state_.conditions_seen.emplace(std::move(key), rule.id);
    if (is_new) return;
    const YamlNode* id = map.node("id");
    map.error(id == nullptr ? node : *id,
              "rule " + quote(rule.id) + " has the same condition as rule " + quote(place->second));
  }

  void warn_of_clauses_without_rules() {
    const YamlNode* list = document_.root().find("clauses");
    for (std::size_t at = 0; at < policy_.clauses.size(); ++at) {
      const std::string& id = policy_.clauses[at].id;
      const bool used = std::any_of(policy_.rules.begin(), policy_.rules.end(),
                                    [&](const Rule& rule) { return rule.clause == id; });
      if (used || id.empty()) continue;
      diagnostics_.push_back(document_.diagnostic(Diagnostic::Severity::warning, list->items[at],
                                                  "clause '" + id + "' has no rules"));
    }
  }

  const YamlDocument& document_;
  const std::vector<std::string>& folders_;
  PolicyState& state_;
  Policy& policy_;
  std::vector<Diagnostic>& diagnostics_;
  ConditionReader conditions_;
  std::vector<std::string> languages_;  ///< of rules that name none
};

}  // namespace

std::optional<Policy> load_policy(const YamlDocument& document, std::vector<Diagnostic>& diagnostics,
                                  const std::vector<std::string>& folders) {
  std::vector<Diagnostic> found;
  PolicyState state;
  PolicyReader(document, folders, state, found).read_policy();
  const bool refused = has_errors(found);
  diagnostics.insert(diagnostics.end(), std::make_move_iterator(found.begin()),
                     std::make_move_iterator(found.end()));
  if (refused) return std::nullopt;
  return std::move(state.policy);
}

std::optional<Policy> load_policy_file(const std::string& path, std::vector<Diagnostic>& diagnostics,
                                       const std::vector<std::string>& folders) {
  const std::optional<YamlDocument> document = YamlDocument::read(path, diagnostics);
  if (!document) return std::nullopt;
  std::vector<std::string> all{std::filesystem::absolute(path).parent_path().string()};
  all.insert(all.end(), folders.begin(), folders.end());
  return load_policy(*document, diagnostics, all);
}

}  // namespace coldpitch
