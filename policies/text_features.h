// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"

namespace coldpitch {

/// How many numbers there are for n-grams: a hash decides which one an n-gram has, and a few share one.
inline constexpr unsigned kFeatureBits = 18;
inline constexpr std::size_t kFeatures = std::size_t{1} << kFeatureBits;

/// Words of a text that are looked at; what lies beyond tells no more about what the mail is.
inline constexpr std::size_t kMostSubjectWords = 60;
inline constexpr std::size_t kMostHumanWords = 600;

/// A text whose words are told apart by where they stand.
enum class TextPart : std::uint8_t { subject, human };

/// A word of a folded text: a run of letters (octets beyond ASCII are letters), a number, a sign that means something (! ? $ % &), a
/// link or an address.
struct TextWord {
  std::string_view
      text;   ///< points into the text; for a number, a link or an address a fixed word that stands for it
  Span span;  ///< in the folded text
  bool spelled = true;  ///< its letters mean something: not a number, sign, link, address or overlong run
};

/// The first `most` words of `folded` (see fold_text()). Any octets; pure, linear.
[[nodiscard]] std::vector<TextWord> text_words(std::string_view folded, std::size_t most);

/// Words with the features of each: the word, the pair it makes with the next one (both marked by the part), and the runs of
/// three to five code points in it, its ends marked. What is said twice is worked out once.
class FeaturedWords {
 public:
  /// The first `most` words of `folded`, which must outlive this. Any octets; pure, linear.
  FeaturedWords(std::string_view folded, std::size_t most, TextPart part);

  [[nodiscard]] const std::vector<TextWord>& words() const { return words_; }
  /// Calls `visit` with each feature of word `index`: the word, the pair if there is one, the runs.
  template <class Visit>
  void visit_features(std::size_t index, Visit visit) const {
    const Place& place = places_[index];
    for (std::uint32_t i = 0; i < place.own; ++i) visit(features_[place.first + i]);
    for (std::uint32_t i = 0; i < place.runs; ++i) visit(features_[place.first_run + i]);
  }
  /// Calls `visit` with features and how often each of them is visited by visit_features(): once for a word or pair, and for the runs of a
  /// word that is there several times. One feature may come several times.
  template <class Visit>
  void visit_distinct(Visit visit) const {
    for (const Place& place : places_) {
      for (std::uint32_t i = 0; i < place.own; ++i) visit(features_[place.first + i], 1U);
      if (place.times == 0) continue;
      for (std::uint32_t i = 0; i < place.runs; ++i) visit(features_[place.first_run + i], place.times);
    }
  }
  /// Of all words, some of them several times.
  [[nodiscard]] const std::vector<std::uint32_t>& features() const { return features_; }

 private:
  /// Where the features of a word stand.
  struct Place {
    std::uint32_t first = 0, own = 0;
    std::uint32_t first_run = 0, runs = 0;
    std::uint32_t times = 0;  ///< the word is there, counted where it is first; 0 elsewhere
  };

  std::vector<TextWord> words_;
  std::vector<Place> places_;
  std::vector<std::uint32_t> features_;
};

/// What the text model sees of a message.
struct TextFeatures {
  std::vector<std::uint32_t> present;  ///< features of the subject and the human text, rising, each once
  std::vector<std::uint16_t> times;    ///< how often each of `present` is there; at least 1
  std::size_t words = 0;               ///< of the human text, at most kMostHumanWords

  bool operator==(const TextFeatures&) const = default;
};

/// What a feature counts that is there so often: 1 + ln(times). `times` is at least 1.
[[nodiscard]] double count_value(std::uint16_t times);

/// `subject` and `human` are folded; empty where there is none. Independent of the locale and the language; the same on every
/// machine. Pure; cost: linear in the words looked at.
[[nodiscard]] TextFeatures text_features(std::string_view subject, std::string_view human);
/// The same, of words that were read before.
[[nodiscard]] TextFeatures text_features(const FeaturedWords& subject, const FeaturedWords& human);

}  // namespace coldpitch
