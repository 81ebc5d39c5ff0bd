// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "parsers/result.h"

namespace coldpitch {

struct ProgramOutput {
  int status = 0;      ///< exit status; 128 and the signal's number when it was killed
  std::string out;     ///< standard output
  std::string errors;  ///< standard error
};

/// Runs a program (looked for in PATH) to its end, without a shell and with nothing on standard input. Error: `permanent` when it
/// cannot be run.
[[nodiscard]] Result<ProgramOutput> run_program(const std::vector<std::string>& words);

}  // namespace coldpitch
