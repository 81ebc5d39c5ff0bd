// SPDX-License-Identifier: MIT
// YAML documents and policies: any octets are a document or are refused with a place inside the text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "policies/policy_loader.h"

namespace {

using coldpitch::Diagnostic;
using coldpitch::YamlDocument;

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

void check_policy(const YamlDocument& document, std::size_t octets) {
  std::vector<Diagnostic> diagnostics;
  const auto policy = load_policy(document, diagnostics);
  require(policy.has_value() == !has_errors(diagnostics));
  check_places(diagnostics, octets);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  std::vector<Diagnostic> diagnostics;
  const auto document = YamlDocument::parse(text, "fuzz", diagnostics);
  require(document.has_value() == diagnostics.empty());
  check_places(diagnostics, size);
  if (document) check_policy(*document, size);
  return 0;
}
