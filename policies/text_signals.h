// SPDX-License-Identifier: MIT
#pragma once

#include "policies/subject_matter.h"
#include "policies/text_model.h"

namespace coldpitch {

/// Adds what `model` makes of the subject and the human text, with the words that say it most: `text-model.pitch` (more likely a pitch
/// than not, were half of all mail pitches), also `.likely` (from 90 %), `.quite-likely` (from 95 %) and `.very-likely` (from 99 %); `text-model.ordinary` (more
/// likely not), also `.unlikely` (at most 10 %), `.quite-unlikely` (5 %) and `.very-unlikely` (at most 1 %). Signal::strength grows with the odds: 0 at even
/// ones, 1 at a thousand to one. Nothing for a text of fewer than kFewestModelWords words. Pure, linear.
void add_text_signals(SubjectMatter& matter, const TextModel& model);

}  // namespace coldpitch
