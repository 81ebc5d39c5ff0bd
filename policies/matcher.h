// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"
#include "policies/expression_pool.h"

namespace coldpitch {

/// An expression (RE2 syntax, over folded text) in one field of a message.
struct Expression {
  std::string field;                        ///< "subject", "human" ..., or "header x-name" in lower case
  std::string text;                         ///< "": none, but keeps its index
  std::vector<std::string> languages = {};  ///< of the mail it is looked for in, sorted; empty: any
};

/// Finds many expressions at once. Immutable once made; thread-safe.
///
/// One pass over the text finds the fixed pieces of all expressions; only those whose pieces are there are then run, each by an
/// automaton of its own, and only as far around these pieces as a hit of it can reach: over the whole text where it has no piece, where
/// that is no way, or where a piece stands everywhere. Time grows linearly with the text for every expression. In RE2 `\b`, `\w`, `\s` and `\d` know
/// ASCII alone: there is a `\b` between "ü" and "b".
class Matcher {
 public:
  struct Refusal {
    std::size_t expression;
    std::string reason;  ///< RE2's words
  };
  /// An expression that may hit, and the parts of the text where.
  struct Candidate {
    std::size_t index;
    std::size_t begin, end;  ///< of its windows in Candidates::windows
  };
  /// What may hit in a text.
  struct Candidates {
    std::vector<Candidate> expressions;  ///< by rising index
    std::vector<Span> windows;           ///< those of one expression rise and do not touch

    [[nodiscard]] std::span<const Span> windows_of(const Candidate& candidate) const {
      return std::span(windows).subspan(candidate.begin, candidate.end - candidate.begin);
    }
  };
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
  /// The expressions of `field`, of `language` ("": of any), that may hit in `text` (well-formed UTF-8, folded): no other does, and
  /// they do nowhere else. Cost: linear in `text`.
  [[nodiscard]] Candidates candidates(std::string_view field, std::string_view text,
                                      std::string_view language = {}) const;
  /// Whether expression `index` hits in `text` within one of `windows`. Cost: linear in the windows.
  [[nodiscard]] bool is_hit(std::size_t index, std::string_view text, std::span<const Span> windows) const;
  /// Where expression `index` hits in `text` within one of `windows`: the first `most` places, rising and not overlapping. Cost: linear
  /// in the windows.
  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::string_view text,
                                        std::span<const Span> windows, std::size_t most) const;

 private:
  Matcher();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
