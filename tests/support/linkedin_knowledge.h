// SPDX-License-Identifier: MIT
#pragma once

#include "parsers/linkedin_knowledge.h"

namespace coldpitch::test {

/// What is shipped (policies/linkedin/notifications.yaml); fails the test when the file is not sound.
[[nodiscard]] const LinkedInKnowledge& shipped_knowledge();

}  // namespace coldpitch::test
