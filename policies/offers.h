// SPDX-License-Identifier: MIT
#pragma once

#include "policies/engine.h"
#include "policies/judge.h"
#include "policies/site.h"
#include "policies/subject_matter.h"

namespace coldpitch {

/// Adds the signal `offer.NAME` for every rule of `policy` that holds and says `offer: NAME`, with the words that show it. Shadow rules
/// offer nothing: they change no verdict. Pure.
void add_offers(const CompiledPolicy& policy, const PatternHits& hits, SubjectMatter& matter);

/// Adds what the offers in `matter` are to `site`: `offer-not-for-us`, `offer-is-ours`, `offer-bought`, and `offer-not-bought` when it
/// says what it buys and none of them is among it. Pure.
void add_site_signals(const Site& site, SubjectMatter& matter);

}  // namespace coldpitch
