// SPDX-License-Identifier: MIT
#include "milter/snapshot.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

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
