// SPDX-License-Identifier: MIT
#include "tests/support/linkedin_knowledge.h"

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "policies/linkedin_knowledge_file.h"

namespace coldpitch::test {
namespace {

std::shared_ptr<const LinkedInKnowledge> load() {
  const char* source = std::getenv("COLDPITCH_SOURCE");
  const std::string folder = source == nullptr ? "." : source;
  std::vector<Diagnostic> diagnostics;
  auto known = load_linkedin_knowledge({folder + "/policies/linkedin/notifications.yaml"}, diagnostics);
  if (!known || !diagnostics.empty()) throw std::runtime_error(format(diagnostics));
  return known;
}

}  // namespace

const LinkedInKnowledge& shipped_knowledge() {
  static const std::shared_ptr<const LinkedInKnowledge> known = load();
  return *known;
}

}  // namespace coldpitch::test
