// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "policies/matcher.h"
#include "policies/word_lists.h"

namespace coldpitch {

/// Most hits of one expression in one text that are looked at.
inline constexpr std::size_t kMaxHits = 50;

/// Finds in one text what expressions and lists hit there, when it is asked for, and keeps it. Not thread-safe.
class TextSearch {
 public:
  /// The first and the last of the hits of a `near`.
  struct Stretch {
    Span first, last;
  };

  /// `candidates` are those of `text`; without them every expression may hit anywhere. `listed` are the lists' entries in it. All of
  /// these must outlive this.
  TextSearch(const Matcher& matcher, std::string_view text, const Matcher::Candidates* candidates,
             const std::vector<ListFinder::Found>& listed);

  /// The first hit of an expression or list.
  [[nodiscard]] std::optional<Span> first(std::size_t index) const;
  /// Whether it hits, without its place: for that RE2 would have to compile an expression backwards.
  [[nodiscard]] bool is_hit(std::size_t index) const;
  /// Whether the pieces of an expression are there, or the entries of a list.
  [[nodiscard]] bool may_hit(std::size_t index) const;
  /// The first stretch of the text in which hits of all `expressions` begin within `words` words, the one that begins first and the one
  /// that ends last; nothing where there is none.
  ///
  /// The expression that is sought in the least of the text is looked for everywhere, kMaxHits times; those that may hit in much of it
  /// are then looked for beside its hits alone. Cost: linear in the text times the expressions.
  [[nodiscard]] std::optional<Stretch> near(const std::vector<std::size_t>& expressions, std::size_t words);

 private:
  /// A hit of one of the expressions of a `near`.
  struct Hit {
    std::size_t word;  ///< it begins in
    std::size_t part;  ///< which of the expressions
    Span span;
  };

  [[nodiscard]] const ListFinder::Found* listed(std::size_t index) const;
  [[nodiscard]] bool is_anywhere(std::size_t index) const;
  [[nodiscard]] const std::vector<Span>& places(std::size_t index);
  [[nodiscard]] std::size_t octets_to_search(std::size_t index) const;
  [[nodiscard]] std::vector<Span> spans(std::size_t index, std::size_t most) const;
  [[nodiscard]] std::size_t anchor_of(const std::vector<std::size_t>& expressions) const;
  [[nodiscard]] std::vector<Span> hits_beside(std::size_t index, const std::vector<Span>& anchors,
                                              std::size_t words);
  [[nodiscard]] std::vector<Span> beside(const std::vector<Span>& anchors, std::size_t words,
                                         const HitExtent& extent);
  void count_words();
  [[nodiscard]] std::size_t word_at(std::size_t offset) const;
  [[nodiscard]] std::size_t begin_of_word(std::size_t word) const;
  [[nodiscard]] std::size_t end_of_word(std::size_t word) const;
  [[nodiscard]] std::optional<Stretch> stretch_of(std::vector<Hit> hits, std::size_t parts,
                                                  std::size_t words) const;

  const Matcher& matcher_;
  std::string_view text_;
  const Matcher::Candidates* candidates_;
  const std::vector<ListFinder::Found>& listed_;
  std::unordered_map<std::size_t, std::vector<Span>> places_;  ///< by expression, once asked for
  bool has_counted_ = false;
  std::vector<std::uint32_t> blanks_;  ///< where words end, once counted
};

}  // namespace coldpitch
