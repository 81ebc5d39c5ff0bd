// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/judge.h"
#include "policies/scan.h"

namespace coldpitch {

/// What came of one example of a rule.
struct ExampleResult {
  std::string policy, rule, text;
  bool expected = true;  ///< that the rule holds
  bool holds = true;
  SourceLocation location;
};

/// Runs the examples of every rule: each text stands in all the fields the rule looks at, and all facts it asks for hold (but
/// those under `none`). Examples of a rule that looks at no text are warned of, and not run.
[[nodiscard]] std::vector<ExampleResult> run_examples(const CompiledPolicy& policy, const Scanner& scanner,
                                                      std::vector<Diagnostic>& diagnostics);

/// An error for each that did not do what it says.
void report_examples(const std::vector<ExampleResult>& results, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
