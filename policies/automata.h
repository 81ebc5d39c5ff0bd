// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/locks.h"
#include "parsers/offset_map.h"
#include "policies/atom_finder.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace coldpitch {

/// Expressions (RE2 syntax), compiled, and the memory they run in.
///
/// More than half of the expressions people write are a list of texts in other words: those are found without RE2, as exactly.
/// RE2 is quickest with an automaton that it makes of an expression as it reads, some 40 KB for each, which never shrinks. Most expressions are
/// looked for in a few hundred octets now and then, where that is no gain: they run without one. An automaton is kept for those that have
/// much to read, at most kMost of them; when they have little to read for a while it is given back.
class Automata {
 public:
  static constexpr std::size_t kMost = 250;
  /// Octets an expression must have to read in about a round to be worth an automaton. Whoever has so many at once has one for that time
  /// at least: without it they would take too long.
  static constexpr std::size_t kWorth = std::size_t{1} << 14;
  /// Octets all expressions read in a round.
  static constexpr std::size_t kRound = std::size_t{1} << 23;

  /// Thread-safe.
  class Expression {
   public:
    Expression(const std::string& text, Automata& automata);
    ~Expression();
    Expression(const Expression&) = delete;
    Expression& operator=(const Expression&) = delete;

    /// Why RE2 refuses it, in its words; "" when it does not. A refused one is not to be looked for.
    [[nodiscard]] std::string refusal() const;
    /// All texts it hits, where it is a list: of those that stand at one place the first is the hit. Empty where RE2 is needed.
    [[nodiscard]] const std::vector<AtomFinder::Atom>& texts() const { return texts_; }
    /// Whether it hits in `text` within one of `windows`. Cost: linear in the windows, times the texts.
    [[nodiscard]] bool hits(std::string_view text, std::span<const Span> windows) const;
    /// Where it hits in `text` within one of `windows`: the first `most` places, rising and not overlapping. Cost: linear in the windows,
    /// times the texts.
    [[nodiscard]] std::vector<Span> spans(std::string_view text, std::span<const Span> windows,
                                          std::size_t most) const;

   private:
    friend class Automata;
    [[nodiscard]] std::vector<Span> exact_spans(std::string_view text, std::span<const Span> windows,
                                                std::size_t most) const;
    [[nodiscard]] std::shared_ptr<const re2::RE2> with_automaton() const;
    [[nodiscard]] std::shared_ptr<const re2::RE2> automaton_for(std::span<const Span> windows) const;
    /// A round is over.
    void cool();

    Automata& automata_;
    std::vector<AtomFinder::Atom> texts_;
    std::unique_ptr<const re2::RE2> plain_;  ///< without an automaton; nullptr where there are texts
    mutable Mutex mutex_;
    mutable std::size_t octets_ GUARDED_BY(mutex_) =
        0;  ///< read in this round, and half as much as before it
    mutable std::shared_ptr<const re2::RE2> kept_ GUARDED_BY(mutex_);
  };

  Automata() = default;
  Automata(const Automata&) = delete;
  Automata& operator=(const Automata&) = delete;

  /// Valid as long as this. Not thread-safe, nor while others look for an expression.
  const Expression& add(const std::string& text);

  /// How many have an automaton now. Thread-safe.
  [[nodiscard]] std::size_t kept() const { return kept_; }

 private:
  [[nodiscard]] bool may_keep();
  void give_back() { --kept_; }
  void count(std::size_t octets);

  std::vector<std::unique_ptr<Expression>> expressions_;
  std::atomic<std::size_t> kept_{0};
  std::atomic<std::uint64_t> read_{0};
};

}  // namespace coldpitch
