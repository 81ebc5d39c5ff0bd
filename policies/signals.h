// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "parsers/outreach.h"
#include "policies/subject_matter.h"

namespace coldpitch {

/// Adds the signals that are facts of the message itself (all of known_signals() but those of `authenticated` for direct mail and
/// of history). Needs `matter.channel` and `matter.fields`. Of LinkedIn mail only what stands inside the sender's own words
/// is believed to be the sender's: `short-text`, `long-text` and `no-links` speak of these words alone. Pure, linear.
void add_message_signals(SubjectMatter& matter, const Message& message, const LinkedInMail& linkedin,
                         const std::vector<Trait>& traits);

}  // namespace coldpitch
