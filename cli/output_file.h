// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/result.h"

namespace coldpitch {

/// Writes `octets` to `path`, whole or not at all (a file beside it, then renamed, readable by its owner only: it may hold mail); "-" is
/// standard output. Errors: `permanent` with path and reason.
Result<void> write_output(const std::string& path, std::string_view octets);

}  // namespace coldpitch
