// SPDX-License-Identifier: MIT
#include "policies/examples.h"

#include <algorithm>
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
  Scanner::Selection fields;
  std::set<std::string> signals;
};

void collect_names(const CompiledCondition& condition, bool wanted, Names& names) {
  for (const auto& in_field : condition.fields) {
    Scanner::Selected& selected = names.fields[in_field.field];
    if (condition.kind == Condition::Kind::near) {
      selected.nears.push_back(in_field.near);
    } else {
      selected.expressions.push_back(in_field.expressions.front());
    }
  }
  if (wanted && condition.kind == Condition::Kind::signal) names.signals.insert(condition.signal);
  const bool children_wanted = condition.kind == Condition::Kind::none ? !wanted : wanted;
  for (const CompiledCondition& child : condition.children) collect_names(child, children_wanted, names);
}

Header header_with(const Names& names, const std::string& text) {
  std::vector<HeaderField> fields;
  for (const auto& [field, expressions] : names.fields) {
    if (field.starts_with(kHeaderPrefix)) fields.push_back({field.substr(kHeaderPrefix.size()), text});
  }
  return Header(std::move(fields));
}

bool holds(const CompiledRule& rule, const Names& names, const std::string& text, const Scanner& scanner) {
  const Header header = header_with(names, text);
  SubjectMatter matter;
  matter.header = &header;
  const FoldedText folded = fold_text(text);
  for (const auto& [field, expressions] : names.fields) {
    matter.fields.insert_or_assign(field, MatchText{text, field, folded.text, folded.source});
  }
  for (const std::string& signal : names.signals) matter.signals.try_emplace(signal);
  if (!rule.rule->languages.empty()) matter.language = rule.rule->languages.front();
  return evaluate(rule.condition, matter, scanner.scan(matter, names.fields)).holds;
}

void run_examples_of(const CompiledPolicy& policy, const CompiledRule& compiled, const Scanner& scanner,
                     std::vector<ExampleResult>& results, std::vector<Diagnostic>& diagnostics) {
  const Rule& rule = *compiled.rule;
  if (rule.examples_hit.empty() && rule.examples_miss.empty()) return;
  Names names;
  collect_names(compiled.condition, true, names);
  if (names.fields.empty()) {
    diagnostics.push_back({Diagnostic::Severity::warning, rule.location,
                           "rule '" + rule.id + "': examples without an expression to try them on", ""});
    return;
  }
  const auto run = [&](const std::vector<std::string>& texts, const std::vector<SourceLocation>& places,
                       bool expected) {
    for (std::size_t at = 0; at < texts.size(); ++at) {
      results.push_back({policy.policy->id, rule.id, texts[at], expected,
                         holds(compiled, names, texts[at], scanner),
                         at < places.size() ? places[at] : rule.location});
    }
  };
  run(rule.examples_hit, rule.hit_places, true);
  run(rule.examples_miss, rule.miss_places, false);
}

}  // namespace

std::vector<ExampleResult> run_examples(const CompiledPolicy& policy, const Scanner& scanner,
                                        std::vector<Diagnostic>& diagnostics) {
  std::vector<ExampleResult> results;
  for (const CompiledRule& rule : policy.rules) run_examples_of(policy, rule, scanner, results, diagnostics);
  return results;
}

void report_examples(const std::vector<ExampleResult>& results, std::vector<Diagnostic>& diagnostics) {
  for (const ExampleResult& result : results) {
    if (result.holds == result.expected) continue;
    const std::string what =
        result.expected ? "example should hit but does not: " : "example should miss but hits: ";
    diagnostics.push_back({Diagnostic::Severity::error, result.location,
                           "rule '" + result.rule + "': " + what + "\"" + printable(result.text, 80) + "\"",
                           ""});
  }
}

}  // namespace coldpitch
