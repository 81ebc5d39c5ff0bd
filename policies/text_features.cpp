// SPDX-License-Identifier: MIT
#include "policies/text_features.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <numeric>

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

/// What an octet may be part of; several of a chunk are joined, to know what needs no looking for.
enum OctetKind : std::uint8_t {
  kBlank = 1,
  kLetter = 2,
  kDigit = 4,
  kTellingSign = 8,
  kColon = 16,
  kDot = 32,
  kAt = 64,
  kOther = 128,
};

constexpr std::array<std::uint8_t, 256> make_octet_kinds() {
  std::array<std::uint8_t, 256> kinds{};
  kinds.fill(kOther);
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const char octet = static_cast<char>(i);
    if (i >= 0x80 || is_ascii_alpha(octet)) kinds[i] = kLetter;
    if (is_ascii_digit(octet)) kinds[i] = kDigit;
  }
  for (const char sign : {'!', '?', '$', '%', '&'}) kinds[static_cast<std::uint8_t>(sign)] = kTellingSign;
  kinds[' '] = kBlank;
  kinds[':'] = kColon;
  kinds['.'] = kDot;
  kinds['@'] = kAt;
  return kinds;
}

constexpr std::array<std::uint8_t, 256> kOctetKinds = make_octet_kinds();

unsigned kind_of(char octet) { return kOctetKinds[static_cast<std::uint8_t>(octet)]; }

bool is_link(std::string_view chunk, unsigned kinds) {
  return ((kinds & kColon) != 0 && chunk.find("://") != std::string_view::npos) ||
         ((kinds & kDot) != 0 && chunk.find("www.") != std::string_view::npos);
}

bool is_address(std::string_view chunk, unsigned kinds) {
  if ((kinds & kAt) == 0) return false;
  const std::size_t at = chunk.find('@');
  return at > 0 && chunk.find('.', at) != std::string_view::npos;
}

/// Splits text into words, chunk by chunk (what stands between blanks).
class WordReader {
 public:
  WordReader(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  std::vector<TextWord> read() {
    constexpr std::size_t kOctetsOfWord = 6;
    words_.reserve(std::min(most_, text_.size() / kOctetsOfWord + 1));
    for (std::size_t at = 0; at < text_.size() && words_.size() < most_;) {
      unsigned kinds = 0;
      std::size_t end = at;
      for (; end < text_.size(); ++end) {
        const unsigned kind = kind_of(text_[end]);
        if (kind == kBlank) break;
        kinds |= kind;
      }
      read_chunk(at, end, kinds);
      at = end + 1;
    }
    return std::move(words_);
  }

 private:
  /// `kinds` are those of its octets.
  void read_chunk(std::size_t begin, std::size_t end, unsigned kinds) {
    if (kinds == kLetter) return add_letters(begin, end);
    const std::string_view chunk = text_.substr(begin, end - begin);
    if (is_link(chunk, kinds)) return add({kLink, {begin, end}, false});
    if (is_address(chunk, kinds)) return add({kAddress, {begin, end}, false});
    for (std::size_t at = begin; at < end;) at = read_word(at, end);
  }

  /// Returns where the next word may begin.
  std::size_t read_word(std::size_t at, std::size_t end) {
    const unsigned kind = kind_of(text_[at]);
    if (kind == kLetter) {
      const std::size_t stop = run_end(at, end, kLetter);
      add_letters(at, stop);
      return stop;
    }
    if (kind == kDigit) {
      const std::size_t stop = run_end(at, end, kDigit);
      add({kNumber, {at, stop}, false});
      return stop;
    }
    if (kind == kTellingSign) add({text_.substr(at, 1), {at, at + 1}, false});
    return at + 1;
  }

  [[nodiscard]] std::size_t run_end(std::size_t at, std::size_t end, unsigned kind) const {
    while (at < end && kind_of(text_[at]) == kind) ++at;
    return at;
  }

  void add_letters(std::size_t begin, std::size_t end) {
    const std::string_view word = text_.substr(begin, end - begin);
    const bool is_word = word.size() <= kLongestWord;
    add({is_word ? word : kOverlong, {begin, end}, is_word});
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

/// A word with "<" before and ">" behind it.
using MarkedWord = std::array<char, kLongestWord + 2>;
/// Of one word.
constexpr std::size_t kMostRuns = (kLongestRun - kShortestRun + 1) * kLongestWord;

/// Runs of octets, each of which is a code point.
std::size_t list_ascii_runs(const MarkedWord& octets, std::size_t size,
                            std::array<std::uint32_t, kMostRuns>& runs) {
  std::size_t count = 0;
  for (std::size_t first = 0; first + kShortestRun <= size; ++first) {
    Hash hash('c');
    for (std::size_t i = 0; i + 1 < kShortestRun; ++i) hash.add(octets[first + i]);
    const std::size_t most = std::min(kLongestRun, size - first);
    for (std::size_t length = kShortestRun; length <= most; ++length) {
      hash.add(octets[first + length - 1]);
      runs[count++] = hash.feature();
    }
  }
  return count;
}

std::size_t list_runs(std::string_view marked, std::array<std::uint32_t, kMostRuns>& runs) {
  std::array<std::size_t, kLongestWord + 3> starts;
  std::size_t points = 0;
  for (std::size_t at = 0; at < marked.size();) {
    starts[points++] = at;
    at += static_cast<std::uint8_t>(marked[at]) < 0x80 ? 1 : utf8_sequence(marked, at).octets;
  }
  starts[points] = marked.size();
  std::size_t count = 0;
  for (std::size_t first = 0; first + kShortestRun <= points; ++first) {
    Hash hash('c');
    const std::size_t most = std::min(kLongestRun, points - first);
    for (std::size_t length = 1; length <= most; ++length) {
      const std::size_t begin = starts[first + length - 1];
      hash.add(marked.substr(begin, starts[first + length] - begin));
      if (length >= kShortestRun) runs[count++] = hash.feature();
    }
  }
  return count;
}

/// `word` is at most kLongestWord octets long.
void add_runs(std::string_view word, std::vector<std::uint32_t>& features) {
  MarkedWord octets;
  octets[0] = '<';
  std::copy(word.begin(), word.end(), octets.begin() + 1);
  const std::size_t size = word.size() + 2;
  octets[size - 1] = '>';
  const bool is_ascii = std::all_of(word.begin(), word.end(),
                                    [](char octet) { return static_cast<std::uint8_t>(octet) < 0x80; });
  std::array<std::uint32_t, kMostRuns> runs;
  const std::size_t count =
      is_ascii ? list_ascii_runs(octets, size, runs) : list_runs(std::string_view(octets.data(), size), runs);
  features.insert(features.end(), runs.begin(), runs.begin() + static_cast<std::ptrdiff_t>(count));
}

/// Finds words that were there before. What is looked for lies elsewhere; a word is known by its number.
class KnownWords {
 public:
  explicit KnownWords(std::size_t words) : numbers_(std::bit_ceil(2 * words + 1), kNone) {}

  /// The number of the word with `hash` that `is_same` says is the same; where there is none `number`, which is then known by `hash`.
  template <class IsSame>
  std::uint32_t find_or_add(std::uint32_t hash, std::uint32_t number, IsSame is_same) {
    for (std::size_t at = hash;; ++at) {
      std::uint32_t& known = numbers_[at & (numbers_.size() - 1)];
      if (known == kNone) return known = number;
      if (is_same(known)) return known;
    }
  }

 private:
  static constexpr std::uint32_t kNone = static_cast<std::uint32_t>(-1);
  std::vector<std::uint32_t> numbers_;
};

/// A feature, and how often it is there, in one number: the feature above, so that such numbers rise as their features do.
class CountedFeature {
 public:
  CountedFeature() = default;
  CountedFeature(std::uint32_t feature, std::uint32_t times)
      : number_((feature << kTimesBits) | std::min(times, kMostTimes)) {}

  [[nodiscard]] std::uint32_t feature() const { return number_ >> kTimesBits; }
  [[nodiscard]] std::uint32_t times() const { return number_ & kMostTimes; }

 private:
  static constexpr unsigned kTimesBits = 32 - kFeatureBits;
  static constexpr std::uint32_t kMostTimes = (1U << kTimesBits) - 1;
  static_assert(kMostSubjectWords + kMostHumanWords < kMostTimes);
  std::uint32_t number_ = 0;
};

/// The features of both, rising: two rounds of a radix sort, each by half of the bits.
std::vector<CountedFeature> sorted_features(const FeaturedWords& subject, const FeaturedWords& human) {
  constexpr unsigned kDigitBits = kFeatureBits / 2;
  constexpr std::size_t kDigits = std::size_t{1} << kDigitBits;
  static_assert(2 * kDigitBits == kFeatureBits);
  std::array<std::uint32_t, kDigits> low{};
  std::array<std::uint32_t, kDigits> high{};
  for (const FeaturedWords* const words : {&subject, &human}) {
    for (const std::uint32_t feature : words->features()) {
      ++low[feature % kDigits];
      ++high[feature / kDigits];
    }
  }
  std::exclusive_scan(low.begin(), low.end(), low.begin(), std::uint32_t{0});
  std::exclusive_scan(high.begin(), high.end(), high.begin(), std::uint32_t{0});
  std::vector<CountedFeature> half(subject.features().size() + human.features().size());
  for (const FeaturedWords* const words : {&subject, &human}) {
    words->visit_distinct([&](std::uint32_t feature, std::uint32_t times) {
      half[low[feature % kDigits]++] = CountedFeature(feature, times);
    });
  }
  std::vector<CountedFeature> sorted(half.size());
  for (const CountedFeature one : half) sorted[high[one.feature() / kDigits]++] = one;
  return sorted;
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
  KnownWords spelled(words_.size());
  const auto count = [this] { return static_cast<std::uint32_t>(features_.size()); };
  for (std::uint32_t i = 0; i < words_.size(); ++i) {
    Place& place = places_.emplace_back();
    place.first = count();
    add_word_and_pair(words_, i, part, features_);
    place.own = count() - place.first;
    if (!words_[i].spelled) continue;
    const std::uint32_t hash = features_[place.first];
    const std::uint32_t first = spelled.find_or_add(hash, i, [&](std::uint32_t before) {
      return features_[places_[before].first] == hash && words_[before].text == words_[i].text;
    });
    Place& said_first = places_[first];
    ++said_first.times;
    if (first != i) {
      place.first_run = said_first.first_run;
      place.runs = said_first.runs;
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
  constexpr std::uint32_t kMostTimes = std::numeric_limits<std::uint16_t>::max();
  const std::vector<CountedFeature> sorted = sorted_features(subject, human);
  TextFeatures features;
  features.present.resize(sorted.size());
  features.times.resize(sorted.size());
  // Without a branch: which feature comes again cannot be guessed.
  std::size_t next = 0;
  std::uint32_t last = kFeatures;
  for (const CountedFeature one : sorted) {
    next += one.feature() != last ? 1 : 0;
    last = one.feature();
    features.present[next - 1] = last;
    std::uint16_t& times = features.times[next - 1];
    times = static_cast<std::uint16_t>(std::min(times + one.times(), kMostTimes));
  }
  features.present.resize(next);
  features.times.resize(next);
  features.words = human.words().size();
  return features;
}

TextFeatures text_features(std::string_view subject, std::string_view human) {
  return text_features(FeaturedWords(subject, kMostSubjectWords, TextPart::subject),
                       FeaturedWords(human, kMostHumanWords, TextPart::human));
}

}  // namespace coldpitch
