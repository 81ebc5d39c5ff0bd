// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/policy_loader.h"
#include "tests/policies/told.h"
#include "tests/support/catch.h"

namespace coldpitch::test {

/// A policy without a fault; the tests change a piece of it. Rows below give places in this text.
inline constexpr std::string_view kSound =
    "policy: sample\n"                                                                     // 1
    "title: A sample policy\n"                                                             // 2
    "channels: [direct, list]\n"                                                           // 3
    "thresholds: {suspect: 3.0, pitch: 5.0, repeat-pitch: 6.0}\n"                          // 4
    "verdict: {minimum-groups: 4, minimum-groups-with-strong: 2, strong-groups: [ask]}\n"  // 5
    "clauses:\n"                                                                           // 6
    "  - id: commercial\n"                                                                 // 7
    "    title: Promotion\n"                                                               // 8
    "    text: Do not advertise.\n"                                                        // 9
    "    source: House rules, page 2\n"                                                    // 10
    "    captured: 2026-05-27\n"                                                           // 11
    "    cap: 7.5\n"                                                                       // 12
    "    reason: sells something\n"                                                        // 13
    "rules:\n"                                                                             // 14
    "  - id: meeting-ask\n"                                                                // 15
    "    clause: commercial\n"                                                             // 16
    "    group: ask\n"                                                                     // 17
    "    weight: 1.5\n"                                                                    // 18
    "    where: [subject]\n"                                                               // 19
    "    language: [en, de]\n"                                                             // 20
    "    channels: [direct]\n"                                                             // 21
    "    any: ['quick call']\n"                                                            // 22
    "    signals: [fake-reply]\n"                                                          // 23
    "    reason: asks for a meeting\n"                                                     // 24
    "    examples: {hit: [a quick call], miss: [a call]}\n";                               // 25

/// kSound with the first `from` in it made `to`.
inline std::string changed(std::string_view from, std::string_view to) {
  std::string text(kSound);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

inline std::optional<Policy> load(std::string text, std::vector<Diagnostic>& diagnostics) {
  const auto document = YamlDocument::parse(std::move(text), "p", diagnostics);
  return document ? load_policy(*document, diagnostics) : std::nullopt;
}

/// What is said of a policy; checks that it is refused exactly when an error is said.
inline std::string told_of(std::string text) {
  std::vector<Diagnostic> diagnostics;
  const bool loaded = load(std::move(text), diagnostics).has_value();
  CHECK(loaded == !has_errors(diagnostics));
  return told(diagnostics);
}

/// A condition on one line.
inline std::string shown(const Condition& condition) {
  std::string text;
  switch (condition.kind) {
    case Condition::Kind::pattern:
      return "/" + condition.text + "/" + [&] {
        std::string where;
        for (const std::string& field : condition.where) where += (where.empty() ? "@" : ",") + field;
        return where;
      }();
    case Condition::Kind::list: {
      std::string where;
      for (const std::string& field : condition.where) where += (where.empty() ? "@" : ",") + field;
      return "[" + condition.text + "]" + where;
    }
    case Condition::Kind::signal:
      return "$" + condition.text;
    case Condition::Kind::near:
      text = "near" + std::to_string(condition.words);
      break;
    case Condition::Kind::any:
      text = "any";
      break;
    case Condition::Kind::all:
      text = "all";
      break;
    case Condition::Kind::none:
      text = "none";
      break;
    case Condition::Kind::at_least:
      text = "least" + std::to_string(condition.count);
      break;
  }
  for (const std::string& field : condition.where) text += "@" + field;
  text += "(";
  for (const Condition& child : condition.children) text += (text.back() == '(' ? "" : " ") + shown(child);
  return text + ")";
}

struct Mistake {
  const char* from;
  const char* to;
  const char* expected;
};

inline void check_mistakes(const std::vector<Mistake>& mistakes) {
  for (const Mistake& mistake : mistakes) {
    INFO(mistake.from << " -> " << mistake.to);
    CHECK(told_of(changed(mistake.from, mistake.to)) == mistake.expected);
  }
}

}  // namespace coldpitch::test
