// SPDX-License-Identifier: MIT
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/policies/policy_texts.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace test;

/// A folder of shipped policies with `sample.yaml` in it, and the site's own beside it; removed at the end.
class Site {
 public:
  Site() : path_(std::filesystem::temp_directory_path() / ("coldpitch-site-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_ / "shipped");
    std::filesystem::create_directories(path_ / "site");
    write(
        "shipped/sample.yaml",
        changed("rules:\n",
                "rules:\n  - {id: offer, clause: commercial, group: offer, weight: 2, near: {within: 3, of: "
                "[we, sell]}, reason: sells, examples: {hit: [we sell], miss: [we buy]}}\n"));
  }
  Site(const Site&) = delete;
  Site& operator=(const Site&) = delete;
  ~Site() { std::filesystem::remove_all(path_); }

  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

  std::optional<Policy> load(std::string_view text, std::vector<Diagnostic>& diagnostics) const {
    write("site/sample.yaml", text);
    return load_policy_file(file("site/sample.yaml"), diagnostics, {file("shipped")});
  }
  [[nodiscard]] Policy loaded(std::string_view text) const {
    std::vector<Diagnostic> diagnostics;
    auto policy = load(text, diagnostics);
    INFO(told(diagnostics));
    REQUIRE(policy);
    return std::move(*policy);
  }
  /// What is said of it, files without their folder.
  [[nodiscard]] std::string told_of(std::string_view text) const {
    std::vector<Diagnostic> diagnostics;
    CHECK_FALSE(load(text, diagnostics));
    for (Diagnostic& diagnostic : diagnostics) {
      diagnostic.location.file = diagnostic.location.file.substr(path_.string().size() + 1);
    }
    return told(diagnostics);
  }

 private:
  std::filesystem::path path_;
};

TEST_CASE("extends: what is not said stays as it was") {
  const Site site;
  const Policy policy = site.loaded("extends: sample\n");
  CHECK(policy.id == "sample");
  CHECK(policy.thresholds.at(Level::pitch) == 5.0);
  REQUIRE(policy.rules.size() == 2);
  CHECK(policy.rules[1].weight == 1.5);
  CHECK(policy.rules[1].location.file == site.file("shipped/sample.yaml"));
}

TEST_CASE("extends: values, clauses and rules are overridden one by one") {
  const Site site;
  const Policy policy = site.loaded(
      "extends: sample\n"
      "thresholds: {suspect: 4.5}\n"
      "clauses:\n  - {id: commercial, cap: 3}\n"
      "  - {id: own, title: Ours, text: None here., source: house, captured: 2026-01-01}\n"
      "rules:\n  - {id: meeting-ask, weight: 3, shadow: true}\n  - {id: offer, enabled: false}\n"
      "  - {id: extra, clause: own, group: offer, weight: 1, signals: bounce, reason: bounces}\n");
  CHECK(policy.thresholds.at(Level::suspect) == 4.5);
  CHECK(policy.thresholds.at(Level::pitch) == 5.0);
  REQUIRE(policy.clauses.size() == 2);
  CHECK(policy.clauses[0].cap == 3);
  CHECK(policy.clauses[0].text == "Do not advertise.");
  REQUIRE(policy.rules.size() == 2);
  CHECK(policy.rules[0].id == "meeting-ask");
  CHECK(policy.rules[0].weight == 3);
  CHECK(policy.rules[0].shadow);
  CHECK(policy.rules[0].reason == "asks for a meeting");
  CHECK(policy.rules[1].id == "extra");
}

TEST_CASE("extends: a condition is replaced as a whole") {
  const Site site;
  const Policy policy =
      site.loaded("extends: sample\nrules:\n  - {id: meeting-ask, any: [demo], examples: {hit: [a demo]}}\n");
  CHECK(shown(policy.rules[1].condition) == "any(/demo/@human,subject)");
  CHECK(policy.rules[1].languages == std::vector<std::string>{"en", "de"});
  CHECK(policy.rules[1].examples_hit == std::vector<std::string>{"a demo"});
  CHECK(policy.rules[1].examples_miss == std::vector<std::string>{"a call"});
  CHECK(policy.rules[1].location.file == site.file("site/sample.yaml"));
  CHECK(policy.rules[1].location.line == 3);
}

TEST_CASE("extends: rules of included files are overridden too") {
  const Site site;
  site.write("shipped/more.yaml",
             "language: [fr]\nrules:\n  - {id: solde, clause: commercial, group: offer, weight: 1, "
             "any: [solde], reason: sells, examples: {hit: [solde]}}\n");
  site.write("shipped/sample.yaml", changed("rules:\n", "include: more.yaml\nrules:\n"));
  const Policy policy = site.loaded("extends: sample\nrules: [{id: solde, weight: 2}]\n");
  REQUIRE(policy.rules.size() == 2);
  CHECK(policy.rules[0].weight == 2);
  CHECK(policy.rules[0].languages == std::vector<std::string>{"fr"});
}

TEST_CASE("extends: one may extend one that extends another") {
  const Site site;
  site.write("shipped/middle.yaml", "extends: sample\npolicy: middle\nthresholds: {pitch: 5.5}\n");
  const Policy policy = site.loaded("extends: middle\npolicy: ours\nrules: [{id: offer, weight: 9}]\n");
  CHECK(policy.id == "ours");
  CHECK(policy.thresholds.at(Level::pitch) == 5.5);
  CHECK(policy.rules[0].weight == 9);
}

TEST_CASE("extends: what is wrong is told where it stands") {
  const Site site;
  CHECK(site.told_of("extends: sample\nrules: [{id: ofer, weight: 3}]\n") ==
        "site/sample.yaml:2:14: error: there is no rule 'ofer' in policy 'sample' to override (did you mean "
        "'offer'?)");
  CHECK_THAT(site.told_of("extends: sampel\n"), ContainsSubstring("(did you mean 'sample'?)"));
  CHECK(site.told_of("extends: sample\nrules: [{id: offer, weight: 33}]\n") ==
        "site/sample.yaml:2:29: error: 'weight' must be a number from -10 to 10, not '33'");
  CHECK(site.told_of("extends: sample\nrules: [{id: offer, weight: 3}, {id: offer, weight: 4}]\n") ==
        "site/sample.yaml:2:38: error: rule 'offer' is there twice (first in line 2)");
  CHECK_THAT(site.told_of("extends: absent\n"),
             ContainsSubstring("site/sample.yaml:1:10: error: there is no policy 'absent' to extend in "));
  CHECK_THAT(site.told_of("extends: [a]\n"),
             ContainsSubstring("site/sample.yaml:1:10: error: 'extends' must name a policy"));
  CHECK_THAT(site.told_of("extends: ../sample\n"), ContainsSubstring("'extends' must name a policy"));
  site.write("shipped/sample.yaml", changed("weight: 1.5", "weight: heavy"));
  CHECK(site.told_of("extends: sample\n") ==
        "shipped/sample.yaml:18:13: error: 'weight' must be a number from -10 to 10, not 'heavy'");
}

TEST_CASE("extends: a circle and a long chain are refused") {
  const Site site;
  site.write("shipped/sample.yaml", "extends: other\n");
  site.write("shipped/other.yaml", "extends: sample\n");
  CHECK_THAT(site.told_of("extends: other\n"), ContainsSubstring("extend each other in a circle"));
  for (int link = 0; link < 9; ++link) {
    site.write("shipped/p" + std::to_string(link) + ".yaml", "extends: p" + std::to_string(link + 1) + "\n");
  }
  site.write("shipped/p9.yaml", kSound);
  CHECK_THAT(site.told_of("extends: p0\n"), ContainsSubstring("more than 8 policies extend each other"));
  CHECK(site.loaded("extends: p3\n").id == "sample");
}

}  // namespace
}  // namespace coldpitch
