// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "policies/diagnostic.h"

namespace coldpitch::test {

/// The first line of each diagnostic, without the source line and caret.
inline std::string told(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (Diagnostic diagnostic : diagnostics) {
    diagnostic.line.clear();
    text += (text.empty() ? "" : "\n") + format(diagnostic);
  }
  return text;
}

}  // namespace coldpitch::test
