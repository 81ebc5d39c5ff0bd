// SPDX-License-Identifier: MIT
// Loading a policy, and looking for its expressions in texts that all differ: the same text again and again would show only that RE2
// remembers it. `cold` looks through texts that a fresh policy has never seen, `warm` through them once more.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "policies/engine.h"
#include "policies/policy_loader.h"

namespace coldpitch {
namespace {

constexpr std::size_t kTexts = 1000;
constexpr std::size_t kTextOctets = 10 * 1024;

/// Numbers that are the same in every run.
class Numbers {
 public:
  explicit Numbers(std::uint64_t seed) : state_(seed * 2862933555777941757ULL + 3037000493ULL) {}
  std::size_t below(std::size_t bound) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::size_t>((state_ >> 33U) % bound);
  }

 private:
  std::uint64_t state_;
};

constexpr std::size_t kWords = 5000;

/// One of some 900 syllables.
std::string syllable(Numbers& numbers) {
  static const std::vector<std::string> kOnsets{"b", "c", "d", "f", "g", "h", "l",  "m",  "n",  "p",  "r",
                                                "s", "t", "v", "w", "k", "",  "st", "tr", "pr", "ch", "sh"};
  static const std::vector<std::string> kVowels{"a", "e", "i", "o", "u", "ea"};
  static const std::vector<std::string> kCodas{"", "", "", "n", "r", "s", "t", "ng", "l"};
  return kOnsets[numbers.below(kOnsets.size())] + kVowels[numbers.below(kVowels.size())] +
         kCodas[numbers.below(kCodas.size())];
}

/// Words by rank: those used most are the shortest, as in a language.
const std::vector<std::string>& words() {
  static const std::vector<std::string> kMade = [] {
    Numbers numbers(7);
    std::vector<std::string> made;
    while (made.size() < kWords) {
      const std::size_t most = made.size() < 150 ? 1 : made.size() < 1000 ? 2 : 3;
      std::string text;
      for (std::size_t left = 1 + (most > 1 ? numbers.below(most) : 0); left > 0; --left)
        text += syllable(numbers);
      if (most == 3) text += syllable(numbers);
      made.push_back(text);
    }
    return made;
  }();
  return kMade;
}

/// A word of a text: each rank is used half as often as the one of half its number (Zipf).
const std::string& word(Numbers& numbers) {
  constexpr std::size_t kSteps = 1U << 20U;
  const double exponent = static_cast<double>(numbers.below(kSteps)) / static_cast<double>(kSteps);
  return words()[static_cast<std::size_t>(std::pow(static_cast<double>(kWords), exponent)) - 1];
}

/// A word of a rule, seldom one that is used much.
const std::string& rule_word(Numbers& numbers) { return words()[100 + numbers.below(kWords - 100)]; }

/// A phrase in which words used much stand beside another, some with a word that may be left out.
std::string phrase(Numbers& numbers) {
  std::string text = word(numbers) + " ";
  if (numbers.below(3) == 0) text += "(?:" + word(numbers) + " |" + word(numbers) + " )?";
  if (numbers.below(3) == 0) text += word(numbers) + " ";
  return text + rule_word(numbers);
}

/// As long as the shipped ones are, which have 200 octets and some eighteen alternatives, those within others included.
std::string phrases(Numbers& numbers) {
  std::string text = "\\b(?:" + phrase(numbers);
  for (std::size_t left = 10 + numbers.below(4); left > 0; --left) text += "|" + phrase(numbers);
  return text + ")\\b";
}

std::string text_of(std::size_t octets, std::uint64_t seed) {
  Numbers numbers(seed);
  std::string text;
  while (text.size() < octets) {
    text += word(numbers);
    text += numbers.below(12) == 0 ? ". " : " ";
  }
  return text;
}

/// A policy of so many rules, of the shapes the shipped ones have: two expressions that count alone, in four of seven rules two more
/// near each other, one of rarer words and one of words in every text; and nine of twenty for another language.
std::string policy_of(std::size_t count) {
  std::string text =
      "policy: bench\ntitle: Benchmark\nchannels: [direct]\nthresholds: {suspect: 3, pitch: 5}\n"
      "clauses: [{id: c, title: t, text: t, source: s, captured: 2026-01-01}]\nrules:\n";
  Numbers numbers(11);
  for (std::size_t rule = 0; rule < count; ++rule) {
    const std::string id = "r" + std::to_string(rule);
    const std::string& first = rule_word(numbers);
    text +=
        "  - id: " + id + "\n    clause: c\n    group: g" + std::to_string(rule % 12) + "\n    weight: 1\n";
    if (rule % 20 < 9) text += "    language: [de]\n";
    text += "    any:\n      - '" + phrases(numbers) + "|" + first + " " + id + "'\n      - '" +
            phrases(numbers) + "'\n";
    if (rule % 7 < 4) {
      text += "      - near: {within: 6, of: ['\\b(?:" + rule_word(numbers) + "|" + rule_word(numbers) + "|" +
              rule_word(numbers) + ")\\b', '\\b(?:" + word(numbers) + "|" + word(numbers) + ")\\b']}\n";
    }
    text += "    reason: r\n    examples: {hit: ['" + first + " " + id + "'], miss: ['x" + id + "']}\n";
  }
  return text;
}

std::shared_ptr<const Engine> load(const std::string& text) {
  std::vector<Diagnostic> diagnostics;
  auto document = YamlDocument::parse(text, "bench", diagnostics);
  if (!document) return nullptr;
  auto policy = load_policy(std::move(*document), diagnostics);
  if (!policy) return nullptr;
  std::vector<Policy> policies;
  policies.push_back(std::move(*policy));
  return Engine::compile(std::move(policies), diagnostics);
}

SubjectMatter matter_of(const std::string& text) {
  SubjectMatter matter;
  matter.language = "en";
  matter.fields["human"] = {text, "body", text, {}};
  matter.fields["subject"] = {std::string_view(text).substr(0, 40), "subject", text.substr(0, 40), {}};
  return matter;
}

std::vector<SubjectMatter> matters(const std::vector<std::string>& texts) {
  std::vector<SubjectMatter> made;
  made.reserve(texts.size());
  for (const std::string& text : texts) made.push_back(matter_of(text));
  return made;
}

const std::vector<std::string>& texts() {
  static const std::vector<std::string> kMade = [] {
    std::vector<std::string> made;
    for (std::size_t text = 0; text < kTexts; ++text) made.push_back(text_of(kTextOctets, 1000 + text));
    return made;
  }();
  return kMade;
}

void load_rules(benchmark::State& state) {
  const std::string text = policy_of(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) {
    const auto engine = load(text);
    if (engine == nullptr) state.SkipWithError("the policy is refused");
  }
}
BENCHMARK(load_rules)->Arg(300)->Arg(2000)->Unit(benchmark::kMillisecond);

/// One iteration is one text, so that the time shown is the time of a text.
void match(benchmark::State& state, bool warm) {
  const auto engine = load(policy_of(static_cast<std::size_t>(state.range(0))));
  if (engine == nullptr) return state.SkipWithError("the policy is refused");
  const std::vector<SubjectMatter> looked_at = matters(texts());
  if (warm) {
    for (const SubjectMatter& matter : looked_at) benchmark::DoNotOptimize(engine->scan(matter));
  }
  std::size_t at = 0;
  double hit = 0;
  for (auto _ : state) {
    const PatternHits hits = engine->scan(looked_at[at]);
    benchmark::DoNotOptimize(engine->judge(looked_at[at], hits));
    at = (at + 1) % looked_at.size();
    hit += static_cast<double>(hits.size());
  }
  state.counters["hit"] = benchmark::Counter(hit, benchmark::Counter::kAvgIterations);
}
BENCHMARK_CAPTURE(match, cold, false)->Arg(300)->Arg(2000)->Iterations(kTexts)->Unit(benchmark::kMicrosecond);
BENCHMARK_CAPTURE(match, warm, true)->Arg(300)->Arg(2000)->Iterations(kTexts)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace coldpitch
