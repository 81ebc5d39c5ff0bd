// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "policies/condition.h"
#include "policies/engine.h"
#include "policies/matcher.h"
#include "policies/subject_matter.h"
#include "policies/word_lists.h"

namespace coldpitch {

/// A field that stands several times in a header has several texts; their words are counted on with this many between them, so
/// that `near` never spans two.
inline constexpr std::size_t kWordsBetweenTexts = std::size_t{1} << 30;

/// Most hits of one expression in one field.
inline constexpr std::size_t kMaxHits = 50;

/// Most octets of a message shown as one piece of evidence.
inline constexpr std::size_t kEvidenceOctets = 400;

/// Finds the expressions of a table in a message. Immutable; thread-safe.
class Scanner {
 public:
  /// Expressions, by the field they are of.
  using Selection = std::map<std::string, std::vector<std::size_t>, std::less<>>;

  /// `matcher` holds the expressions of `table` under the same indices. The table's lists need not outlive this.
  Scanner(const ExpressionTable& table, std::unique_ptr<const Matcher> matcher);

  /// Linear, pure. What only rules of other languages than the message's ask for is not looked for. Of an expression that counts alone the first hit in each text is kept; of those of a `near` kMaxHits, where
  /// all its expressions hit in the text: looking for places costs more than knowing that there are some.
  [[nodiscard]] PatternHits scan(const SubjectMatter& matter) const;
  /// Whether the expressions `selected` (rising) and no others hit, whatever the language. Of those that count alone it does not tell
  /// where.
  [[nodiscard]] PatternHits scan(const SubjectMatter& matter, const Selection& selected) const;
  [[nodiscard]] std::size_t expressions() const { return alone_.size(); }

 private:
  struct Wanted {
    std::string_view language;  ///< of the message
    const Selection* selected;  ///< nullptr: all of the language
  };
  void scan_field(std::string_view field, const SubjectMatter& matter, const Wanted& wanted,
                  PatternHits& hits) const;
  void scan_text(std::string_view field, const MatchText& text, const Wanted& wanted, std::size_t first_word,
                 PatternHits& hits) const;
  void scan_header(std::string_view field, const SubjectMatter& matter, const Wanted& wanted,
                   PatternHits& hits) const;
  [[nodiscard]] Matcher::Candidates candidates(std::string_view field, std::string_view folded,
                                               const Wanted& wanted,
                                               const std::vector<ListFinder::Found>& listed) const;
  [[nodiscard]] std::vector<std::size_t> hits_wanted(const Matcher::Candidates& candidates,
                                                     const std::vector<ListFinder::Found>& listed,
                                                     std::string_view folded) const;

  std::unique_ptr<const Matcher> matcher_;
  ListFinder lists_;
  std::vector<std::string> fields_;                 ///< with expressions or lists
  std::vector<bool> alone_;                         ///< by expression
  std::vector<std::vector<std::size_t>> nears_;     ///< expressions that are near each other
  std::vector<std::vector<std::size_t>> nears_of_;  ///< by expression: which of nears_ it begins
};

/// The part of `span` to show: within `seen` and kEvidenceOctets, no letter cut.
[[nodiscard]] Span shown_span(std::string_view seen, Span span);

}  // namespace coldpitch
