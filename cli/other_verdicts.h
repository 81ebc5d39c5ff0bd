// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "cli/explanation.h"

namespace coldpitch {

/// What would have to be different for another verdict: rules that would not have counted, thresholds, what history might have known, settings.
/// Only what leads to another level (or to no judgement at all) is told, nearest first. `message` has been judged.
[[nodiscard]] std::vector<OtherVerdict> find_other_verdicts(PreparedMessage& message,
                                                            const Snapshot& snapshot);

/// What a pitch would still have taken, or why the message was not judged and what that means; "" for a pitch.
[[nodiscard]] std::string hint_for(const Verdict& verdict, const Snapshot& snapshot);

}  // namespace coldpitch
