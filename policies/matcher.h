// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"

namespace coldpitch {

/// An expression (RE2 syntax, over folded text) in one field of a message.
struct Expression {
  std::string field;                        ///< "subject", "human" ..., or "header x-name" in lower case
  std::string text;                         ///< "": none, but keeps its index
  std::vector<std::string> languages = {};  ///< of the mail it is looked for in, sorted; empty: any
};

/// Finds many expressions at once. Immutable once made; thread-safe.
///
/// RE2::Sets (in shards, by language; fields in which the same is looked for share them) tell which expressions hit, then single expressions tell where. Both are automata: time
/// grows linearly with the text for every expression. In RE2 `\b`, `\w`, `\s` and `\d` know ASCII alone: there is a `\b` between
/// "ü" and "b". Where a set runs out of memory its expressions are tried one by one.
class Matcher {
 public:
  struct Options {
    /// Memory one set may use while matching: the automaton is built as it goes, and once more when that is full.
    std::size_t set_octets = std::size_t{16} * 1024 * 1024;
    /// Most expressions in one set. Measured: more make the automaton explode on texts it has not seen; fewer read the text too often.
    std::size_t shard = 120;
  };
  struct Refusal {
    std::size_t expression;
    std::string reason;  ///< RE2's words
  };
  /// Errors: nullptr, and a refusal for every expression that is none.
  [[nodiscard]] static std::unique_ptr<const Matcher> compile(const std::vector<Expression>& expressions,
                                                              const Options& options,
                                                              std::vector<Refusal>& refusals);
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  /// The fields that have expressions, sorted.
  [[nodiscard]] const std::vector<std::string>& fields() const;
  /// The expressions of `field` that hit in `text` (well-formed UTF-8) and are of `language` ("": of any), as rising indices.
  /// Cost: linear in `text`.
  [[nodiscard]] std::vector<std::size_t> hits(std::string_view field, std::string_view text,
                                              std::string_view language = {}) const;
  /// Where expression `index` hits in `text`: the first `most` places, rising and not overlapping. Cost: linear in `text`.
  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::string_view text, std::size_t most) const;

 private:
  Matcher();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
