// SPDX-License-Identifier: MIT
#pragma once

#include "policies/schema.h"

namespace coldpitch {

/// The keys of a policy file, map by map. What the loader reads, and docs/policies.md lists.
[[nodiscard]] const MapSchema& policy_schema();
/// A file that a policy includes.
[[nodiscard]] const MapSchema& included_schema();
[[nodiscard]] const MapSchema& thresholds_schema();
[[nodiscard]] const MapSchema& verdict_schema();
[[nodiscard]] const MapSchema& list_schema();
[[nodiscard]] const MapSchema& clause_schema();
[[nodiscard]] const MapSchema& rule_schema();
[[nodiscard]] const MapSchema& reason_schema();
[[nodiscard]] const MapSchema& examples_schema();
/// The keys that make a condition; those of a rule are among rule_schema()'s.
[[nodiscard]] const MapSchema& condition_schema();
[[nodiscard]] const MapSchema& near_schema();
[[nodiscard]] const MapSchema& near_list_schema();
[[nodiscard]] const MapSchema& at_least_schema();
/// The same below `signals`, where a word is a signal's name.
[[nodiscard]] const MapSchema& signals_schema();
[[nodiscard]] const MapSchema& at_least_signals_schema();

}  // namespace coldpitch
