// SPDX-License-Identifier: MIT
#include "policies/condition_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "parsers/text.h"
#include "policies/expression_checks.h"
#include "policies/policy_schema.h"
#include "policies/policy_words.h"

namespace coldpitch {
namespace {

constexpr std::array<std::pair<std::string_view, Condition::Kind>, 3> kGroups{
    {{"any", Condition::Kind::any}, {"all", Condition::Kind::all}, {"none", Condition::Kind::none}}};

/// Entries of a list; a value that stands alone is a list of one.
std::vector<const YamlNode*> entries_of(const YamlNode& node) {
  std::vector<const YamlNode*> entries;
  if (node.kind == YamlNode::Kind::sequence) {
    entries.reserve(node.items.size());
    for (const YamlNode& item : node.items) entries.push_back(&item);
  } else if (node.kind == YamlNode::Kind::scalar) {
    entries.push_back(&node);
  }
  return entries;
}

/// Text that was meant as a list.
bool is_text_with_comma(const YamlNode& node) {
  return node.kind == YamlNode::Kind::scalar && !node.quoted && node.scalar.find(", ") != std::string::npos;
}

std::string as_list(const YamlNode& node) {
  return " (several are written as a list: " + quote("[" + node.scalar + "]") + ")";
}

/// What was meant by an expression that is none in other places, or "".
std::string other_meaning(const std::string& expression) {
  if (expression.find_first_of("-.") != std::string::npos && signal_fault(expression).empty())
    return "is the name of a signal, and is looked for as words (the signal is {signal: " + expression + "})";
  if (expression.size() > 2 && expression.front() == '/' &&
      (expression.ends_with('/') || expression.ends_with("/i")))
    return "is looked for with its slashes (write it without, and without flags)";
  return "";
}

Condition joined(std::vector<Condition> parts, SourceLocation location) {
  if (parts.size() == 1) return std::move(parts.front());
  Condition all;
  all.kind = Condition::Kind::all;
  all.children = std::move(parts);
  all.location = std::move(location);
  return all;
}

/// `text` with its length before it, so that no two lists of texts run together.
void append_counted(std::string& out, std::string_view text) {
  out.append(std::to_string(text.size())).append(":").append(text);
}

}  // namespace

std::optional<Condition> ConditionReader::read_rule(SchemaMap& map, const YamlNode& node) {
  return read_map(map, node, {"human", "subject"}, Scalars::expressions);
}

std::optional<Condition> ConditionReader::read_map(SchemaMap& map, const YamlNode& node, const Where& where,
                                                   Scalars scalars) {
  Context context{map, where, scalars, {}};
  if (scalars == Scalars::expressions) {
    read_where(context);
    read_single(context);
    read_near(context);
    read_signals(context);
  }
  read_groups(context);
  read_at_least(context);
  if (!context.parts.empty()) return joined(std::move(context.parts), document_.location(node));
  const bool is_map = node.kind == YamlNode::Kind::map || node.kind == YamlNode::Kind::null;
  if (is_map && !map.has_one_of())
    error(node, std::string("a condition is missing (") +
                    (scalars == Scalars::expressions
                         ? "any, all, none, at-least, near, pattern, list, signal or signals)"
                         : "any, all, none or at-least)") +
                    (node.entries.size() == 1 && node.entries.front().value.kind == YamlNode::Kind::scalar &&
                             !node.entries.front().value.quoted
                         ? "; an expression with ': ' in it must stand in quotes"
                         : ""));
  return std::nullopt;
}

std::optional<Condition> ConditionReader::read_entry(const YamlNode& node, const Where& where,
                                                     Scalars scalars) {
  if (node.kind != YamlNode::Kind::map) {
    return scalars == Scalars::expressions ? read_pattern(node, where) : read_signal(node);
  }
  SchemaMap map(document_, node, scalars == Scalars::expressions ? condition_schema() : signals_schema(),
                diagnostics_);
  std::optional<Condition> condition = read_map(map, node, where, scalars);
  map.finish();
  return condition;
}

std::optional<Condition> ConditionReader::read_pattern(const YamlNode& node, const Where& where) {
  if (node.kind != YamlNode::Kind::scalar) {
    error(node, node.kind == YamlNode::Kind::sequence
                    ? "an expression must be text, not a list ('any' takes a list)"
                    : "an expression must be text");
    return std::nullopt;
  }
  if (node.multi_line || node.scalar.find('\n') != std::string::npos) {
    error(node, "an expression must stand on one line (is a quote left open?)");
    return std::nullopt;
  }
  const std::vector<std::string> faults = expression_faults(node.scalar, expressions_);
  for (const std::string& fault : faults) error(node, "expression " + quote(node.scalar) + " " + fault);
  const bool in_words = std::any_of(where.begin(), where.end(), [](const std::string& field) {
    return field == "subject" || field == "body" || field == "human";
  });
  if (faults.empty() && in_words && hits_almost_any_text(node.scalar, expressions_)) {
    error(node, "expression " + quote(node.scalar) + " hits almost any text");
  }
  if (const std::string meant = other_meaning(node.scalar); faults.empty() && !meant.empty()) {
    diagnostics_.push_back(document_.diagnostic(Diagnostic::Severity::warning, node,
                                                "expression " + quote(node.scalar) + " " + meant));
  }
  Condition pattern;
  pattern.kind = Condition::Kind::pattern;
  pattern.text = node.scalar;
  pattern.where = where;
  pattern.location = document_.location(node);
  return pattern;
}

std::optional<Condition> ConditionReader::read_signal(const YamlNode& node) {
  if (node.kind != YamlNode::Kind::scalar) {
    error(node, "a signal must be named by a word ('signals' takes several)");
    return std::nullopt;
  }
  std::string fault = signal_fault(node.scalar);
  if (!fault.empty() && is_text_with_comma(node)) fault += as_list(node);
  if (!fault.empty()) error(node, std::move(fault));
  Condition signal;
  signal.kind = Condition::Kind::signal;
  signal.text = node.scalar;
  signal.location = document_.location(node);
  return signal;
}

std::optional<Condition> ConditionReader::read_list_name(const YamlNode& node, const Where& where) {
  if (node.kind != YamlNode::Kind::scalar) {
    error(node, "a list must be named by a word (its entries stand under 'lists')");
    return std::nullopt;
  }
  std::vector<std::string_view> known;
  for (const WordList& list : lists_) known.emplace_back(list.id);
  if (std::find(known.begin(), known.end(), node.scalar) == known.end()) {
    error(node, "there is no list " + quote(node.scalar) + suggestion(node.scalar, known));
  }
  Condition list;
  list.kind = Condition::Kind::list;
  list.text = node.scalar;
  list.where = where;
  list.location = document_.location(node);
  return list;
}

/// An expression, or a map that names a list.
std::optional<Condition> ConditionReader::read_near_part(const YamlNode& node, const Where& where) {
  if (node.kind != YamlNode::Kind::map) {
    std::optional<Condition> pattern = read_pattern(node, where);
    if (pattern) pattern->where.clear();
    return pattern;
  }
  SchemaMap map(document_, node, near_list_schema(), diagnostics_);
  const YamlNode* name = map.node("list");
  map.finish();
  return name == nullptr ? std::nullopt : read_list_name(*name, {});
}

std::vector<Condition> ConditionReader::read_list(const YamlNode& node, std::string_view key,
                                                  const Where& where, Scalars scalars) {
  const std::vector<const YamlNode*> entries = entries_of(node);
  if (entries.empty()) error(node, "'" + std::string(key) + "' must be a list that is not empty");
  if (scalars == Scalars::expressions && is_text_with_comma(node)) {
    diagnostics_.push_back(document_.diagnostic(
        Diagnostic::Severity::warning, node,
        quote(node.scalar) +
            " is one expression (several are written as a list in brackets; quotes say it is one)"));
  }
  std::vector<Condition> conditions;
  conditions.reserve(entries.size());
  for (const YamlNode* entry : entries) {
    if (std::optional<Condition> condition = read_entry(*entry, where, scalars)) {
      conditions.push_back(std::move(*condition));
    }
  }
  return conditions;
}

void ConditionReader::read_where(Context& context) {
  Where where;
  if (!context.map.texts("where", where)) return;
  const YamlNode& node = *context.map.node("where");
  const std::vector<const YamlNode*> entries = entries_of(node);
  std::set<std::string> seen;
  for (std::size_t at = 0; at < entries.size(); ++at) {
    std::string fault = field_fault(where[at]);
    const bool is_new = seen.insert(to_ascii_lower(where[at])).second;
    if (!is_new && fault.empty()) fault = "field " + quote(where[at]) + " is named twice";
    if (!fault.empty() && is_text_with_comma(node)) fault += as_list(node);
    if (!fault.empty()) error(*entries[at], std::move(fault));
  }
  context.where = std::move(where);
}

void ConditionReader::read_single(Context& context) {
  if (const YamlNode* node = context.map.node("pattern")) {
    if (auto pattern = read_pattern(*node, context.where)) context.parts.push_back(std::move(*pattern));
  }
  if (const YamlNode* node = context.map.node("list")) {
    if (auto list = read_list_name(*node, context.where)) context.parts.push_back(std::move(*list));
  }
  if (const YamlNode* node = context.map.node("signal")) {
    if (auto signal = read_signal(*node)) context.parts.push_back(std::move(*signal));
  }
}

void ConditionReader::read_groups(Context& context) {
  for (const auto& [key, kind] : kGroups) {
    const YamlNode* node = context.map.node(key);
    if (node == nullptr) continue;
    Condition group;
    group.kind = kind;
    group.location = document_.location(*node);
    group.children = read_list(*node, key, context.where, context.scalars);
    context.parts.push_back(std::move(group));
  }
}

void ConditionReader::read_at_least(Context& context) {
  const YamlNode* node = context.map.node("at-least");
  if (node == nullptr) return;
  Condition condition;
  condition.kind = Condition::Kind::at_least;
  condition.location = document_.location(*node);
  SchemaMap map(document_, *node,
                context.scalars == Scalars::expressions ? at_least_schema() : at_least_signals_schema(),
                diagnostics_);
  const bool counted = map.integer("count", condition.count);
  if (const YamlNode* of = map.node("of")) {
    condition.children = read_list(*of, "of", context.where, context.scalars);
    const std::size_t entries = entries_of(*of).size();
    if (counted && entries != 0 && condition.count > entries) {
      map.error(*map.node("count"),
                "'count' is more than the " + std::to_string(entries) + " entries of 'of'");
    }
  }
  map.finish();
  context.parts.push_back(std::move(condition));
}

void ConditionReader::read_near(Context& context) {
  const YamlNode* node = context.map.node("near");
  if (node == nullptr) return;
  SchemaMap map(document_, *node, near_schema(), diagnostics_);
  Context inner{map, context.where, Scalars::expressions, {}};
  read_where(inner);
  Condition near;
  near.kind = Condition::Kind::near;
  near.where = inner.where;
  near.location = document_.location(*node);
  map.integer("within", near.words);
  if (const YamlNode* of = map.node("of")) {
    const std::vector<const YamlNode*> entries = entries_of(*of);
    if (entries.size() < 2) error(*of, "'of' must list two expressions or more");
    for (const YamlNode* entry : entries) {
      if (auto part = read_near_part(*entry, near.where)) near.children.push_back(std::move(*part));
    }
  }
  map.finish();
  context.parts.push_back(std::move(near));
}

void ConditionReader::read_signals(Context& context) {
  const YamlNode* node = context.map.node("signals");
  if (node == nullptr) return;
  if (node->kind == YamlNode::Kind::map) {
    SchemaMap map(document_, *node, signals_schema(), diagnostics_);
    if (auto condition = read_map(map, *node, {}, Scalars::signal_names))
      context.parts.push_back(std::move(*condition));
    map.finish();
    return;
  }
  std::vector<Condition> signals = read_list(*node, "signals", {}, Scalars::signal_names);
  if (!signals.empty()) context.parts.push_back(joined(std::move(signals), document_.location(*node)));
}

void ConditionReader::error(const YamlNode& at, std::string message) {
  diagnostics_.push_back(document_.diagnostic(Diagnostic::Severity::error, at, std::move(message)));
}

std::string canonical_text(const Condition& condition) {
  std::vector<std::string> where;
  for (const std::string& field : condition.where) where.push_back(to_ascii_lower(field));
  std::sort(where.begin(), where.end());
  std::vector<std::string> children;
  for (const Condition& child : condition.children) children.push_back(canonical_text(child));
  std::sort(children.begin(), children.end());
  std::string text = std::to_string(static_cast<int>(condition.kind)) + "/" +
                     std::to_string(condition.words) + "/" + std::to_string(condition.count) + "/";
  append_counted(text, condition.text);
  for (const std::string& field : where) append_counted(text, field);
  text += "/";
  for (const std::string& child : children) append_counted(text, child);
  return text;
}

}  // namespace coldpitch
