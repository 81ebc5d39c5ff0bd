// SPDX-License-Identifier: MIT
#include "policies/text_features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

/// Longer runs of letters are no words: encoded data, a language without blanks.
constexpr std::size_t kLongestWord = 40;
constexpr std::size_t kShortestRun = 3;
constexpr std::size_t kLongestRun = 5;

// What stands for words whose letters say nothing. None of them can be a run of letters.
constexpr std::string_view kNumber = "0";
constexpr std::string_view kLink = "<link>";
constexpr std::string_view kAddress = "<address>";
constexpr std::string_view kOverlong = "<long>";

/// FNV-1a, with the bits mixed at the end so that the low ones may be taken.
class Hash {
 public:
  explicit Hash(char kind) { add(kind); }
  void add(char octet) { value_ = (value_ ^ static_cast<std::uint8_t>(octet)) * 16777619U; }
  void add(std::string_view octets) {
    for (const char octet : octets) add(octet);
  }
  [[nodiscard]] std::uint32_t feature() const {
    std::uint32_t mixed = value_ ^ (value_ >> 15U);
    mixed *= 0x2C1B3C6DU;
    mixed ^= mixed >> 12U;
    mixed *= 0x297A2D39U;
    mixed ^= mixed >> 15U;
    return mixed & (kFeatures - 1);
  }

 private:
  std::uint32_t value_ = 2166136261U;
};

bool is_letter(char octet) { return is_ascii_alpha(octet) || static_cast<std::uint8_t>(octet) >= 0x80; }

bool is_telling_sign(char octet) {
  return octet == '!' || octet == '?' || octet == '$' || octet == '%' || octet == '&';
}

bool is_link(std::string_view chunk) {
  return chunk.find("://") != std::string_view::npos || chunk.find("www.") != std::string_view::npos;
}

bool is_address(std::string_view chunk) {
  const std::size_t at = chunk.find('@');
  return at != std::string_view::npos && at > 0 && chunk.find('.', at) != std::string_view::npos;
}

/// Splits text into words, chunk by chunk (what stands between blanks).
class WordReader {
 public:
  WordReader(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  std::vector<TextWord> read() {
    for (std::size_t at = 0; at < text_.size() && words_.size() < most_;) {
      const std::size_t end = std::min(text_.find(' ', at), text_.size());
      read_chunk(at, end);
      at = end + 1;
    }
    return std::move(words_);
  }

 private:
  void read_chunk(std::size_t begin, std::size_t end) {
    const std::string_view chunk = text_.substr(begin, end - begin);
    if (is_link(chunk)) return add({kLink, {begin, end}, false});
    if (is_address(chunk)) return add({kAddress, {begin, end}, false});
    for (std::size_t at = begin; at < end;) at = read_word(at, end);
  }

  /// Returns where the next word may begin.
  std::size_t read_word(std::size_t at, std::size_t end) {
    if (is_letter(text_[at])) {
      const std::size_t stop = run_end(at, end, is_letter);
      const std::string_view word = text_.substr(at, stop - at);
      const bool is_word = word.size() <= kLongestWord;
      add({is_word ? word : kOverlong, {at, stop}, is_word});
      return stop;
    }
    if (is_ascii_digit(text_[at])) {
      const std::size_t stop = run_end(at, end, is_ascii_digit);
      add({kNumber, {at, stop}, false});
      return stop;
    }
    if (is_telling_sign(text_[at])) add({text_.substr(at, 1), {at, at + 1}, false});
    return at + 1;
  }

  template <class Belongs>
  [[nodiscard]] std::size_t run_end(std::size_t at, std::size_t end, Belongs belongs) const {
    while (at < end && belongs(text_[at])) ++at;
    return at;
  }

  void add(const TextWord& word) {
    if (words_.size() < most_) words_.push_back(word);
  }

  std::string_view text_;
  std::size_t most_;
  std::vector<TextWord> words_;
};

constexpr char mark_of(TextPart part) { return part == TextPart::subject ? 's' : 'h'; }

void add_word_and_pair(const std::vector<TextWord>& words, std::size_t index, TextPart part,
                       std::vector<std::uint32_t>& features) {
  Hash hash(mark_of(part));
  hash.add(words[index].text);
  features.push_back(hash.feature());
  if (index + 1 >= words.size()) return;
  hash.add(' ');
  hash.add(words[index + 1].text);
  features.push_back(hash.feature());
}

/// The runs of a word with "<" before and ">" behind it. `word` is at most kLongestWord octets long.
void add_runs(std::string_view word, std::vector<std::uint32_t>& features) {
  std::array<char, kLongestWord + 2> octets;
  std::array<std::size_t, kLongestWord + 3> starts;
  octets[0] = '<';
  std::copy(word.begin(), word.end(), octets.begin() + 1);
  octets[word.size() + 1] = '>';
  const std::string_view marked(octets.data(), word.size() + 2);
  std::size_t count = 0;
  for (std::size_t at = 0; at < marked.size();) {
    starts[count++] = at;
    at += static_cast<std::uint8_t>(marked[at]) < 0x80 ? 1 : utf8_sequence(marked, at).octets;
  }
  starts[count++] = marked.size();
  for (std::size_t first = 0; first + kShortestRun < count; ++first) {
    Hash hash('c');
    const std::size_t most = std::min(kLongestRun, count - 1 - first);
    for (std::size_t length = 1; length <= most; ++length) {
      const std::size_t begin = starts[first + length - 1];
      hash.add(marked.substr(begin, starts[first + length] - begin));
      if (length >= kShortestRun) features.push_back(hash.feature());
    }
  }
}

/// The features that are there, rising, and the place of each. A bit for each feature is quicker than sorting, and gives the same.
class FeatureRanks {
 public:
  void add(const std::vector<std::uint32_t>& features) {
    for (const std::uint32_t feature : features) bits_[feature / 64] |= std::uint64_t{1} << (feature % 64);
  }

  std::vector<std::uint32_t> rising() {
    std::size_t count = 0;
    for (const std::uint64_t block : bits_) count += static_cast<std::size_t>(std::popcount(block));
    std::vector<std::uint32_t> present;
    present.reserve(count);
    for (std::uint32_t block = 0; block < bits_.size(); ++block) {
      before_[block] = static_cast<std::uint32_t>(present.size());
      for (std::uint64_t bits = bits_[block]; bits != 0; bits &= bits - 1) {
        present.push_back(block * 64 + static_cast<std::uint32_t>(std::countr_zero(bits)));
      }
    }
    return present;
  }
  /// Of a feature that is there; after rising().
  [[nodiscard]] std::size_t rank(std::uint32_t feature) const {
    const std::uint64_t below = bits_[feature / 64] & ((std::uint64_t{1} << (feature % 64)) - 1);
    return before_[feature / 64] + static_cast<std::size_t>(std::popcount(below));
  }

 private:
  std::vector<std::uint64_t> bits_ = std::vector<std::uint64_t>(kFeatures / 64);
  std::vector<std::uint32_t> before_ =
      std::vector<std::uint32_t>(kFeatures / 64);  ///< how many stand before a block
};

/// Stays at the most a number of times can be, which no text of the words looked at reaches.
void count_each(const FeaturedWords& words, const FeatureRanks& ranks, std::vector<std::uint16_t>& times) {
  for (std::size_t i = 0; i < words.words().size(); ++i) {
    words.visit_features(i, [&](std::uint32_t feature) {
      std::uint16_t& count = times[ranks.rank(feature)];
      if (count < std::numeric_limits<std::uint16_t>::max()) ++count;
    });
  }
}

}  // namespace

std::vector<TextWord> text_words(std::string_view folded, std::size_t most) {
  return WordReader(folded, most).read();
}

FeaturedWords::FeaturedWords(std::string_view folded, std::size_t most, TextPart part)
    : words_(text_words(folded, most)) {
  constexpr std::size_t kFeaturesOfWord = 12;  // of six letters
  places_.reserve(words_.size());
  features_.reserve(words_.size() * kFeaturesOfWord);
  std::unordered_map<std::string_view, std::size_t> spelled;
  spelled.reserve(words_.size());
  const auto count = [this] { return static_cast<std::uint32_t>(features_.size()); };
  for (std::size_t i = 0; i < words_.size(); ++i) {
    Place& place = places_.emplace_back();
    place.first = count();
    add_word_and_pair(words_, i, part, features_);
    place.own = count() - place.first;
    if (!words_[i].spelled) continue;
    const auto [before, is_new] = spelled.try_emplace(words_[i].text, i);
    if (!is_new) {
      place.first_run = places_[before->second].first_run;
      place.runs = places_[before->second].runs;
      continue;
    }
    place.first_run = count();
    add_runs(words_[i].text, features_);
    place.runs = count() - place.first_run;
  }
}

double count_value(std::uint16_t times) {
  static const std::array kValues = [] {
    std::array<double, 16> values{};
    for (std::size_t i = 1; i < values.size(); ++i) values[i] = 1 + std::log(static_cast<double>(i));
    return values;
  }();
  return times < kValues.size() ? kValues[times] : 1 + std::log(static_cast<double>(times));
}

TextFeatures text_features(const FeaturedWords& subject, const FeaturedWords& human) {
  FeatureRanks ranks;
  ranks.add(subject.features());
  ranks.add(human.features());
  TextFeatures features;
  features.present = ranks.rising();
  features.times.resize(features.present.size());
  count_each(subject, ranks, features.times);
  count_each(human, ranks, features.times);
  features.words = human.words().size();
  return features;
}

TextFeatures text_features(std::string_view subject, std::string_view human) {
  return text_features(FeaturedWords(subject, kMostSubjectWords, TextPart::subject),
                       FeaturedWords(human, kMostHumanWords, TextPart::human));
}

}  // namespace coldpitch
