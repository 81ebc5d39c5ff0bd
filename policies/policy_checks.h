// SPDX-License-Identifier: MIT
#pragma once

#include <set>
#include <string>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/expression_pool.h"
#include "policies/policy.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// What only shows once all of a policy is read. `document` is the one it was read from, for the lines.
///
/// Refused: a rule that makes an offer out of offers; a signal `offer.NAME` that no rule of the policy gives; a rule that asks for something
/// and for its absence; an expression that is enough for a rule, or against it, and hits every ordinary text (ordinary_texts.h). Warned: such
/// a one that hits every ordinary text of one language; rules that hold where nothing of what they name is found; lists no rule names; rules that can hold in none
/// of their channels; a part that is twice in a list, or in two rules of one group. Rules named in `faulty` are left out: something is
/// said of them already. `expressions` has those of the policy, compiled.
void check_policy(const Policy& policy, const YamlDocument& document, const std::set<std::string>& faulty,
                  ExpressionPool& expressions, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
