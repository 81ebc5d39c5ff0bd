// SPDX-License-Identifier: MIT
#include "cli/text_trainer.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "cli/calibrate.h"
#include "cli/linear_fit.h"
#include "history/sketch.h"

namespace coldpitch {
namespace {

/// A channel gets a calibration of its own from so many texts of each class on.
constexpr std::size_t kFewestForChannel = 40;
/// A sender with a larger share of the texts is no sender but a gateway or an archive.
constexpr std::size_t kSenderShare = 20;
/// As kNearSketch, for short texts: these share more with others by chance.
constexpr unsigned kNearFeatures = 5;

/// Sets of texts that belong together (union-find).
class Groups {
 public:
  explicit Groups(std::size_t count) : parents_(count) { std::iota(parents_.begin(), parents_.end(), 0U); }

  std::size_t find(std::size_t item) {
    while (parents_[item] != item) item = parents_[item] = parents_[parents_[item]];
    return item;
  }
  void join(std::size_t one, std::size_t other) {
    one = find(one);
    other = find(other);
    if (one != other) parents_[std::max(one, other)] = std::min(one, other);
  }

 private:
  std::vector<std::size_t> parents_;
};

bool in_content_order(const TrainingText& left, const TrainingText& right) {
  return std::tie(left.features.present, left.features.times, left.pitch, left.channel, left.language,
                  left.sender, left.times) < std::tie(right.features.present, right.features.times,
                                                      right.pitch, right.channel, right.language,
                                                      right.sender, right.times);
}

/// Takes out short texts, and texts that are the same; what stands on both sides goes altogether. `texts` is sorted.
void take_out_useless(std::vector<TrainingText>& texts, Training& training) {
  std::vector<TrainingText> kept;
  for (std::size_t begin = 0; begin < texts.size();) {
    std::size_t end = begin + 1;
    bool agree = true;
    for (; end < texts.size() && texts[end].features.present == texts[begin].features.present; ++end) {
      agree = agree && texts[end].pitch == texts[begin].pitch;
    }
    if (texts[begin].features.words < kFewestModelWords) {
      training.short_texts += end - begin;
    } else if (!agree) {
      training.contradictions += end - begin;
    } else {
      training.copies += end - begin - 1;
      kept.push_back(std::move(texts[begin]));
    }
    begin = end;
  }
  texts = std::move(kept);
}

/// SimHash of what the model sees, for texts too short for a sketch of their own.
std::uint64_t sketch_of_features(const std::vector<std::uint32_t>& features) {
  std::array<int, 64> balance{};
  for (const std::uint32_t feature : features) {
    std::uint64_t bits = (feature + 1) * 0x9E3779B97F4A7C15U;
    bits = (bits ^ (bits >> 30U)) * 0xBF58476D1CE4E5B9U;
    bits ^= bits >> 31U;
    for (int& count : balance) {
      count += (bits & 1U) != 0 ? 1 : -1;
      bits >>= 1U;
    }
  }
  std::uint64_t sketch = 0;
  for (const int count : balance) sketch = (sketch << 1U) | (count > 0 ? 1U : 0U);
  return sketch;
}

struct Sketch {
  std::uint64_t bits;
  bool of_text;
};

bool are_near(const Sketch& left, const Sketch& right) {
  return left.of_text == right.of_text &&
         sketch_distance(left.bits, right.bits) <= (left.of_text ? kNearSketch : kNearFeatures);
}

Groups near_copies(const std::vector<TrainingText>& texts) {
  std::vector<Sketch> sketches;
  sketches.reserve(texts.size());
  for (const TrainingText& text : texts) {
    sketches.push_back(
        {text.sketch ? *text.sketch : sketch_of_features(text.features.present), text.sketch.has_value()});
  }
  Groups groups(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    for (std::size_t j = i + 1; j < texts.size(); ++j) {
      if (are_near(sketches[i], sketches[j])) groups.join(i, j);
    }
  }
  return groups;
}

/// Of near copies of one class the first few stay.
void take_out_copies(std::vector<TrainingText>& texts, Training& training) {
  Groups groups = near_copies(texts);
  std::map<std::pair<std::size_t, bool>, std::size_t> counts;
  std::vector<TrainingText> kept;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (++counts[{groups.find(i), texts[i].pitch}] <= kMostCopies) {
      kept.push_back(std::move(texts[i]));
    } else {
      ++training.copies;
    }
  }
  texts = std::move(kept);
}

/// A fold for each text: what belongs together has the same, and the folds are about as large.
std::vector<std::size_t> assign_folds(const std::vector<TrainingText>& texts) {
  Groups groups = near_copies(texts);
  std::map<std::string, std::vector<std::size_t>> senders;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!texts[i].sender.empty()) senders[texts[i].sender].push_back(i);
  }
  for (const auto& [sender, mail] : senders) {
    if (mail.size() * kSenderShare > texts.size()) continue;
    for (const std::size_t item : mail) groups.join(mail.front(), item);
  }
  std::map<std::size_t, std::size_t> fold_of_group;
  std::array<std::size_t, kFolds> sizes{};
  std::vector<std::size_t> folds(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto smallest =
        static_cast<std::size_t>(std::min_element(sizes.begin(), sizes.end()) - sizes.begin());
    folds[i] = fold_of_group.try_emplace(groups.find(i), smallest).first->second;
    ++sizes[folds[i]];
  }
  return folds;
}

using Languages = std::map<std::string, LanguageTexts>;

Languages count_languages(const std::vector<TrainingText>& texts) {
  Languages languages;
  for (const TrainingText& text : texts) {
    LanguageTexts& counts = languages[text.language];
    ++(text.pitch ? counts.pitches : counts.ham);
  }
  return languages;
}

/// Takes out the texts of languages that are written on one side only.
void take_out_one_sided(std::vector<TrainingText>& texts, Training& training) {
  const Languages languages = count_languages(texts);
  training.one_sided += std::erase_if(texts, [&](const TrainingText& text) {
    const LanguageTexts& counts = languages.at(text.language);
    return !text.language.empty() && std::min(counts.pitches, counts.ham) < kFewestInLanguage;
  });
}

/// How often texts of each class of each language must count for both to weigh the same there.
Languages times_of(const std::vector<TrainingText>& texts) {
  Languages weighed;
  for (const TrainingText& text : texts) {
    LanguageTexts& counts = weighed[text.language];
    (text.pitch ? counts.pitches : counts.ham) += text.times;
  }
  Languages times;
  for (const auto& [language, counts] : weighed) {
    const auto balance = [](std::size_t one, std::size_t other) {
      return std::clamp<std::size_t>((other + one / 2) / std::max<std::size_t>(one, 1), 1, kMostTimes);
    };
    times[language] = {balance(counts.pitches, counts.ham), balance(counts.ham, counts.pitches)};
  }
  return times;
}

std::vector<FitExample> examples_of(const std::vector<TrainingText>& texts,
                                    const std::vector<std::size_t>& folds, std::size_t left_out) {
  const Languages times = times_of(texts);
  std::vector<FitExample> examples;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (folds[i] == left_out) continue;
    const LanguageTexts& often = times.at(texts[i].language);
    examples.push_back(
        {&texts[i].features, texts[i].pitch, texts[i].times * (texts[i].pitch ? often.pitches : often.ham)});
  }
  return examples;
}

bool has_both(const std::vector<FitExample>& examples) {
  return std::any_of(examples.begin(), examples.end(), [](const FitExample& one) { return one.pitch; }) &&
         std::any_of(examples.begin(), examples.end(), [](const FitExample& one) { return !one.pitch; });
}

/// What fits say of the texts they were not made from, in the order of `texts`.
std::vector<Trial> try_out(const std::vector<TrainingText>& texts) {
  const std::vector<std::size_t> folds = assign_folds(texts);
  std::vector<Trial> trials(texts.size());
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const std::vector<FitExample> examples = examples_of(texts, folds, fold);
    // With few texts all of a class may stand in one fold, which can then not be tried.
    const LinearFit fit =
        has_both(examples) ? fit_linear(examples) : LinearFit{std::vector<double>(kFeatures), 0};
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (folds[i] == fold) trials[i] = {fit.score(texts[i].features), texts[i].pitch, texts[i].times};
    }
  }
  return trials;
}

std::size_t count_class(const std::vector<TrainingText>& texts, bool pitch) {
  return static_cast<std::size_t>(std::count_if(
      texts.begin(), texts.end(), [&](const TrainingText& text) { return text.pitch == pitch; }));
}

std::vector<Trial> trials_of(const std::vector<TrainingText>& texts, const std::vector<Trial>& trials,
                             Channel channel) {
  std::vector<Trial> chosen;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if ((texts[i].channel == Channel::linkedin) == (channel == Channel::linkedin))
      chosen.push_back(trials[i]);
  }
  return chosen;
}

bool has_enough(const std::vector<Trial>& trials) {
  const auto pitches = static_cast<std::size_t>(
      std::count_if(trials.begin(), trials.end(), [](const Trial& trial) { return trial.pitch; }));
  return pitches >= kFewestForChannel && trials.size() - pitches >= kFewestForChannel;
}

std::map<Channel, Calibration> calibrations_for(const std::vector<TrainingText>& texts,
                                                const std::vector<Trial>& trials) {
  std::map<Channel, Calibration> calibrations{{Channel::direct, fit_calibration(trials)}};
  const std::vector<Trial> linkedin = trials_of(texts, trials, Channel::linkedin);
  if (has_enough(linkedin)) calibrations[Channel::linkedin] = fit_calibration(linkedin);
  return calibrations;
}

}  // namespace

Result<Training> train_text_model(std::vector<TrainingText> texts) {
  Training training{TextModel({}, 0, {}, {})};
  std::sort(texts.begin(), texts.end(), in_content_order);
  take_out_useless(texts, training);
  take_out_copies(texts, training);
  take_out_one_sided(texts, training);
  ModelCard card;
  card.pitches = count_class(texts, true);
  card.ham = count_class(texts, false);
  card.languages = count_languages(texts);
  card.languages.erase("");
  if (std::min(card.pitches, card.ham) < kFewestTexts) {
    return tl::unexpected(Error{Code::permanent, 0,
                                "learned of " + std::to_string(card.pitches) + " pitches and " +
                                    std::to_string(card.ham) + " other texts only; at least " +
                                    std::to_string(kFewestTexts) + " of each are needed"});
  }
  const std::vector<Trial> trials = try_out(texts);
  std::map<Channel, Calibration> calibrations = calibrations_for(texts, trials);
  card.reliability = reliability_table(trials, calibrations.at(Channel::direct));
  const LinearFit fit = fit_linear(examples_of(texts, std::vector<std::size_t>(texts.size(), 0), 1));
  training.model = TextModel(fit.weights, fit.bias, std::move(calibrations), std::move(card));
  return training;
}

}  // namespace coldpitch
