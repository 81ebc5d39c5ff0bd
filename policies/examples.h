// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "policies/diagnostic.h"
#include "policies/judge.h"
#include "policies/scan.h"

namespace coldpitch {

/// Runs the examples of every rule: each text stands in all the fields the rule looks at, and all facts it asks for hold (but
/// those under `none`). A text that does not do what it says is an error at its rule; examples of a rule that looks at no text are warned
/// of. Leaves the scanner's automata warm.
void run_examples(const CompiledPolicy& policy, const Scanner& scanner, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
