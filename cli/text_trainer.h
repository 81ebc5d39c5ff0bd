// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "parsers/result.h"
#include "policies/text_features.h"
#include "policies/text_model.h"
#include "policies/verdict.h"

namespace coldpitch {

/// A labelled text to learn from.
struct TrainingText {
  TextFeatures features;
  Channel channel = Channel::direct;
  bool pitch = false;
  std::optional<std::uint64_t>
      sketch;  ///< TextSketch::bits of the human text, by which near copies are told; absent for short ones
  std::string language;   ///< ISO 639-1; "" when unclear
  std::string sender;     ///< whose mail it is ("org:example.com"); "" when that tells nothing
  std::size_t times = 1;  ///< counts as so many texts, 1 to kMostTimes
};

/// A model, and what became of the texts it was made from.
struct Training {
  TextModel model;
  std::size_t short_texts = 0;     ///< of fewer than kFewestModelWords words: not learned from
  std::size_t copies = 0;          ///< left out: the same text, or near copies beyond kMostCopies
  std::size_t contradictions = 0;  ///< texts that stand on both sides; left out
  std::size_t one_sided = 0;  ///< left out: in a language with fewer than kFewestInLanguage texts of a class
};

/// Texts that say the same are learned from this often at most.
inline constexpr std::size_t kMostCopies = 3;
/// Each class needs so many texts.
inline constexpr std::size_t kFewestTexts = 20;
/// A language is learned from so many texts of each class on; one that only pitches are written in would make the language a pitch.
inline constexpr std::size_t kFewestInLanguage = 10;
/// A text counts this often at most; those of the scarcer class in a language count so often more at most, so that both weigh the same there.
inline constexpr std::size_t kMostTimes = 20;
/// The reliability table comes from so many fits, each tried on the texts it was not made from.
inline constexpr std::size_t kFolds = 3;

/// Learns a model. In each language both classes weigh the same, so that the language itself says nothing. The order of `texts` does not matter: the same texts give the same model, octet for octet. Calibrated on texts the
/// fit had not seen, with near copies and mail of one sender on one side. Errors: `permanent` when a class has fewer than kFewestTexts.
[[nodiscard]] Result<Training> train_text_model(std::vector<TrainingText> texts);

}  // namespace coldpitch
