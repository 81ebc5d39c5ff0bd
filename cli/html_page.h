// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// `text` as it stands, for an HTML element's content or a quoted attribute: markup characters become entities, control characters but line
/// end and tab, bidi controls and ill-formed UTF-8 visible replacements. Nothing in it can be taken for HTML.
[[nodiscard]] std::string html_text(std::string_view text);

/// A whole page: `body` is HTML already. Self-contained: one style sheet, no script, and a Content-Security-Policy that forbids everything
/// but that style sheet, so that the page asks no server for anything whatever is in it. Light or dark as the reader's system is.
[[nodiscard]] std::string html_page(std::string_view title, std::string_view body);

/// Class of the colour a clause has on every page ("c-commercial"); clauses of one's own share "c-other".
[[nodiscard]] std::string clause_class(std::string_view clause);

/// A coloured label that names a clause; the same everywhere.
[[nodiscard]] std::string clause_chip(std::string_view clause);

/// A label for a verdict: "pitch", coloured by severity.
[[nodiscard]] std::string verdict_chip(std::string_view verdict);

/// A table. Cells are HTML already; columns named in `numeric` stand right.
class HtmlTable {
 public:
  /// Where the page is narrow, a table scrolls by itself, or puts the cells of a row below each other.
  enum class WhenNarrow : bool { scroll, stack };

  explicit HtmlTable(std::vector<std::string> headings, std::vector<std::size_t> numeric = {},
                     WhenNarrow when_narrow = WhenNarrow::scroll);
  void add(const std::vector<std::string>& cells);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string html() const;

 private:
  [[nodiscard]] std::string cell(const char* tag, std::size_t column, const std::string& content) const;

  std::vector<std::string> headings_;
  std::vector<std::size_t> numeric_;
  WhenNarrow when_narrow_;
  std::string rows_;
};

}  // namespace coldpitch
