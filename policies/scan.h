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
#include "policies/text_search.h"
#include "policies/word_lists.h"

namespace coldpitch {

/// Most octets of a message shown as one piece of evidence.
inline constexpr std::size_t kEvidenceOctets = 400;

/// Finds the expressions of a table in a message. Immutable; thread-safe.
class Scanner {
 public:
  /// What of a field is looked for: expressions and lists that count alone, and `near`s.
  struct Selected {
    std::vector<std::size_t> expressions, nears;
  };
  using Selection = std::map<std::string, Selected, std::less<>>;  ///< by field

  /// `matcher` holds the expressions of `table` under the same indices. The table's lists need not outlive this.
  Scanner(const ExpressionTable& table, std::unique_ptr<const Matcher> matcher);

  /// Linear, pure. What only rules of other languages than the message's ask for is not looked for. Of what stands several times in a
  /// field, or in several fields of one name, the first is kept. Stops when `is_over` says so, which is asked before each text, and in
  /// long ones before each expression.
  [[nodiscard]] PatternHits scan(const SubjectMatter& matter, const StopCheck& is_over = {}) const;
  /// Whether what is `selected` and nothing else hits, whatever the language. Of expressions that count alone it does not tell where.
  [[nodiscard]] PatternHits scan(const SubjectMatter& matter, const Selection& selected) const;
  [[nodiscard]] std::size_t expressions() const { return alone_.size(); }

 private:
  struct Near {
    std::vector<std::size_t> expressions;
    std::size_t words;
    Matcher::Languages languages;
  };
  /// One scan of a message.
  struct Run {
    const SubjectMatter& matter;
    const Selection* selected;  ///< nullptr: all of the languages
    Matcher::Languages languages;
    Matcher::Candidates candidates;
    PatternHits hits;
    const StopCheck& is_over;
    bool is_stopped = false;

    [[nodiscard]] bool stops();
  };
  void index_nears(const ExpressionTable& table);
  void scan_field(std::string_view field, Run& run) const;
  void scan_header(std::string_view field, Run& run) const;
  void scan_text(std::string_view field, const MatchText& text, Run& run) const;
  void scan_all(std::string_view field, const MatchText& text, Run& run) const;
  void scan_selected(std::string_view field, const MatchText& text, Run& run) const;
  void look_for(const Near& near, std::size_t index, TextSearch& search, const MatchText& text,
                Run& run) const;

  std::unique_ptr<const Matcher> matcher_;
  ListFinder lists_;
  std::vector<std::string> fields_;  ///< with expressions or lists
  std::vector<bool> alone_;          ///< by expression
  std::vector<Near> nears_;
  std::vector<std::vector<std::size_t>> nears_of_;  ///< by expression: which of nears_ it begins
  std::map<std::string, std::vector<std::size_t>, std::less<>>
      always_;  ///< by field: those of nears_ that any text may hold
};

/// The part of `span` to show: within `seen` and kEvidenceOctets, no letter cut.
[[nodiscard]] Span shown_span(std::string_view seen, Span span);

}  // namespace coldpitch
