// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/engine.h"
#include "policies/matcher.h"
#include "policies/policy.h"
#include "policies/subject_matter.h"

namespace coldpitch {

/// The expressions of all conditions, each once for a field, and what is asked of them.
struct ExpressionTable {
  /// Expressions of one field that must begin near each other.
  struct Near {
    std::string field;                     ///< as Expression::field
    std::vector<std::size_t> expressions;  ///< as they stand in the rule
    std::size_t words = 0;                 ///< apart at most
    std::vector<std::string> languages;    ///< as Expression::languages
  };
  std::vector<Expression> expressions;
  std::vector<SourceLocation> locations;  ///< by expression: where it was first written
  std::vector<bool> alone;  ///< by expression: it counts without others; its first hit is wanted
  std::vector<const WordList*>
      lists;  ///< by expression: the list it stands for (its text is then empty), or nullptr
  std::vector<Near> nears;
  std::map<std::pair<std::string, std::string>, std::size_t> indices;  ///< by field and text
  const Policy* policy = nullptr;      ///< whose conditions come next, for its lists
  std::vector<std::string> languages;  ///< of the rule whose condition comes next; empty: any
};

/// A Condition whose expressions are known by index.
struct CompiledCondition {
  static constexpr std::size_t kMaxDepth = 32;

  /// Expressions that must all hit in one field.
  struct InField {
    std::string field;  ///< as Expression::field
    std::vector<std::size_t> expressions;
    std::size_t near = 0;  ///< of kind near: its index in ExpressionTable::nears
  };
  Condition::Kind kind = Condition::Kind::any;
  std::string signal;           ///< of kind signal
  std::size_t count = 0;        ///< of kind at_least
  std::vector<InField> fields;  ///< of pattern, list and near: one of these is enough
  std::vector<CompiledCondition> children;
};

/// Enters the expressions of `condition` in `table`. Conditions that can never mean anything (no parts, no field, `near` of something
/// else than patterns, deeper than kMaxDepth) become errors in `diagnostics`; the result is then of no use.
[[nodiscard]] CompiledCondition compile_condition(const Condition& condition, ExpressionTable& table,
                                                  std::vector<Diagnostic>& diagnostics);

/// Whether a condition holds, and what shows it best: words before facts, then what stands first in the rule.
struct Finding {
  bool holds = false;
  const std::string* field = nullptr;       ///< of the words
  const PatternHits::Hit* first = nullptr;  ///< the words; of `near` the first hit ...
  const PatternHits::Hit* last = nullptr;   ///< ... and the one that ends last; else the same
  const Signal* signal = nullptr;           ///< the fact, where there are no words
};

/// The pointers of the result point into the arguments. Cost: linear in the condition.
[[nodiscard]] Finding evaluate(const CompiledCondition& condition, const SubjectMatter& matter,
                               const PatternHits& hits);

}  // namespace coldpitch
