// SPDX-License-Identifier: MIT
#include "tests/cli/test_policy.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace coldpitch::test {
namespace {

constexpr const char* kPolicy = R"(
policy: test
title: Test
channels: [direct]
thresholds: {suspect: 2.0, pitch: 4.0, repeat-pitch: 4.0}
verdict: {minimum-groups: 2, minimum-groups-with-strong: 2, strong-groups: []}
clauses:
  - {id: commercial, title: Commercial, text: No selling., source: https://example.org/, captured: 2026-01-01, cap: 5.0, reason: sells}
  - {id: untargeted, title: Untargeted, text: No lists., source: https://example.org/, captured: 2026-01-01, reason: is for all}
rules:
  - {id: offer, clause: commercial, group: a, weight: 3.0, where: [human], any: ['cheap apples'], reason: offers}
  - {id: offer-more, clause: commercial, group: a, weight: 2.0, where: [human], any: ['apples'], reason: offers again}
  - {id: ask, clause: untargeted, group: b, weight: 1.5, where: [human, subject], any: ['call me'], reason: asks}
  - {id: hurry, clause: untargeted, group: e, weight: 1.5, where: [human], any: ['today only'], reason: hurries}
  - {id: buyer, clause: commercial, group: c, weight: -3.0, where: [human], any: ['i want to buy'], reason: buys}
  - {id: tried, clause: commercial, group: d, weight: 9.0, where: [human], any: ['apple'], reason: is tried out, shadow: true}
  - {id: again, clause: commercial, group: repetition, weight: 2.5, signals: [unanswered-pitch], reason: was not answered}
  - {id: refused, clause: untargeted, group: stop, weight: 2.5, signals: [told-to-stop], reason: was told to stop}
  - {id: refused-brand, clause: untargeted, group: sibling, weight: 2.5, signals: [organisation-told-to-stop], reason: was told elsewhere}
  - {id: reported, clause: untargeted, group: report, weight: 2.5, signals: [reported-as-pitch], reason: was reported}
  - {id: many, clause: untargeted, group: repetition, weight: 2.5, signals: [same-text-to-many], reason: went to many}
)";

}  // namespace

std::shared_ptr<const Snapshot> test_snapshot(const std::string& configuration) {
  const std::filesystem::path file = std::filesystem::temp_directory_path() /
                                     ("coldpitch-test-policy-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(file) << kPolicy;
  std::vector<Diagnostic> diagnostics;
  std::optional<Config> config = parse_config(
      "authentication: {trusted_authserv_ids: [mx.example.net]}\nlocal_domains: [example.net]\npolicies: [" +
          file.string() + "]\n" + configuration,
      "test.yaml", diagnostics);
  std::shared_ptr<const Snapshot> snapshot;
  if (config) snapshot = make_snapshot(std::move(*config), diagnostics);
  std::filesystem::remove(file);
  if (!snapshot) throw std::runtime_error(format(diagnostics));
  return snapshot;
}

}  // namespace coldpitch::test
