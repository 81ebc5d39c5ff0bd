// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "policies/engine.h"
#include "tests/support/catch.h"

namespace coldpitch::test {

inline Condition pattern(std::string expression, std::vector<std::string> where = {"body"}) {
  Condition condition;
  condition.kind = Condition::Kind::pattern;
  condition.text = std::move(expression);
  condition.where = std::move(where);
  return condition;
}

inline Condition signal(std::string name) {
  Condition condition;
  condition.kind = Condition::Kind::signal;
  condition.text = std::move(name);
  return condition;
}

inline Condition combine(Condition::Kind kind, std::vector<Condition> children, std::size_t count = 0) {
  Condition condition;
  condition.kind = kind;
  condition.children = std::move(children);
  condition.count = count;
  return condition;
}

inline Condition near(std::size_t words, const std::vector<std::string>& expressions,
                      const std::vector<std::string>& where = {"body"}) {
  Condition condition;
  condition.kind = Condition::Kind::near;
  condition.words = words;
  condition.where = where;
  for (const std::string& expression : expressions) condition.children.push_back(pattern(expression, {}));
  return condition;
}

inline Rule rule(std::string id, std::string group, double weight, Condition condition) {
  Rule rule;
  rule.id = std::move(id);
  rule.clause = "commercial";
  rule.group = std::move(group);
  rule.weight = weight;
  rule.reason = "reason of " + rule.id;
  rule.condition = std::move(condition);
  return rule;
}

/// Thresholds 3 and 5, a pitch needs three groups, or two with "structure".
inline Policy policy(std::vector<Rule> rules) {
  Policy policy;
  policy.id = "house-rules";
  policy.channels = {Channel::direct};
  policy.thresholds = {{Level::suspect, 3.0}, {Level::pitch, 5.0}};
  policy.strong_groups = {"structure"};
  Clause clause;
  clause.id = "commercial";
  clause.reason = "reason of the clause";
  policy.clauses = {clause};
  policy.rules = std::move(rules);
  return policy;
}

inline std::shared_ptr<const Engine> compiled(std::vector<Policy> policies) {
  std::vector<Diagnostic> diagnostics;
  auto engine = Engine::compile(std::move(policies), diagnostics);
  for (const Diagnostic& diagnostic : diagnostics) UNSCOPED_INFO(diagnostic.message);
  REQUIRE(diagnostics.empty());
  REQUIRE(engine != nullptr);
  return engine;
}

/// A direct mail whose body is `text`, which must outlive it.
inline SubjectMatter body_of(const std::string& text) {
  SubjectMatter matter;
  FoldedText folded = fold_text(text);
  matter.fields["body"] = {text, "body", std::move(folded.text), std::move(folded.source)};
  return matter;
}

inline SubjectMatter signals_of(const std::vector<std::string>& names) {
  SubjectMatter matter;
  for (const std::string& name : names) matter.signals[name] = {};
  return matter;
}

inline Verdict judged(const Engine& engine, const SubjectMatter& matter, const Thresholds& thresholds = {}) {
  return engine.judge(matter, engine.scan(matter), thresholds);
}

}  // namespace coldpitch::test
