// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/expression_pool.h"
#include "policies/policy.h"
#include "policies/site.h"
#include "policies/subject_matter.h"
#include "policies/verdict.h"

namespace coldpitch {

struct ExampleResult;

/// Thresholds of a recipient's profile that replace the policies' own.
using Thresholds = std::map<Level, double>;

/// Ids of rules.
using RuleIds = std::set<std::string, std::less<>>;

/// What the patterns found in one message: made once, used for every recipient.
class PatternHits {
 public:
  struct Hit {
    std::string where;
    Span span;  ///< in the seen text of the field
    std::string text;
  };
  /// Hits of all expressions of a `near`: the one that stands first, and the one that ends last.
  struct Near {
    Hit first, last;
  };

  PatternHits() = default;
  PatternHits(std::size_t expressions, std::size_t nears) : of_(expressions), near_(nears) {}

  /// The first hit of an expression that counts alone, nullptr where there is none.
  [[nodiscard]] const Hit* of(std::size_t expression) const { return at(of_, hits_, expression); }
  /// Of a `near` of the engine, nullptr where it has none.
  [[nodiscard]] const Near* near(std::size_t index) const { return at(near_, nears_, index); }
  /// How many expressions and `near`s hit.
  [[nodiscard]] std::size_t size() const { return hits_.size() + nears_.size(); }

  void add(std::size_t expression, Hit hit) { keep(of_, hits_, expression, std::move(hit)); }
  void add_near(std::size_t index, Near near) { keep(near_, nears_, index, std::move(near)); }

 private:
  using Places = std::vector<std::uint32_t>;  ///< by index: place + 1, 0 for none

  template <class T>
  static const T* at(const Places& places, const std::vector<T>& kept, std::size_t index) {
    return index < places.size() && places[index] != 0 ? &kept[places[index] - 1] : nullptr;
  }
  template <class T>
  static void keep(Places& places, std::vector<T>& kept, std::size_t index, T one) {
    kept.push_back(std::move(one));
    places[index] = static_cast<std::uint32_t>(kept.size());
  }

  Places of_, near_;
  std::vector<Hit> hits_;
  std::vector<Near> nears_;
};

/// Asked now and then by what may take long; an empty one is not asked.
using StopCheck = std::function<bool()>;

/// The policies in force, compiled. Immutable once made, shared read-only by all threads.
class Engine {
 public:
  /// Compiles `policies` (already loaded and checked) into one Matcher; what `expressions` holds is not compiled again. Runs every rule's examples (each example text stands in every field the rule looks at; an example that does not do what it says is an
  /// error at its place). nullptr with diagnostics when something is wrong. Where `examples` is given, what came of them goes there and
  /// is no error.
  [[nodiscard]] static std::shared_ptr<const Engine> compile(std::vector<Policy> policies,
                                                             std::vector<Diagnostic>& diagnostics,
                                                             std::vector<ExampleResult>* examples = nullptr,
                                                             ExpressionPool expressions = {});
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Finds all expressions in all fields. Linear in the texts; about a microsecond per KB and hit. Thread-safe. Once `is_over` says so
  /// nothing more is looked for, and what was found so far is of no use.
  [[nodiscard]] PatternHits scan(const SubjectMatter& matter, const StopCheck& is_over = {}) const;

  /// Judges by every policy that looks at `matter.channel`. Thread-safe, pure.
  ///
  /// A rule counts when its condition holds; of the positive rules of one group only the heaviest counts (the others are
  /// listed with weight 0); a clause is capped; the sum over all is the score, never below 0. Level: `suspect` from its threshold;
  /// `pitch` from its threshold when enough independent groups of positive evidence counted (Policy::minimum_groups, or
  /// minimum_groups_with_strong with one of strong_groups); `repeat-pitch`: a pitch where a rule of group "repetition" or "stop" counted. Else the level
  /// below. Rules of the groups "stop" (the user's own word) and "choice" (the profile's) need no other group; one of group "text-model" always does. The policy with the most severe level, then the highest score, speaks.
  /// The rules `without` are judged as if they did not hold: what an explanation asks for.
  [[nodiscard]] Verdict judge(const SubjectMatter& matter, const PatternHits& hits,
                              const Thresholds& thresholds = {}, const RuleIds& without = {}) const;

  /// Adds what the message offers, and what that is to `site` (see add_offers(), add_site_signals()): once a message, before judge().
  void add_offer_signals(SubjectMatter& matter, const PatternHits& hits, const Site& site) const;

  [[nodiscard]] const std::vector<Policy>& policies() const;
  [[nodiscard]] std::size_t expressions() const;

 private:
  Engine();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
