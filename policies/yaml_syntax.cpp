// SPDX-License-Identifier: MIT
#include "policies/yaml_syntax.h"

#include <algorithm>

#include "parsers/text.h"
#include "policies/diagnostic.h"

namespace coldpitch {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

std::string in_line(std::size_t number) { return "line " + std::to_string(number); }
std::string in_column(std::size_t number) { return "column " + std::to_string(number); }

std::string_view without_blanks(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

bool is_entry(std::string_view content) { return content == "-" || content.starts_with("- "); }

/// Offset of the colon that ends a key, or npos.
std::size_t end_of_key(std::string_view content) {
  const std::size_t colon = content.find(": ");
  if (colon != std::string_view::npos) return colon;
  return content.ends_with(':') ? content.size() - 1 : std::string_view::npos;
}

class Explainer {
 public:
  Explainer(std::string_view complaint, std::string_view text, const YamlStop& stop)
      : complaint_(complaint), stop_(stop) {
    for (std::size_t number = 1; number <= stop.line && !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      const std::string_view content = without_blanks(line);
      if (number == stop.line) {
        line_ = line;
      } else if (!content.empty() && !content.starts_with('#')) {
        above_ = line;
        above_number_ = number;
      }
    }
  }

  [[nodiscard]] std::string hint() const {
    if (stop_.open_quote != 0) return "is the quote of " + in_line(stop_.open_quote) + " left open?";
    if (complaint_.starts_with("unknown escape character"))
      return "in double quotes a backslash is an escape: use single quotes";
    if (complaint_.find("alias") != std::string_view::npos ||
        complaint_.find("anchor") != std::string_view::npos)
      return "a value that begins with '*' must stand in quotes";
    if (complaint_ == "unknown token" && stop_.column <= line_.size())
      return "a value that begins with " + quote(line_.substr(stop_.column - 1, 1)) + " must stand in quotes";
    if (is_in_brackets()) return hint_on_brackets();
    if (line_.substr(0, indent_of(line_)).find('\t') != std::string_view::npos)
      return "a tab at the start of the line: YAML wants blanks";
    if (complaint_ == "illegal map value") return hint_on_value();
    return hint_on_indentation();
  }

 private:
  static std::size_t indent_of(std::string_view line) {
    return static_cast<std::size_t>(without_blanks(line).data() - line.data());
  }

  [[nodiscard]] bool is_in_brackets() const { return !stop_.begun.empty() && stop_.begun.back().in_brackets; }

  [[nodiscard]] std::string hint_on_brackets() const {
    const std::size_t at = stop_.column - 1;
    const bool is_split_word = at >= 2 && at < line_.size() && line_[at - 1] == '\'' &&
                               is_ascii_alnum(line_[at]) && is_ascii_alnum(line_[at - 2]);
    if (is_split_word) return "in single quotes a quote is written twice: ''";
    return "is the bracket of " + in_line(stop_.begun.back().line) + " left open?";
  }

  /// A colon where none may stand: of a second key in one line, or in a line that YAML takes for more of the line above it.
  [[nodiscard]] std::string hint_on_value() const {
    std::string_view key = without_blanks(line_.substr(0, std::min(stop_.column - 1, line_.size())));
    if (end_of_key(key) != std::string_view::npos) return "a value with ': ' in it must stand in quotes";
    if (above_.empty()) return "";
    std::size_t indent = indent_of(above_);
    while (is_entry(above_.substr(indent))) indent += 1 + indent_of(above_.substr(indent + 1));
    const std::string_view above = above_.substr(indent);
    if (above.starts_with(kNoBreakSpace))
      return in_line(above_number_) + " begins with no-break spaces: YAML wants blanks";
    if (end_of_key(above) != std::string_view::npos) {
      return indent_of(line_) > indent ? "it begins in " + in_column(indent_of(line_) + 1) + ", " +
                                             in_line(above_number_) + " above it in " + in_column(indent + 1)
                                       : "";
    }
    return above.find(':') != std::string_view::npos
               ? "does " + in_line(above_number_) + " lack a blank behind its colon?"
               : in_line(above_number_) + " is no 'key: value'";
  }

  /// A line that begins in a column where nothing goes on.
  [[nodiscard]] std::string hint_on_indentation() const {
    const std::size_t column = indent_of(line_) + 1;
    if (stop_.column != column) return "";
    const bool entry = is_entry(without_blanks(line_));
    const auto same = std::find_if(stop_.begun.rbegin(), stop_.begun.rend(),
                                   [&](const YamlStop::Begun& one) { return one.column == column; });
    if (same != stop_.begun.rend() && same->is_map && entry) {
      return "an entry of a list in " + in_column(column) + ", where the keys of " + in_line(same->line) +
             " stand: is it indented as the other entries are?";
    }
    if (above_.empty() || indent_of(above_) + 1 == column) return "";
    return "it begins in " + in_column(column) + ", " + in_line(above_number_) + " above it in " +
           in_column(indent_of(above_) + 1);
  }

  std::string_view complaint_;
  const YamlStop& stop_;
  std::string_view line_, above_;  ///< where it stopped, and the last line before it with anything in it
  std::size_t above_number_ = 0;
};

}  // namespace

std::string explain_syntax_error(std::string_view complaint, std::string_view text, const YamlStop& stop) {
  // yaml-cpp names it from version 0.8 on; the line shows it anyway.
  constexpr std::string_view kUndefined = "the referenced anchor is not defined";
  if (complaint.starts_with(kUndefined)) complaint = kUndefined;
  const std::string hint = Explainer(complaint, text, stop).hint();
  return "not valid YAML: " + std::string(complaint) + (hint.empty() ? "" : " (" + hint + ")");
}

}  // namespace coldpitch
