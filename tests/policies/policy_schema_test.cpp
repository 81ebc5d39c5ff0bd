// SPDX-License-Identifier: MIT
#include "policies/policy_schema.h"

#include <algorithm>

#include "tests/policies/policy_texts.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

/// True when something is said about the value behind `before`: the loader looked at it.
bool is_read(const std::string& before, const std::string& after) {
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse(before + "[[x]]" + after, "p", diagnostics);
  REQUIRE(document);
  CHECK_FALSE(load_policy(*document, diagnostics, {"/nowhere"}));
  return std::any_of(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& one) {
    return one.location.column > before.size() && one.location.column <= before.size() + 3;
  });
}

void check_keys(const MapSchema& map, const std::string& before, const std::string& after) {
  for (const KeySchema& key : map.keys) {
    const std::string text = before + std::string(key.name) + ": ";
    CAPTURE(text);
    CHECK(is_read(text, after));
  }
}

TEST_CASE("the tables of keys: the loader reads every key they have") {
  for (const KeySchema& key : policy_schema().keys) {
    const std::string text =
        std::string(key.name == "policy" ? "{" : "{policy: p, ") + std::string(key.name) + ": ";
    CAPTURE(text);
    CHECK(is_read(text, "}"));
  }
  check_keys(thresholds_schema(), "{policy: p, thresholds: {", "}}");
  check_keys(verdict_schema(), "{policy: p, verdict: {", "}}");
  check_keys(list_schema(), "{policy: p, lists: [{", "}]}");
  check_keys(clause_schema(), "{policy: p, clauses: [{", "}]}");
  check_keys(rule_schema(), "{policy: p, rules: [{", "}]}");
  check_keys(examples_schema(), "{policy: p, rules: [{examples: {", "}}]}");
  check_keys(condition_schema(), "{policy: p, rules: [{any: [{", "}]}]}");
  check_keys(near_schema(), "{policy: p, rules: [{near: {", "}}]}");
  check_keys(near_list_schema(), "{policy: p, rules: [{near: {of: [a, {", "}]}}]}");
  check_keys(at_least_schema(), "{policy: p, rules: [{at-least: {", "}}]}");
  check_keys(signals_schema(), "{policy: p, rules: [{signals: {", "}}]}");
  check_keys(at_least_signals_schema(), "{policy: p, rules: [{signals: {at-least: {", "}}}]}");
}

}  // namespace
}  // namespace coldpitch
