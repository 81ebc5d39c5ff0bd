// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "policies/diagnostic.h"
#include "policies/policy.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// What only shows once all of a policy is read. `document` is the one it was read from, for the lines.
///
/// Refused: a rule that makes an offer out of offers; a signal `offer.NAME` that no rule of the policy gives. Warned: lists no rule
/// names.
void check_policy(const Policy& policy, const YamlDocument& document, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
