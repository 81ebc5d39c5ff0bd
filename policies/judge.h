// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "policies/condition.h"
#include "policies/engine.h"
#include "policies/policy.h"
#include "policies/verdict.h"

namespace coldpitch {

/// A rule ready to be judged by. The pointer is into the Policy.
struct CompiledRule {
  const Rule* rule;
  CompiledCondition condition;
};

struct CompiledPolicy {
  const Policy* policy;
  std::vector<CompiledRule> rules;
};

/// Whether `rule` is for mail of that channel and language. Pure.
[[nodiscard]] bool applies(const Rule& rule, const SubjectMatter& matter);

/// Judges `matter` by one policy, as Engine::judge() says. Of the negative rules of one group only the heaviest counts as well, but
/// negative and positive rules do not stand in for each other; a clause's cap bounds what its positive rules add, so that
/// counter-evidence is always felt. Sums are rounded to a millionth: tenths add up. Pure.
[[nodiscard]] Verdict judge_by(const CompiledPolicy& policy, const SubjectMatter& matter,
                               const PatternHits& hits, const Thresholds& thresholds,
                               const RuleIds& without = {});

}  // namespace coldpitch
