// SPDX-License-Identifier: MIT
// Server configurations: any octets are a configuration or are refused with a place inside the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "milter/config.h"

namespace {

using coldpitch::Diagnostic;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Every place is line 1 or beyond, and no further than the end of the file, where yaml-cpp finds things missing.
void check_places(const std::vector<Diagnostic>& diagnostics, std::size_t octets) {
  for (const Diagnostic& diagnostic : diagnostics) {
    require(diagnostic.location.line >= 1 && diagnostic.location.line <= octets + 2);
    require(diagnostic.location.column >= 1 && diagnostic.location.column <= octets + 2);
    require(!diagnostic.message.empty() && diagnostic.message.find('\n') == std::string::npos);
    require(!format(diagnostic).empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<Diagnostic> diagnostics;
  const auto config = coldpitch::parse_config(text, "fuzz", diagnostics);
  require(config.has_value() == !has_errors(diagnostics));
  check_places(diagnostics, size);
  return 0;
}
