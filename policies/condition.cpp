// SPDX-License-Identifier: MIT
#include "policies/condition.h"

#include <algorithm>

#include "parsers/text.h"

namespace coldpitch {
namespace {

using Kind = Condition::Kind;

void refuse(const Condition& condition, std::string message, std::vector<Diagnostic>& diagnostics) {
  diagnostics.push_back({Diagnostic::Severity::error, condition.location, std::move(message), {}});
}

/// Names of header fields do not differ by case; those of texts are lower case anyway.
std::string field_key(const std::string& where) { return to_ascii_lower(where); }

/// nullptr when the policy has no such list.
const WordList* find_list(const std::string& id, const ExpressionTable& table) {
  if (table.policy == nullptr) return nullptr;
  const std::vector<WordList>& lists = table.policy->lists;
  const auto found =
      std::find_if(lists.begin(), lists.end(), [&](const WordList& list) { return list.id == id; });
  return found == lists.end() ? nullptr : &*found;
}

/// An expression of two rules is looked for in the languages of both.
void widen(std::vector<std::string>& languages, const std::vector<std::string>& more) {
  if (languages.empty() || more.empty()) {
    languages.clear();
    return;
  }
  languages.insert(languages.end(), more.begin(), more.end());
  std::sort(languages.begin(), languages.end());
  languages.erase(std::unique(languages.begin(), languages.end()), languages.end());
}

/// Of an expression or a list. No expression holds a line end, so the two cannot be taken for each other.
std::size_t index_of(const std::string& field, const Condition& pattern, ExpressionTable& table) {
  const WordList* list = pattern.kind == Kind::list ? find_list(pattern.text, table) : nullptr;
  std::string key = list == nullptr ? pattern.text : "list\n" + table.policy->id + "\n" + list->id;
  const auto [entry, is_new] = table.indices.try_emplace({field, std::move(key)}, table.expressions.size());
  if (is_new) {
    table.expressions.push_back({field, list == nullptr ? pattern.text : "", table.languages});
    std::sort(table.expressions.back().languages.begin(), table.expressions.back().languages.end());
    table.lists.push_back(list);
    table.locations.push_back(pattern.location);
    table.alone.push_back(false);
  } else {
    widen(table.expressions[entry->second].languages, table.languages);
  }
  return entry->second;
}

void compile_pattern(const Condition& condition, ExpressionTable& table, CompiledCondition& compiled) {
  for (const std::string& where : condition.where) {
    const std::string field = field_key(where);
    const std::size_t index = index_of(field, condition, table);
    table.alone[index] = true;
    compiled.fields.push_back({field, {index}, 0});
  }
}

void compile_near(const Condition& condition, ExpressionTable& table, CompiledCondition& compiled) {
  for (const std::string& where : condition.where) {
    CompiledCondition::InField in_field{field_key(where), {}, table.nears.size()};
    for (const Condition& child : condition.children) {
      in_field.expressions.push_back(index_of(in_field.field, child, table));
    }
    table.nears.push_back({in_field.field, in_field.expressions, condition.words, table.languages});
    compiled.fields.push_back(std::move(in_field));
  }
}

/// What is wrong with the condition itself, or "".
std::string fault_of(const Condition& condition, const ExpressionTable& table) {
  if (condition.kind == Kind::list && find_list(condition.text, table) == nullptr) {
    return "there is no list " + quote(condition.text);
  }
  const bool is_expression = condition.kind == Kind::pattern || condition.kind == Kind::list;
  const bool has_words = is_expression || condition.kind == Kind::near;
  if (has_words && condition.where.empty()) return "expression without a field to look in";
  if (is_expression) return {};
  if (condition.kind == Kind::signal) return {};
  if (condition.children.empty()) return "condition without parts";
  const auto is_pattern = [](const Condition& child) {
    return child.kind == Kind::pattern || child.kind == Kind::list;
  };
  const bool all_patterns = std::all_of(condition.children.begin(), condition.children.end(), is_pattern);
  if (condition.kind == Kind::near && !all_patterns) return "'near' holds expressions and lists only";
  for (const Condition& child : condition.children) {
    if (condition.kind == Kind::near && child.kind == Kind::list && find_list(child.text, table) == nullptr) {
      return "there is no list " + quote(child.text);
    }
  }
  return {};
}

CompiledCondition compile_at(const Condition& condition, std::size_t depth, ExpressionTable& table,
                             std::vector<Diagnostic>& diagnostics) {
  CompiledCondition compiled;
  compiled.kind = condition.kind;
  std::string fault =
      depth > CompiledCondition::kMaxDepth ? "conditions nested too deeply" : fault_of(condition, table);
  if (!fault.empty()) {
    refuse(condition, std::move(fault), diagnostics);
    return compiled;
  }
  switch (condition.kind) {
    case Kind::pattern:
    case Kind::list:
      compile_pattern(condition, table, compiled);
      return compiled;
    case Kind::near:
      compile_near(condition, table, compiled);
      return compiled;
    case Kind::signal:
      compiled.signal = condition.text;
      return compiled;
    case Kind::any:
    case Kind::all:
    case Kind::none:
    case Kind::at_least:
      break;
  }
  compiled.count = condition.count;
  compiled.children.reserve(condition.children.size());
  for (const Condition& child : condition.children) {
    compiled.children.push_back(compile_at(child, depth + 1, table, diagnostics));
  }
  return compiled;
}

Finding find_pattern(const CompiledCondition& condition, const PatternHits& hits) {
  for (const auto& in_field : condition.fields) {
    const PatternHits::Hit* found = hits.of(in_field.expressions.front());
    if (found != nullptr) return {true, &in_field.field, found, found, nullptr};
  }
  return {};
}

Finding find_near(const CompiledCondition& condition, const PatternHits& hits) {
  for (const auto& in_field : condition.fields) {
    const PatternHits::Near* found = hits.near(in_field.near);
    if (found != nullptr) return {true, &in_field.field, &found->first, &found->last, nullptr};
  }
  return {};
}

Finding find_signal(const CompiledCondition& condition, const SubjectMatter& matter) {
  const auto signal = matter.signals.find(condition.signal);
  if (signal == matter.signals.end()) return {};
  return {true, nullptr, nullptr, nullptr, &signal->second};
}

bool shows_better(const Finding& candidate, const Finding& best) {
  if (candidate.first != nullptr) return best.first == nullptr;
  return candidate.signal != nullptr && best.first == nullptr && best.signal == nullptr;
}

Finding find_among_children(const CompiledCondition& condition, const SubjectMatter& matter,
                            const PatternHits& hits) {
  std::size_t holding = 0;
  Finding best;
  for (const CompiledCondition& child : condition.children) {
    const Finding finding = evaluate(child, matter, hits);
    if (!finding.holds) continue;
    ++holding;
    if (shows_better(finding, best)) best = finding;
  }
  std::size_t needed = condition.count;
  if (condition.kind == Kind::any) needed = 1;
  if (condition.kind == Kind::all) needed = condition.children.size();
  if (condition.kind == Kind::none) return {holding == 0, nullptr, nullptr, nullptr, nullptr};
  if (holding < needed) return {};
  best.holds = true;
  return best;
}

}  // namespace

CompiledCondition compile_condition(const Condition& condition, ExpressionTable& table,
                                    std::vector<Diagnostic>& diagnostics) {
  return compile_at(condition, 0, table, diagnostics);
}

Finding evaluate(const CompiledCondition& condition, const SubjectMatter& matter, const PatternHits& hits) {
  switch (condition.kind) {
    case Kind::pattern:
    case Kind::list:
      return find_pattern(condition, hits);
    case Kind::near:
      return find_near(condition, hits);
    case Kind::signal:
      return find_signal(condition, matter);
    case Kind::any:
    case Kind::all:
    case Kind::none:
    case Kind::at_least:
      break;
  }
  return find_among_children(condition, matter, hits);
}

}  // namespace coldpitch
