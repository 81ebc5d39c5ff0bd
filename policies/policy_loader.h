// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/expression_pool.h"
#include "policies/policy.h"
#include "policies/policy_assembly.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// What policies that are loaded together share: each expression is compiled, and each included file read, once. Not thread-safe.
struct PolicyLoading {
  ExpressionPool expressions;
  IncludedFiles included;
  std::vector<Policy>
      halves;  ///< the sound rules of policies that were refused, for their examples to be tried all the same
};

/// Reads one policy out of a parsed document. The form is described in docs/policies.md.
///
/// Refused: unknown keys (with "did you mean"), missing or wrong values, unknown clauses, fields, signals, channels and languages,
/// duplicate rule and clause ids, two rules with the same condition, expressions RE2 refuses, that match the empty text, or hold a
/// gap (`.*`, `.+`, `.{m,n}`, `[^...]*`) wider than 8 characters, control octets in expressions, upper-case letters in an expression
/// (text is folded: they never match), weights out of -10..10. Warned: clauses without rules, rules without examples. All of them, not the first.
///
/// Files named under `include`, and the policy named by `extends`, are looked for in `folders`, in that order (see assemble_policy());
/// without folders nothing is read. Where several policies are loaded they may share what is in `shared`.
[[nodiscard]] std::optional<Policy> load_policy(YamlDocument document, std::vector<Diagnostic>& diagnostics,
                                                const std::vector<std::string>& folders = {},
                                                PolicyLoading* shared = nullptr);

/// Reads and loads the file at `path`. What it includes is looked for beside it, then in `folders`.
[[nodiscard]] std::optional<Policy> load_policy_file(const std::string& path,
                                                     std::vector<Diagnostic>& diagnostics,
                                                     const std::vector<std::string>& folders = {},
                                                     PolicyLoading* shared = nullptr);

}  // namespace coldpitch
