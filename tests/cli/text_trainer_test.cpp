// SPDX-License-Identifier: MIT
#include "cli/text_trainer.h"

#include "cli/linear_fit.h"
#include "history/sketch.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

TrainingText text_of(const std::string& words, bool pitch) {
  TrainingText text;
  text.features = text_features("", words);
  text.pitch = pitch;
  if (const auto sketch = sketch_text(words, 0)) text.sketch = sketch->bits;
  return text;
}

/// A word nobody has read, another one for every number.
std::string made_up_word(unsigned number) {
  constexpr std::string_view kConsonants = "bdfgklmnprstvz";
  constexpr std::string_view kVowels = "aeiou";
  std::string word;
  number = number * 2654435761U + 12345U;
  for (int i = 0; i < 3; ++i) {
    word += kConsonants[(number >> 7U) % kConsonants.size()];
    word += kVowels[(number >> 11U) % kVowels.size()];
    number = number * 1664525U + 1013904223U;
  }
  return word;
}

/// `count` texts of two kinds, half and half, that have little else in common.
std::vector<TrainingText> letters(unsigned count = 120) {
  std::vector<TrainingText> texts;
  for (unsigned i = 0; i < count; ++i) {
    const bool pitch = i % 2 == 0;
    std::string words = pitch ? "offer" : "gardener";
    for (unsigned j = 0; j < 12; ++j) words += " " + made_up_word(100 * i + j);
    texts.push_back(text_of(words + (pitch ? " cheaply" : " slowly"), pitch));
  }
  return texts;
}

TEST_CASE("a model learns what it is shown", "[text-trainer]") {
  const auto training = train_text_model(letters());
  REQUIRE(training);
  const auto odds = [&](const std::string& words) {
    return training->model.log_odds(text_features("", words), Channel::direct);
  };
  CHECK(odds("they offer more than marble cheaply") > 1);
  CHECK(odds("gardener and cat sleep rather slowly") < -1);
  CHECK(training->model.card().pitches + training->model.card().ham + training->copies == 120);
  CHECK(training->short_texts == 0);
  const auto& rows = training->model.card().reliability;
  CHECK(std::any_of(rows.begin(), rows.end(), [](const ReliabilityRow& row) { return row.predicted > 0.5; }));
}

TEST_CASE("the same texts give the same octets, in whatever order", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  const std::string once = train_text_model(texts)->model.serialise();
  std::reverse(texts.begin(), texts.end());
  std::rotate(texts.begin(), texts.begin() + 17, texts.end());
  CHECK(train_text_model(texts)->model.serialise() == once);
}

TEST_CASE("short, repeated and contradictory texts are left out, and counted", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  const std::string before = train_text_model(texts)->model.serialise();
  texts.push_back(text_of("buy now", true));
  texts.push_back(texts.front());
  texts.push_back(text_of("a text of more than six words on both sides", true));
  texts.push_back(text_of("a text of more than six words on both sides", false));
  const std::size_t copies = train_text_model(letters())->copies;
  const auto training = train_text_model(texts);
  REQUIRE(training);
  CHECK(training->short_texts == 1);
  CHECK(training->copies == copies + 1);
  CHECK(training->contradictions == 2);
  CHECK(training->model.serialise() == before);
}

TEST_CASE("near copies count three times at most", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  const auto before = train_text_model(texts);
  for (int i = 0; i < 10; ++i) {
    texts.push_back(
        text_of("Dear friend number " + std::to_string(i) +
                    ", our brass lamps light every street, square, bridge and quay of the old town by night, "
                    "and cost no more than candles did when the mayor was young and the river ran full",
                true));
    texts.back().features.present.push_back(
        static_cast<std::uint32_t>(kFeatures - 1 - static_cast<std::size_t>(i)));
    texts.back().features.times.push_back(1);
  }
  const auto after = train_text_model(texts);
  REQUIRE(after);
  CHECK(after->copies == before->copies + 7);
  CHECK(after->model.card().pitches == before->model.card().pitches + 3);
}

TEST_CASE("a text that counts more often is followed more closely", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  for (unsigned i = 0; i < 8; ++i) {
    std::string words = "marmalade";
    for (unsigned j = 0; j < 12; ++j) words += " " + made_up_word(70000 + 100 * i + j);
    texts.push_back(text_of(words, i < 3));
  }
  const auto odds = [&] {
    return train_text_model(texts)->model.log_odds(text_features("", "marmalade for breakfast and for tea"),
                                                   Channel::direct);
  };
  const double before = odds();
  for (std::size_t i = texts.size() - 8; i < texts.size() - 5; ++i) texts[i].times = 20;
  CHECK(odds() > before);
}

TEST_CASE("a language that only one side writes is no evidence", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  for (TrainingText& text : texts) text.language = "en";
  const std::string before = train_text_model(texts)->model.serialise();
  for (unsigned i = 0; i < 15; ++i) {
    std::string words = "oferta";
    for (unsigned j = 0; j < 12; ++j) words += " " + made_up_word(90000 + 100 * i + j);
    texts.push_back(text_of(words, true));
    texts.back().language = "pl";
  }
  const auto training = train_text_model(texts);
  REQUIRE(training);
  CHECK(training->one_sided == 15);
  CHECK(training->model.serialise() == before);
  CHECK(training->model.card().languages.size() == 1);
  CHECK(training->model.knows("en"));
  CHECK(training->model.knows(""));
  CHECK_FALSE(training->model.knows("pl"));
}

TEST_CASE("a language with ten texts of each kind is learned", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  for (TrainingText& text : texts) text.language = "en";
  for (unsigned i = 0; i < 60; ++i) {
    const bool pitch = i % 6 != 0;
    std::string words = "zloty miasto";
    for (unsigned j = 0; j < 12; ++j) words += " " + made_up_word(90000 + 100 * i + j);
    texts.push_back(text_of(words, pitch));
    texts.back().language = "pl";
  }
  const auto training = train_text_model(texts);
  REQUIRE(training);
  CHECK(training->one_sided == 0);
  CHECK(training->model.card().languages.at("pl").ham == 10);
}

TEST_CASE("an example that counts more often weighs more", "[text-trainer]") {
  const auto features = [](std::vector<std::uint32_t> present) {
    return TextFeatures{present, std::vector<std::uint16_t>(present.size(), 1), 0};
  };
  const TextFeatures one = features({1, 3}), two = features({2, 4}), heavy = features({1, 5}),
                     light = features({2, 6});
  const LinearFit even = fit_linear({{&one, true}, {&two, true}, {&heavy, false}, {&light, false}});
  CHECK(std::abs(even.score(features({1})) - even.score(features({2}))) < 0.01);
  const LinearFit uneven = fit_linear({{&one, true}, {&two, true}, {&heavy, false, 9}, {&light, false}});
  CHECK(uneven.score(features({1})) < uneven.score(features({2})) - 0.05);
}

TEST_CASE("too few texts of a class are refused", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  std::erase_if(texts, [](const TrainingText& text) { return !text.pitch; });
  const auto training = train_text_model(texts);
  REQUIRE_FALSE(training);
  CHECK_THAT(training.error().detail, ContainsSubstring("0 other texts only; at least 20 of each"));
  CHECK_FALSE(train_text_model({}));
}

TEST_CASE("a channel with enough texts gets its own calibration", "[text-trainer]") {
  std::vector<TrainingText> texts = letters();
  const auto has_own = [](const std::vector<TrainingText>& from) {
    const auto training = train_text_model(from);
    REQUIRE(training);
    return training->model.serialise().find("calibration-linkedin") != std::string::npos;
  };
  CHECK_FALSE(has_own(texts));
  for (TrainingText& text : texts) text.channel = Channel::linkedin;
  CHECK(has_own(texts));
}

}  // namespace
}  // namespace coldpitch
