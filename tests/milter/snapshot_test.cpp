// SPDX-License-Identifier: MIT
#include "milter/snapshot.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "tests/policies/text_models.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::shared_ptr<const Snapshot> snapshot_with(const std::string& model, std::string& told) {
  Config config = default_config();
  config.model = model;
  std::vector<Diagnostic> diagnostics;
  auto snapshot = make_snapshot(std::move(config), diagnostics);
  told = format(diagnostics);
  return snapshot;
}

TEST_CASE("a configured text model must be there and whole", "[snapshot]") {
  std::string told;
  const auto path =
      std::filesystem::temp_directory_path() / ("snapshot-" + std::to_string(::getpid()) + ".model");
  CHECK(snapshot_with(path.string(), told) == nullptr);
  CHECK_THAT(told, ContainsSubstring(path.string() + ": No such file"));

  std::ofstream(path, std::ios::binary) << test::model_of({{"offer", 1}}).serialise();
  const auto snapshot = snapshot_with(path.string(), told);
  REQUIRE(snapshot != nullptr);
  CHECK(told.empty());
  REQUIRE(snapshot->text_model != nullptr);
  CHECK(*snapshot->text_model == test::model_of({{"offer", 1}}));
  CHECK(snapshot->text_model_file == path);

  std::filesystem::resize_file(path, 5000);
  CHECK(snapshot_with(path.string(), told) == nullptr);
  CHECK_THAT(told, ContainsSubstring("is cut"));
  std::filesystem::remove(path);
}

TEST_CASE("the shipped text model is found, and knows the languages of the rules", "[snapshot]") {
  std::string told;
  const auto snapshot = snapshot_with("", told);
  REQUIRE(snapshot != nullptr);
  REQUIRE(snapshot->text_model != nullptr);
  CHECK(snapshot->text_model_file.ends_with("/text.model"));
  for (const char* language : {"de", "en", "es", "fr", "it", "nl", "pl", "pt"}) {
    CAPTURE(language);
    CHECK(snapshot->text_model->card().languages.contains(language));
  }
  CHECK_FALSE(snapshot->text_model->knows("cs"));
}

/// What is said of a folder of files.
std::string told_of_files(const std::map<std::string, std::string>& files) {
  const auto folder = std::filesystem::temp_directory_path() / ("snapshot-" + std::to_string(::getpid()));
  for (const auto& [name, text] : files) {
    std::filesystem::create_directories((folder / name).parent_path());
    std::ofstream(folder / name) << text;
  }
  std::vector<Diagnostic> diagnostics;
  CHECK(load_snapshot((folder / "coldpitch.yaml").string(), diagnostics) == nullptr);
  std::filesystem::remove_all(folder);
  std::string told = format(diagnostics);
  const std::string prefix = folder.string() + "/";
  for (std::size_t at = 0; (at = told.find(prefix, at)) != std::string::npos;) told.erase(at, prefix.size());
  return told;
}

TEST_CASE("errors of configuration, policies and examples are said at once", "[snapshot]") {
  const std::string rule = ", clause: c, group: g, weight: 1, reason: r, any: [call";
  const std::string policy =
      "title: t\nchannels: [direct]\nthresholds: {suspect: 1, pitch: 2}\n"
      "clauses: [{id: c, title: t, text: t, source: s, captured: 2026-01-01}]\nrules:\n";
  const std::string told = told_of_files({
      {"coldpitch.yaml", "polices: []\npolicies: [one, two]\nlimits: {urls: none}\n"},
      {"policies/one.yaml", "policy: one\n" + policy + "  - {id: a" + rule + "a], weigth: 2}\n  - {id: b" +
                                rule + "b], examples: {hit: [x], miss: [y]}}\n"},
      {"policies/two.yaml", "policy: two\n" + policy + "  - {id: a" + rule + "], examples: {hit: [z]}}\n"},
  });
  CHECK_THAT(told, ContainsSubstring("coldpitch.yaml:1:1: error: unknown key 'polices'"));
  CHECK_THAT(told, ContainsSubstring("coldpitch.yaml:3:16: error: 'urls' must be"));
  CHECK_THAT(told,
             ContainsSubstring(
                 "policies/one.yaml:7:70: error: unknown key 'weigth' in rule (did you mean 'weight'?)"));
  CHECK_THAT(told, ContainsSubstring("rule 'b': example should hit but does not: \"x\"\n    "));
  CHECK_THAT(told, ContainsSubstring("policies/two.yaml:7:"));
  CHECK_THAT(told, ContainsSubstring("rule 'a': example should hit but does not: \"z\""));
}

TEST_CASE("a file that cannot be read hides nothing of the others, and brings no errors of its own making",
          "[snapshot]") {
  const std::string told = told_of_files({
      {"coldpitch.yaml", "policies: [direct-outreach]\nsite: {we_are: [ours]}\nlimits: {urls: none}\n"},
      {"conf.d/more.yaml", "policies: [ours\n"},
      {"policies/direct-outreach.yaml", "extends: direct-outreach\nrules:\n  - {id: nobody, weight: 1}\n"},
  });
  CHECK_THAT(told, ContainsSubstring("conf.d/more.yaml:"));
  CHECK_THAT(told, ContainsSubstring("coldpitch.yaml:3:16: error: 'urls' must be"));
  CHECK_THAT(told, ContainsSubstring("policies/direct-outreach.yaml:3:10: error: there is no rule 'nobody'"));
  CHECK_THAT(told, !ContainsSubstring("no rule offers"));
}

TEST_CASE("everything works without a text model", "[snapshot]") {
  std::string told;
  const auto snapshot = snapshot_with("none", told);
  REQUIRE(snapshot != nullptr);
  CHECK(told.empty());
  CHECK(snapshot->text_model == nullptr);
  CHECK(snapshot->text_model_file.empty());
}

TEST_CASE("what judges nothing loads no policies", "[snapshot]") {
  const auto path =
      std::filesystem::temp_directory_path() / ("snapshot-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(path) << "policies: [/nowhere/missing.yaml]\nauthentication: {verify_dkim: true}\n";
  std::vector<Diagnostic> diagnostics;
  CHECK(load_snapshot(path.string(), diagnostics) == nullptr);
  diagnostics.clear();
  const auto snapshot = load_snapshot_without_policies(path.string(), diagnostics);
  CHECK(format(diagnostics).empty());
  REQUIRE(snapshot != nullptr);
  CHECK(snapshot->engine == nullptr);
  CHECK(snapshot->linkedin != nullptr);
  CHECK(snapshot->dkim != nullptr);

  std::ofstream(path) << "modus: tag\n";
  CHECK(load_snapshot_without_policies(path.string(), diagnostics) == nullptr);
  CHECK_THAT(format(diagnostics), ContainsSubstring("unknown key 'modus'"));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace coldpitch
