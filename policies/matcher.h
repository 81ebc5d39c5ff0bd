// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"
#include "policies/atom_finder.h"
#include "policies/expression_pool.h"
#include "policies/hit_extent.h"

namespace coldpitch {

/// An expression (RE2 syntax, over folded text) in one field of a message.
struct Expression {
  std::string field;                        ///< "subject", "human" ..., or "header x-name" in lower case
  std::string text;                         ///< "": none, but keeps its index
  std::vector<std::string> languages = {};  ///< of the mail it is looked for in, sorted; empty: any
};

/// Finds many expressions at once. Immutable once made; thread-safe.
///
/// One pass over the text finds the fixed pieces of all expressions; that is all for those that are a list of texts. The others are run
/// where their pieces are there, each by an automaton of its own, and only as far around these pieces as a hit of it can reach: over the whole text where it has no piece, where
/// that is no way, or where a piece stands everywhere. Time grows linearly with the text for every expression. In RE2 `\b`, `\w`, `\s` and `\d` know
/// ASCII alone: there is a `\b` between "ü" and "b".
class Matcher {
 public:
  struct Refusal {
    std::size_t expression;
    std::string reason;  ///< RE2's words
  };
  /// What may hit in one text, as far as the fixed pieces tell. Kept for the next text it saves the making of its tables.
  class Candidates;

  /// `pool` may hold some of the expressions, compiled, and others that are not asked for.
  /// Errors: nullptr, and a refusal for every expression that is none.
  [[nodiscard]] static std::unique_ptr<const Matcher> compile(const std::vector<Expression>& expressions,
                                                              std::vector<Refusal>& refusals,
                                                              ExpressionPool pool = {});
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  /// The fields that have expressions, sorted.
  [[nodiscard]] const std::vector<std::string>& fields() const;
  /// False for an index without expression.
  [[nodiscard]] bool has(std::size_t index) const;
  /// True for an expression that may hit in any text, as far as its fixed pieces tell.
  [[nodiscard]] bool is_always_candidate(std::size_t index) const;
  /// Those of `field`, rising.
  [[nodiscard]] std::span<const std::size_t> always_candidates(std::string_view field) const;
  [[nodiscard]] const HitExtent& extent(std::size_t index) const;
  /// Languages as find_candidates() compares them: those of `language`, "" of any.
  using Languages = std::uint64_t;
  [[nodiscard]] Languages languages(std::string_view language) const;
  [[nodiscard]] Languages languages(const std::vector<std::string>& languages) const;
  /// Whether expression `index` is looked for in mail of `languages`.
  [[nodiscard]] bool speaks(std::size_t index, Languages languages) const;
  /// The expressions of `field` and `languages` with pieces in `text` (well-formed UTF-8, folded): but for those that are always
  /// candidates no others hit. Cost: linear in `text`.
  void find_candidates(std::string_view field, std::string_view text, Languages languages,
                       Candidates& candidates) const;
  /// What a search for expression `index` in `text` costs, in octets: all of windows(), or less where the places of its pieces are its hits.
  [[nodiscard]] std::size_t octets_to_search(std::size_t index, std::string_view text,
                                             const Candidates& candidates) const;
  /// The parts of `text`, for which `candidates` were found, in which alone expression `index` of that field may hit: rising, not touching
  /// each other; the whole for one that is always a candidate.
  /// Cost: linear in the pieces of the expression there, times the words it may take.
  [[nodiscard]] std::vector<Span> windows(std::size_t index, std::string_view text,
                                          const Candidates& candidates) const;
  /// Whether expression `index` hits in `text` within one of `windows`. Cost: linear in the windows.
  [[nodiscard]] bool is_hit(std::size_t index, std::string_view text, std::span<const Span> windows) const;
  /// Where expression `index` hits in `text` within one of `windows`: the first `most` places, rising and not overlapping. Cost: linear
  /// in the windows.
  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::string_view text,
                                        std::span<const Span> windows, std::size_t most) const;
  /// The same within windows(), where that is less work if the pieces of the expression tell all.
  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::string_view text,
                                        const Candidates& candidates, std::size_t most) const;

 private:
  Matcher();
  [[nodiscard]] bool is_exact(std::size_t index) const;
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

class Matcher::Candidates {
 public:
  /// In no order.
  [[nodiscard]] const std::vector<std::size_t>& expressions() const { return expressions_; }
  [[nodiscard]] bool contains(std::size_t expression) const {
    return expression < needs_of_.size() && needs_of_[expression] != 0;
  }

 private:
  friend class Matcher;
  friend struct Parts;
  /// An atom in the text that an expression needs, and the one before of that expression.
  struct Need {
    std::uint32_t found;   ///< in finds_.atoms
    std::uint32_t rank;    ///< of the atom among those of the expression
    std::uint32_t before;  ///< in needs_, + 1; 0 for none
  };

  const AtomFinder* atoms_ = nullptr;  ///< the matcher's, which found `finds_`
  AtomFinder::Finds finds_;
  std::vector<std::size_t> expressions_;
  std::vector<std::uint32_t> needs_of_;  ///< by expression: the last of its needs, + 1; 0 for none
  std::vector<Need> needs_;
};

}  // namespace coldpitch
