// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/result.h"
#include "policies/text_features.h"
#include "policies/verdict.h"

namespace coldpitch {

/// Texts of fewer words are not judged: too little stands in them.
inline constexpr std::size_t kFewestModelWords = 6;

/// From the sum of the weights to the logarithm of the odds that a text is a pitch, were half of all mail pitches (Platt 1999).
struct Calibration {
  double slope = 1;
  double offset = 0;

  bool operator==(const Calibration&) const = default;
};

/// How often the model was right where it said `predicted`, on texts it had not learned from.
struct ReliabilityRow {
  double predicted = 0;  ///< mean of the probabilities told
  double observed = 0;   ///< share of pitches, both classes weighing the same
  std::size_t pitches = 0, ham = 0;

  bool operator==(const ReliabilityRow&) const = default;
};

/// Texts in one language a model was learned from.
struct LanguageTexts {
  std::size_t pitches = 0, ham = 0;

  bool operator==(const LanguageTexts&) const = default;
};

/// What a model was learned from, for people.
struct ModelCard {
  std::size_t pitches = 0, ham = 0;  ///< texts, near copies beyond the third left out
  std::vector<ReliabilityRow> reliability;
  std::map<std::string, LanguageTexts> languages{};  ///< by ISO 639-1 code

  bool operator==(const ModelCard&) const = default;
};

/// A linear model of texts: a weight for each feature. Holds no words. A value; thread-safe for reading.
class TextModel {
 public:
  /// `weights` has kFeatures entries, all finite; they are rounded to what the file can hold, so that a model says the same before it is
  /// written and after it is read. `calibrations` has one for Channel::direct, and may have one for Channel::linkedin.
  TextModel(const std::vector<double>& weights, double bias, std::map<Channel, Calibration> calibrations,
            ModelCard card);

  /// Reads a model file. Any octets are read or refused: `syntax` for what is no model, is cut or damaged, or of another version;
  /// `detail` says what and what to do.
  [[nodiscard]] static Result<TextModel> parse(std::string_view octets);
  /// The file: lines of text for people, the weights, and a SHA-256 over all before it. The same model gives the same octets.
  [[nodiscard]] std::string serialise() const;

  /// The sum of the weights, by the root of the number of features; before calibration.
  [[nodiscard]] double raw_score(const TextFeatures& features) const;
  /// Logarithm of the odds that the text is a pitch, were half of all mail pitches; -kMostLogOdds to kMostLogOdds.
  [[nodiscard]] double log_odds(const TextFeatures& features, Channel channel) const;
  /// What `feature` adds to the raw score of a text of one feature.
  [[nodiscard]] double weight(std::uint32_t feature) const { return scale_ * weights_[feature]; }
  [[nodiscard]] const ModelCard& card() const { return card_; }
  /// Whether it may judge a text in `language` ("" is an unclear one, which it may): a language it has not read both kinds of mail in
  /// would be evidence by itself. A model that names no languages judges all.
  [[nodiscard]] bool knows(const std::string& language) const {
    return language.empty() || card_.languages.empty() || card_.languages.contains(language);
  }
  /// The channel's own, or that of Channel::direct.
  [[nodiscard]] const Calibration& calibration(Channel channel) const;

  /// ln(999): a thousand to one is as sure as a model of words may be.
  static constexpr double kMostLogOdds = 6.906754778648554;

  bool operator==(const TextModel&) const = default;

 private:
  TextModel() = default;

  std::vector<std::int16_t> weights_;
  double scale_ = 0, bias_ = 0;
  std::map<Channel, Calibration> calibrations_;
  ModelCard card_;
};

/// 1 / (1 + e^-log_odds)
[[nodiscard]] double probability(double log_odds);

/// Reads the file at `path`. Errors: as TextModel::parse(), `permanent` when it cannot be read.
[[nodiscard]] Result<std::shared_ptr<const TextModel>> load_text_model(const std::string& path);

}  // namespace coldpitch
