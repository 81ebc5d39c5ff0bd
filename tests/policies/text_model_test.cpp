// SPDX-License-Identifier: MIT
#include "policies/text_model.h"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/policies/text_models.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

bool is_near(double left, double right, double tolerance) { return std::abs(left - right) <= tolerance; }

using test::model_of;

TextModel example_model() {
  std::vector<double> weights(kFeatures);
  weights[7] = 2.5;
  weights[8] = -1.25;
  return {weights,
          -0.5,
          {{Channel::direct, {1.5, 0.25}}, {Channel::linkedin, {2, -1}}},
          {120, 340, {{0.05, 0.04, 3, 200}, {0.95, 0.9, 117, 140}}, {{"de", {40, 60}}, {"en", {80, 280}}}}};
}

std::string refusal(const std::string& octets) {
  const auto model = TextModel::parse(octets);
  return model ? "read" : model.error().detail;
}

TEST_CASE("a model reads back as it was written", "[text-model]") {
  const TextModel model = example_model();
  const std::string octets = model.serialise();
  CHECK(octets.starts_with("coldpitch text model, version 2\nlearned-from 120 340\n"));
  CHECK(octets.size() < 530'000);
  const auto read = TextModel::parse(octets);
  REQUIRE(read);
  CHECK(*read == model);
  CHECK(read->serialise() == octets);
  CHECK(read->card().reliability.size() == 2);
  CHECK(read->card().languages.at("de") == LanguageTexts{40, 60});
  CHECK(octets.find("language de 40 60\n") != std::string::npos);
}

TEST_CASE("the score is the sum of the weights by the root of the number of features", "[text-model]") {
  const TextModel model = example_model();
  CHECK(is_near(model.weight(7), 2.5, 1e-3));
  CHECK(is_near(model.raw_score({{7}, {1}, 1}), 2.0, 1e-9));
  CHECK(is_near(model.raw_score({{7, 8, 9, 10}, {1, 1, 1, 1}, 4}), -0.5 + 1.25 / 2, 1e-3));
  // What is there more often counts more, but not so often.
  CHECK(is_near(model.raw_score({{7}, {4}, 4}), -0.5 + 2.5 * (1 + std::log(4)), 1e-3));
  CHECK(is_near(model.raw_score({}), -0.5, 1e-9));
}

TEST_CASE("a channel has its own calibration or the common one; odds are bounded", "[text-model]") {
  const TextModel model = example_model();
  CHECK(is_near(model.log_odds({{7}, {1}, 1}, Channel::direct), 1.5 * 2 + 0.25, 1e-9));
  CHECK(is_near(model.log_odds({{7}, {1}, 1}, Channel::list), 1.5 * 2 + 0.25, 1e-9));
  CHECK(is_near(model.log_odds({{7}, {1}, 1}, Channel::linkedin), 2 * 2 - 1, 1e-9));
  const TextModel steep = model_of({{"42", 1000}});
  CHECK(steep.log_odds(text_features("", "42"), Channel::direct) == TextModel::kMostLogOdds);
  CHECK(steep.log_odds(text_features("", "?"), Channel::linkedin) == 0);
  CHECK(probability(0) == 0.5);
  CHECK(is_near(probability(TextModel::kMostLogOdds), 0.999, 1e-9));
}

TEST_CASE("a model of no weights says nothing", "[text-model]") {
  const TextModel model = model_of({});
  CHECK(model.raw_score({{1, 2, 3}, {1, 1, 1}, 3}) == 0);
  CHECK(TextModel::parse(model.serialise()));
}

TEST_CASE("what is no whole model is refused, with the reason", "[text-model]") {
  const std::string good = example_model().serialise();
  CHECK(refusal("") == "is no text model");
  CHECK(refusal("coldpitch text model, version 2") == "is no text model");
  CHECK(refusal("policy: direct-outreach\n") == "is no text model");
  CHECK_THAT(refusal("coldpitch text model, version 1\n"),
             ContainsSubstring("version 1, this program reads version 2"));
  CHECK(refusal("coldpitch text model, version 2\n") == "is cut or not a whole text model");
  CHECK(refusal(good.substr(0, good.size() - 1)) == "is cut or not a whole text model");
  CHECK(refusal(good + "x") == "is cut or not a whole text model");
  for (const std::size_t at : {std::size_t{40}, good.size() / 2, good.size() - 1}) {
    std::string flipped = good;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    CHECK(refusal(flipped) == "is damaged: its checksum is wrong");
  }
}

TEST_CASE("a model file is loaded, or the reason told", "[text-model]") {
  const auto path = std::filesystem::temp_directory_path() / ("text-model-" + std::to_string(::getpid()));
  const auto absent = load_text_model(path.string());
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == Code::permanent);
  CHECK(absent.error().detail == "No such file or directory");
  const auto folder = load_text_model(std::filesystem::temp_directory_path().string());
  REQUIRE_FALSE(folder);
  CHECK(folder.error().detail == "Is a directory");
  std::ofstream(path, std::ios::binary) << example_model().serialise();
  const auto loaded = load_text_model(path.string());
  std::filesystem::remove(path);
  REQUIRE(loaded);
  CHECK(**loaded == example_model());
}

}  // namespace
}  // namespace coldpitch
