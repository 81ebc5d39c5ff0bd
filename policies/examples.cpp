// SPDX-License-Identifier: MIT
#include "policies/examples.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kHeaderPrefix = "header ";

/// What a rule's condition names.
struct Names {
  std::set<std::string> fields;
  std::set<std::string> signals;
};

void collect_names(const CompiledCondition& condition, bool wanted, Names& names) {
  for (const auto& in_field : condition.fields) names.fields.insert(in_field.field);
  if (wanted && condition.kind == Condition::Kind::signal) names.signals.insert(condition.signal);
  const bool children_wanted = condition.kind == Condition::Kind::none ? !wanted : wanted;
  for (const CompiledCondition& child : condition.children) collect_names(child, children_wanted, names);
}

Header header_with(const Names& names, const std::string& text) {
  std::vector<HeaderField> fields;
  for (const std::string& field : names.fields) {
    if (field.starts_with(kHeaderPrefix)) fields.push_back({field.substr(kHeaderPrefix.size()), text});
  }
  return Header(std::move(fields));
}

bool holds(const CompiledRule& rule, const Names& names, const std::string& text, const Scanner& scanner) {
  const Header header = header_with(names, text);
  SubjectMatter matter;
  matter.header = &header;
  const FoldedText folded = fold_text(text);
  for (const std::string& field : names.fields) {
    matter.fields.insert_or_assign(field, MatchText{text, field, folded.text, folded.source});
  }
  for (const std::string& signal : names.signals) matter.signals.try_emplace(signal);
  if (!rule.rule->languages.empty()) matter.language = rule.rule->languages.front();
  return evaluate(rule.condition, matter, scanner.scan(matter)).holds;
}

void report(const Rule& rule, Diagnostic::Severity severity, std::string message,
            std::vector<Diagnostic>& diagnostics) {
  diagnostics.push_back({severity, rule.location, "rule '" + rule.id + "': " + std::move(message), {}});
}

std::string quoted(const std::string& text) { return "\"" + printable(text, 80) + "\""; }

void run_examples_of(const CompiledRule& compiled, const Scanner& scanner,
                     std::vector<Diagnostic>& diagnostics) {
  const Rule& rule = *compiled.rule;
  if (rule.examples_hit.empty() && rule.examples_miss.empty()) return;
  Names names;
  collect_names(compiled.condition, true, names);
  if (names.fields.empty()) {
    report(rule, Diagnostic::Severity::warning, "examples without an expression to try them on", diagnostics);
    return;
  }
  for (const std::string& text : rule.examples_hit) {
    if (holds(compiled, names, text, scanner)) continue;
    report(rule, Diagnostic::Severity::error, "example should hit but does not: " + quoted(text),
           diagnostics);
  }
  for (const std::string& text : rule.examples_miss) {
    if (!holds(compiled, names, text, scanner)) continue;
    report(rule, Diagnostic::Severity::error, "example should miss but hits: " + quoted(text), diagnostics);
  }
}

}  // namespace

void run_examples(const CompiledPolicy& policy, const Scanner& scanner,
                  std::vector<Diagnostic>& diagnostics) {
  for (const CompiledRule& rule : policy.rules) run_examples_of(rule, scanner, diagnostics);
}

}  // namespace coldpitch
