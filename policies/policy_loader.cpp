// SPDX-License-Identifier: MIT
#include "policies/policy_loader.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "policies/condition_reader.h"
#include "policies/list_file.h"
#include "policies/policy_assembly.h"
#include "policies/policy_checks.h"
#include "policies/policy_schema.h"
#include "policies/policy_words.h"
#include "policies/schema_map.h"
#include "policies/word_lists.h"

namespace coldpitch {
namespace {

/// "line 7", or "sales/de.yaml:7" where that is in another file than `node`.
std::string place_text(const SourceLocation& location, const YamlDocument& document, const YamlNode& node) {
  const std::string line = std::to_string(location.line);
  return location.file == document.location(node).file ? "line " + line : location.file + ":" + line;
}

/// True when the condition or a part of it looks at words.
bool has_expressions(const Condition& condition) {
  return condition.kind == Condition::Kind::pattern || condition.kind == Condition::Kind::near ||
         condition.kind == Condition::Kind::list ||
         std::any_of(condition.children.begin(), condition.children.end(), has_expressions);
}

bool names_list(const Condition& condition) {
  return condition.kind == Condition::Kind::list ||
         std::any_of(condition.children.begin(), condition.children.end(), names_list);
}

/// Reads one policy document.
class PolicyReader {
 public:
  PolicyReader(const YamlDocument& document, bool may_read, ExpressionPool& expressions,
               std::vector<Diagnostic>& diagnostics)
      : document_(document),
        diagnostics_(diagnostics),
        expressions_(expressions),
        conditions_(document, policy_.lists, expressions, diagnostics),
        may_read_(may_read) {}

  /// Takes out the rules something is wrong with, or with a list they may name.
  void keep_sound_rules(Policy& policy) const {
    std::erase_if(policy.rules, [this](const Rule& rule) {
      return faulty_.contains(rule.id) || (lists_are_faulty_ && names_list(rule.condition));
    });
  }

  Policy read() {
    const YamlNode& root = document_.root();
    policy_.location = document_.location(root);
    SchemaMap map(document_, root, policy_schema(), diagnostics_);
    map.text("policy", policy_.id);
    read_words(map, "title", policy_.title);
    read_channels(map);
    read_thresholds(map);
    const std::size_t before_lists = diagnostics_.size();
    read_list(map, "lists", &PolicyReader::read_word_list);
    lists_are_faulty_ = has_error_since(before_lists);
    read_list(map, "clauses", &PolicyReader::read_clause);
    read_list(map, "rules", &PolicyReader::read_rule);
    read_verdict(map);
    map.finish();
    warn_of_clauses_without_rules();
    check_policy(policy_, document_, faulty_, expressions_, diagnostics_);
    return std::move(policy_);
  }

 private:
  [[nodiscard]] bool has_error_since(std::size_t first) const {
    const auto is_error = [](const Diagnostic& one) { return one.severity == Diagnostic::Severity::error; };
    return std::any_of(diagnostics_.begin() + static_cast<std::ptrdiff_t>(first), diagnostics_.end(),
                       is_error);
  }

  /// Where an id was first given, by id.
  using Places = std::map<std::string, SourceLocation, std::less<>>;

  /// An id that must differ from all in `places`.
  void read_new_identifier(SchemaMap& map, std::string_view what, std::string& out, Places& places) {
    if (!map.text("id", out)) return;
    const YamlNode& node = *map.node("id");
    const auto [place, is_new] = places.emplace(out, document_.location(node));
    if (!is_new) {
      map.error(node, std::string(what) + " '" + out + "' is there twice (first in " +
                          place_text(place->second, document_, node) + ")");
    }
  }

  /// Words for people: one line that is not empty.
  static void read_words(SchemaMap& map, std::string_view key, std::string& out) {
    if (map.text(key, out) && out.empty()) map.error(*map.node(key), "'" + std::string(key) + "' is empty");
  }

  void read_channels(SchemaMap& map) {
    std::vector<std::string> names;
    map.words("channels", names, channel_fault);
    for (const std::string& name : names) {
      if (const std::optional<Channel> channel = judged_channel_from(name))
        policy_.channels.push_back(*channel);
    }
  }

  void read_thresholds(SchemaMap& map) {
    const YamlNode* node = map.node("thresholds");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, thresholds_schema(), diagnostics_);
    std::optional<Level> milder;
    for (const Level level : {Level::suspect, Level::pitch, Level::repeat_pitch}) {
      double value = 0;
      if (!inner.number(to_string(level), value)) continue;
      policy_.thresholds[level] = value;
      if (milder && value < policy_.thresholds[*milder]) {
        tell_of_thresholds(inner, *milder, level);
      } else {
        milder = level;
      }
    }
    inner.finish();
  }

  /// In a policy laid over another, what the site wrote is named, not what is shipped.
  void tell_of_thresholds(SchemaMap& map, Level milder, Level harsher) {
    const YamlNode& high = *map.node(to_string(milder));
    const YamlNode& low = *map.node(to_string(harsher));
    const bool is_shipped = low.source == document_.root().source;
    map.error(is_shipped && high.source != low.source ? high : low,
              "'" + std::string(to_string(harsher)) + "' (" + low.scalar + ") is less than '" +
                  std::string(to_string(milder)) + "' (" + high.scalar + "), a milder verdict");
  }

  void read_verdict(SchemaMap& map) {
    const YamlNode* node = map.node("verdict");
    if (node == nullptr) return;
    SchemaMap inner(document_, *node, verdict_schema(), diagnostics_);
    inner.integer("minimum-groups", policy_.minimum_groups);
    const bool given = inner.integer("minimum-groups-with-strong", policy_.minimum_groups_with_strong);
    if (given && policy_.minimum_groups_with_strong > policy_.minimum_groups) {
      inner.error(*inner.node("minimum-groups-with-strong"),
                  "'minimum-groups-with-strong' is more than 'minimum-groups'");
    }
    policy_.minimum_groups_with_strong = std::min(policy_.minimum_groups_with_strong, policy_.minimum_groups);
    read_groups(inner, "strong-groups", policy_.strong_groups);
    read_groups(inner, "needs-one-of", policy_.needed_groups);
    inner.finish();
  }

  void read_groups(SchemaMap& map, std::string_view key, std::vector<std::string>& groups) {
    if (!map.texts(key, groups) || policy_.rules.empty()) return;
    const YamlNode& node = *map.node(key);
    std::set<std::string_view> known;
    for (const Rule& rule : policy_.rules) known.insert(rule.group);
    for (const std::string& group : groups) {
      if (known.contains(group)) continue;
      map.warning(node,
                  "no rule is of group " + quote(group) + suggestion(group, {known.begin(), known.end()}));
    }
  }

  /// Calls `read_one` for each entry of the list `key`.
  void read_list(SchemaMap& map, std::string_view key, void (PolicyReader::*read_one)(const YamlNode&)) {
    const std::vector<YamlNode>* items = map.list(key);
    if (items == nullptr) return;
    for (const YamlNode& item : *items) (this->*read_one)(item);
  }

  void read_word_list(const YamlNode& node) {
    WordList list;
    list.location = document_.location(node);
    SchemaMap map(document_, node, list_schema(), diagnostics_);
    read_new_identifier(map, "list", list.id, list_places_);
    std::string kind;
    if (map.text("kind", kind) && kind == "domains") list.kind = WordList::Kind::domains;
    read_entries(map, list);
    read_entries_of_file(map, node, list);
    map.finish();
    policy_.lists.push_back(std::move(list));
  }

  static void read_entries(SchemaMap& map, WordList& list) {
    if (!map.texts("entries", list.entries)) return;
    const std::vector<YamlNode>& items = map.node("entries")->items;
    for (std::size_t at = 0; at < items.size(); ++at) {
      std::string fault = list_entry_fault(list.kind, list.entries[at]);
      if (!fault.empty()) map.error(items[at], std::move(fault));
    }
  }

  void read_entries_of_file(SchemaMap& map, const YamlNode& node, WordList& list) {
    std::string file;
    if (!map.text("file", file)) {
      if (list.entries.empty() && !map.has("file")) map.error(node, "list lacks 'file' or 'entries'");
      return;
    }
    if (map.has("entries")) map.error(*map.node("entries"), "a list has 'file' or 'entries', not both");
    if (!may_read_) return map.error(*map.node("file"), "no files are read here");
    const std::filesystem::path folder =
        std::filesystem::absolute(document_.location(node).file).parent_path();
    const auto entries = read_list_file((folder / file).lexically_normal().string(), diagnostics_);
    if (!entries) return map.error(*map.node("file"), "list " + quote(list.id) + " cannot be used");
    for (const ListEntry& entry : *entries) {
      std::string fault = list_entry_fault(list.kind, entry.text);
      if (!fault.empty()) {
        diagnostics_.push_back({Diagnostic::Severity::error, entry.location, std::move(fault), entry.line});
      }
      list.entries.push_back(entry.text);
    }
  }

  /// One text, or a text for each of some languages: then the English one, else the first, stands for the others.
  void read_reason(SchemaMap& map, std::string& reason, std::map<std::string, std::string, std::less<>>& in) {
    const YamlNode* node = map.node("reason");
    if (node == nullptr || node->kind != YamlNode::Kind::map) return read_words(map, "reason", reason);
    SchemaMap texts(document_, *node, reason_schema(), diagnostics_);
    for (const YamlEntry& entry : node->entries) {
      const std::string& language = entry.key.scalar;
      if (reason_schema().find(language) == nullptr) continue;  // finish() says so
      read_words(texts, language, in[language]);
      if (reason.empty() || language == "en") reason = in[language];
    }
    if (node->entries.empty()) map.error(*node, "'reason' is empty");
    texts.finish();
  }

  void read_clause(const YamlNode& node) {
    Clause clause;
    clause.location = document_.location(node);
    SchemaMap map(document_, node, clause_schema(), diagnostics_);
    read_new_identifier(map, "clause", clause.id, clause_places_);
    read_words(map, "title", clause.title);
    if (map.text("text", clause.text) && clause.text.empty()) map.error(*map.node("text"), "'text' is empty");
    read_words(map, "source", clause.source);
    map.text("captured", clause.captured);
    double cap = 0;
    if (map.number("cap", cap)) clause.cap = cap;
    read_reason(map, clause.reason, clause.reason_in);
    map.finish();
    policy_.clauses.push_back(std::move(clause));
  }

  void read_rule(const YamlNode& node) {
    Rule rule;
    rule.location = document_.location(node);
    const std::size_t at_first = diagnostics_.size();
    SchemaMap map(document_, node, rule_schema(), diagnostics_);
    read_new_identifier(map, "rule", rule.id, rule_places_);
    read_clause_of(map, rule);
    map.text("group", rule.group);
    read_weight(map, rule);
    map.words("language", rule.languages, language_fault);
    read_channels_of(map, rule);
    map.text("offer", rule.offer);
    map.boolean("shadow", rule.shadow);
    map.boolean("graded", rule.graded);
    bool enabled = true;
    map.boolean("enabled", enabled);
    read_reason(map, rule.reason, rule.reason_in);
    const std::size_t before = diagnostics_.size();
    std::optional<Condition> condition = conditions_.read_rule(map, node);
    const bool is_sound = condition && diagnostics_.size() == before;
    if (condition) rule.condition = std::move(*condition);
    read_examples(map, node, rule);
    if (is_sound) check_condition(map, node, rule);
    map.finish();
    if (has_error_since(at_first)) faulty_.insert(rule.id);
    if (enabled) policy_.rules.push_back(std::move(rule));
  }

  void read_clause_of(SchemaMap& map, Rule& rule) {
    if (!map.text("clause", rule.clause) || clause_places_.contains(rule.clause)) return;
    std::vector<std::string_view> known;
    for (const auto& entry : clause_places_) known.emplace_back(entry.first);
    map.error(*map.node("clause"), "unknown clause " + quote(rule.clause) + suggestion(rule.clause, known));
  }

  static void read_weight(SchemaMap& map, Rule& rule) {
    if (!map.number("weight", rule.weight)) return;
    if (rule.weight == 0) {
      map.error(*map.node("weight"), "'weight' must not be 0 ('shadow: true' counts without scoring)");
    }
    if (rule.weight > 0) map.require("reason");
  }

  void read_channels_of(SchemaMap& map, Rule& rule) {
    map.words("channels", rule.channels, [this](std::string_view name) -> std::string {
      std::string fault = channel_fault(name);
      const std::optional<Channel> channel = judged_channel_from(name);
      if (!channel) return fault;
      const bool judged =
          std::find(policy_.channels.begin(), policy_.channels.end(), *channel) != policy_.channels.end();
      return judged ? "" : "channel " + quote(name) + " is none of this policy's";
    });
  }

  void read_examples(SchemaMap& map, const YamlNode& node, Rule& rule) {
    if (const YamlNode* examples = map.node("examples")) {
      SchemaMap inner(document_, *examples, examples_schema(), diagnostics_);
      read_texts_to_try(inner, "hit", rule.examples_hit, rule.hit_places);
      read_texts_to_try(inner, "miss", rule.examples_miss, rule.miss_places);
      inner.finish();
    }
    const bool has_examples = !rule.examples_hit.empty() || !rule.examples_miss.empty();
    if (!has_examples && has_expressions(rule.condition) && !map.is_misspelt("examples")) {
      const YamlNode* id = map.node("id");
      map.warning(id == nullptr ? node : *id, "rule " + quote(rule.id) + " has no examples");
    }
  }

  void read_texts_to_try(SchemaMap& map, std::string_view key, std::vector<std::string>& texts,
                         std::vector<SourceLocation>& places) {
    if (!map.texts(key, texts)) return;
    const YamlNode& node = *map.node(key);
    if (node.kind != YamlNode::Kind::sequence) places.push_back(document_.location(node));
    for (const YamlNode& item : node.items) places.push_back(document_.location(item));
  }

  /// Two rules that hold for the same mail are one by mistake.
  void check_condition(SchemaMap& map, const YamlNode& node, const Rule& rule) {
    std::string key = canonical_text(rule.condition);
    for (const auto* words : {&rule.languages, &rule.channels}) {
      std::vector<std::string> sorted = *words;
      std::sort(sorted.begin(), sorted.end());
      key += "/";
      for (const std::string& word : sorted) key += word + ",";
    }
    const auto [place, is_new] = conditions_seen_.emplace(std::move(key), rule.id);
    if (is_new) return;
    const YamlNode* id = map.node("id");
    map.error(id == nullptr ? node : *id,
              "rule " + quote(rule.id) + " has the same condition as rule " + quote(place->second));
  }

  void warn_of_clauses_without_rules() {
    if (policy_.rules.empty()) return;  // which is said
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
  std::vector<Diagnostic>& diagnostics_;
  ExpressionPool& expressions_;
  ConditionReader conditions_;
  Policy policy_;
  bool may_read_;
  Places clause_places_, rule_places_, list_places_;
  std::set<std::string> faulty_;  ///< rules something is wrong with
  bool lists_are_faulty_ = false;
  std::map<std::string, std::string>
      conditions_seen_;  ///< id of the first rule with a condition, by its canonical text
};

}  // namespace

std::optional<Policy> load_policy(YamlDocument document, std::vector<Diagnostic>& diagnostics,
                                  const std::vector<std::string>& folders, PolicyLoading* shared) {
  PolicyLoading own;
  if (shared == nullptr) shared = &own;
  std::vector<Diagnostic> found;
  const std::optional<YamlDocument> whole =
      assemble_policy(std::move(document), folders, found, &shared->included);
  std::optional<Policy> policy;
  if (whole) {
    PolicyReader reader(*whole, !folders.empty(), shared->expressions, found);
    policy = reader.read();
    if (has_errors(found)) {
      reader.keep_sound_rules(*policy);
      shared->halves.push_back(std::move(*policy));
      policy.reset();
    }
  }
  diagnostics.insert(diagnostics.end(), std::make_move_iterator(found.begin()),
                     std::make_move_iterator(found.end()));
  return policy;
}

std::optional<Policy> load_policy_file(const std::string& path, std::vector<Diagnostic>& diagnostics,
                                       const std::vector<std::string>& folders, PolicyLoading* shared) {
  std::vector<Diagnostic> of_yaml;
  std::optional<YamlDocument> document = YamlDocument::read(path, of_yaml, /*despite_duplicates=*/true);
  const bool refused = has_errors(of_yaml);
  std::move(of_yaml.begin(), of_yaml.end(), std::back_inserter(diagnostics));
  if (!document) return std::nullopt;
  std::vector<std::string> all{std::filesystem::absolute(path).parent_path().string()};
  all.insert(all.end(), folders.begin(), folders.end());
  std::optional<Policy> policy = load_policy(std::move(*document), diagnostics, all, shared);
  if (refused) return std::nullopt;
  return policy;
}

}  // namespace coldpitch
