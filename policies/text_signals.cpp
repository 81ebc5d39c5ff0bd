// SPDX-License-Identifier: MIT
#include "policies/text_signals.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <utility>

namespace coldpitch {
namespace {

constexpr std::size_t kPhrases = 4;
constexpr std::size_t kLongestPhrase = 5;  ///< words
/// Phrases this much lighter than the heaviest say nothing of their own.
constexpr double kLightest = 0.2;

/// A level of the odds, and the signal that holds from there on.
struct Step {
  std::string_view for_it, against_it;
  double log_odds;
};
constexpr std::array kSteps{Step{"text-model.pitch", "text-model.ordinary", 0.0},
                            Step{"text-model.likely", "text-model.unlikely", 2.1972245773362196},
                            Step{"text-model.quite-likely", "text-model.quite-unlikely", 2.9444389791664403},
                            Step{"text-model.very-likely", "text-model.very-unlikely", 4.59511985013459}};

/// Words in a row, and what they add to the score.
struct Phrase {
  TextPart part = TextPart::human;
  Span span;  ///< in the folded text
  double weight = 0;
};

const MatchText* field_of(const SubjectMatter& matter, std::string_view name) {
  const auto field = matter.fields.find(name);
  return field == matter.fields.end() ? nullptr : &field->second;
}

const char* name_of(TextPart part) { return part == TextPart::subject ? "subject" : "human"; }

std::string_view folded_of(const SubjectMatter& matter, TextPart part) {
  const MatchText* field = field_of(matter, name_of(part));
  return field == nullptr ? std::string_view{} : std::string_view(field->folded);
}

/// What each word adds, its pair with the next one and the runs in it included; `sign` turns it for the other side.
std::vector<double> word_weights(const FeaturedWords& text, const TextModel& model, double sign) {
  std::vector<double> weights(text.words().size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    text.visit_features(i, [&](std::uint32_t feature) { weights[i] += sign * model.weight(feature); });
  }
  return weights;
}

/// The heaviest run of at most kLongestPhrase words that starts at `begin`, as its number of words and weight.
std::pair<std::size_t, double> best_run(const std::vector<double>& weights, std::size_t begin) {
  std::pair<std::size_t, double> best{1, weights[begin]};
  double sum = 0;
  for (std::size_t count = 1; count <= kLongestPhrase && begin + count <= weights.size(); ++count) {
    sum += weights[begin + count - 1];
    if (sum > best.second) best = {count, sum};
  }
  return best;
}

void add_phrases(TextPart part, const FeaturedWords& text, const TextModel& model, double sign,
                 std::vector<Phrase>& phrases) {
  const std::vector<TextWord>& words = text.words();
  const std::vector<double> weights = word_weights(text, model, sign);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto [count, weight] = best_run(weights, i);
    if (weight > 0) phrases.push_back({part, {words[i].span.begin, words[i + count - 1].span.end}, weight});
  }
}

bool overlap(const Phrase& left, const Phrase& right) {
  return left.part == right.part && left.span.begin < right.span.end && right.span.begin < left.span.end;
}

/// What the model reads of a message.
struct ReadText {
  explicit ReadText(const SubjectMatter& matter)
      : subject(folded_of(matter, TextPart::subject), kMostSubjectWords, TextPart::subject),
        human(folded_of(matter, TextPart::human), kMostHumanWords, TextPart::human) {}
  FeaturedWords subject, human;
};

/// The heaviest one that overlaps none of `chosen`, of equal ones the first; nullptr when there is none.
const Phrase* heaviest_beside(const std::vector<Phrase>& chosen, const std::vector<Phrase>& phrases) {
  const Phrase* heaviest = nullptr;
  for (const Phrase& phrase : phrases) {
    if (heaviest != nullptr && phrase.weight <= heaviest->weight) continue;
    const bool is_apart =
        std::none_of(chosen.begin(), chosen.end(), [&](const Phrase& one) { return overlap(one, phrase); });
    if (is_apart) heaviest = &phrase;
  }
  return heaviest;
}

/// The heaviest phrases that do not overlap, heaviest first.
std::vector<Phrase> strongest_phrases(const ReadText& text, const TextModel& model, double sign) {
  std::vector<Phrase> found;
  found.reserve(text.subject.words().size() + text.human.words().size());
  add_phrases(TextPart::subject, text.subject, model, sign, found);
  add_phrases(TextPart::human, text.human, model, sign, found);
  std::vector<Phrase> chosen;
  while (chosen.size() < kPhrases) {
    const Phrase* const next = heaviest_beside(chosen, found);
    if (next == nullptr) break;
    if (!chosen.empty() && next->weight < kLightest * chosen.front().weight) break;
    chosen.push_back(*next);
  }
  return chosen;
}

Signal make_signal(const SubjectMatter& matter, const std::vector<Phrase>& phrases, double strength) {
  Signal signal;
  signal.where = "body";
  signal.strength = strength;
  for (std::size_t i = 0; i < phrases.size(); ++i) {
    const MatchText& text = *field_of(matter, name_of(phrases[i].part));
    const Span span = text.to_seen.source_of(phrases[i].span, text.seen.size());
    if (i == 0) {
      signal.where = text.where;
      signal.span = span;
    } else {
      signal.more.push_back({text.where, span});
    }
  }
  return signal;
}

}  // namespace

void add_text_signals(SubjectMatter& matter, const TextModel& model) {
  if (!model.knows(matter.language)) return;
  const ReadText text(matter);
  const TextFeatures features = text_features(text.subject, text.human);
  if (features.words < kFewestModelWords) return;
  const double log_odds = model.log_odds(features, matter.channel);
  const double sign = log_odds < 0 ? -1 : 1;
  const double strength = std::abs(log_odds) / TextModel::kMostLogOdds;
  const Signal signal = make_signal(matter, strongest_phrases(text, model, sign), strength);
  for (const Step& step : kSteps) {
    if (std::abs(log_odds) < step.log_odds) break;
    matter.signals.insert_or_assign(std::string(sign < 0 ? step.against_it : step.for_it), signal);
  }
}

}  // namespace coldpitch
