// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/result.h"

namespace coldpitch {

/// Hands `message` (lines end in LF) to sendmail(1): `program -i -f sender -- recipient`, without a shell. Errors: `temporary` when it cannot be
/// started, takes no message, or says that it failed.
Result<void> hand_to_sendmail(const std::string& program, const std::string& sender,
                              const std::string& recipient, std::string_view message);

}  // namespace coldpitch
