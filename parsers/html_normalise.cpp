// SPDX-License-Identifier: MIT
#include "parsers/html_normalise.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "parsers/html_element.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxAttributes = 256;
constexpr std::size_t kMaxDepth = 512;
constexpr std::size_t kMaxNameOctets = 64;
constexpr std::size_t kMaxReferenceOctets = 40;
/// Every "&" becomes "&amp;": without a bound a megabyte would take ten, counting libxml2's copy.
constexpr std::size_t kMaxGrowth = 2;
constexpr std::size_t kFreeGrowth = 64U * 1024U;

bool ends_name(char octet) { return is_ascii_space(octet) || octet == '/' || octet == '>'; }

/// Control octets a browser shows nothing for.
bool is_unseen(char octet) {
  return (octet >= '\0' && octet < ' ' && !is_ascii_space(octet)) || octet == '\x7F';
}

bool is_kept_attribute(std::string_view name) {
  static constexpr auto kKept = std::to_array<std::string_view>(
      {"alt", "background", "bgcolor", "border", "class", "color", "height", "hidden", "href", "id", "size",
       "src", "style", "text", "type", "width"});
  static_assert(std::is_sorted(kKept.begin(), kKept.end()));
  if (name.size() > kMaxNameOctets) return false;
  if (!name.starts_with("data-")) return std::binary_search(kKept.begin(), kKept.end(), name);
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_'; });
}

/// References of HTML 5 that libxml2 does not know and that hide words from filters.
std::optional<char> named_character(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::pair<std::string_view, char>>({
      {"NewLine", '\n'}, {"Tab", '\t'},   {"ast", '*'},    {"bsol", '\\'}, {"colon", ':'},  {"comma", ','},
      {"commat", '@'},   {"dollar", '$'}, {"equals", '='}, {"excl", '!'},  {"grave", '`'},  {"hyphen", '-'},
      {"lbrace", '{'},   {"lbrack", '['}, {"lowbar", '_'}, {"lpar", '('},  {"lsqb", '['},   {"num", '#'},
      {"percnt", '%'},   {"period", '.'}, {"plus", '+'},   {"quest", '?'}, {"rbrace", '}'}, {"rbrack", ']'},
      {"rpar", ')'},     {"rsqb", ']'},   {"semi", ';'},   {"sol", '/'},   {"verbar", '|'}, {"vert", '|'},
  });
  static_assert(std::is_sorted(kNames.begin(), kNames.end()));
  const auto found =
      std::lower_bound(kNames.begin(), kNames.end(), name,
                       [](const auto& entry, std::string_view wanted) { return entry.first < wanted; });
  if (found == kNames.end() || found->first != name) return std::nullopt;
  return found->second;
}

/// The name or number behind the "&" that `text` starts with, "#" included; "" when it is none.
std::string_view reference_name(std::string_view text) {
  const std::size_t begin = text.substr(1).starts_with('#') ? 2 : 1;
  std::size_t end = begin;
  const std::size_t last = std::min(text.size(), kMaxReferenceOctets);
  while (end < last && is_ascii_alnum(text[end])) ++end;
  return end > begin ? text.substr(1, end - 1) : std::string_view{};
}

/// Appends the "&" that `text` starts with so that libxml2 reads it as a browser does; returns how many octets of `text`
/// that took. In attributes browsers read only references closed by ";": "&copy=1" of a link must stay as it is.
std::size_t append_ampersand(std::string& out, std::string_view text, bool in_attribute) {
  const std::string_view name = reference_name(text);
  const bool closed = !name.empty() && text.substr(name.size() + 1).starts_with(';');
  const auto character = closed ? named_character(name) : std::nullopt;
  if (character) {
    out += *character;
    return name.size() + 2;
  }
  out += closed || (!name.empty() && !in_attribute) ? "&" : "&amp;";
  return 1;
}

/// Stops when `out` has `most` octets.
void append_text(std::string& out, std::string_view text, std::size_t most) {
  while (!text.empty() && out.size() < most) {
    const std::size_t run = std::min(text.find('&'), text.size());
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (!text.empty()) text.remove_prefix(append_ampersand(out, text, false));
  }
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  out.append(" ").append(name).append("=\"");
  while (!value.empty()) {
    const std::size_t run = std::min(value.find_first_of("&\""), value.size());
    out.append(value.substr(0, run));
    value.remove_prefix(run);
    if (value.empty()) break;
    if (value.front() == '"') out += "&quot;";
    value.remove_prefix(value.front() == '"' ? 1 : append_ampersand(out, value, true));
  }
  out += '"';
}

class Normaliser {
 public:
  explicit Normaliser(std::string_view html) : html_(html), most_(kMaxGrowth * html.size() + kFreeGrowth) {
    out_.html.reserve(html.size() + html.size() / 8);
  }

  NormalisedHtml run() && {
    while (at_ < html_.size() && out_.html.size() < most_) {
      const std::size_t open = std::min(html_.find('<', at_), html_.size());
      append_text(out_.html, html_.substr(at_, open - at_), most_);
      at_ = open;
      if (at_ < html_.size()) read_markup();
    }
    out_.cut = out_.html.size() >= most_;
    pop_to(0);
    return std::move(out_);
  }

 private:
  [[nodiscard]] char octet(std::size_t ahead) const {
    return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0';
  }

  void read_markup() {
    if (html_.substr(at_, 4) == "<!--") {
      skip_comment();
    } else if (octet(1) == '!' || octet(1) == '?' || (octet(1) == '/' && !is_ascii_alpha(octet(2)))) {
      const std::size_t close = html_.find('>', at_);
      at_ = close == std::string_view::npos ? html_.size() : close + 1;
    } else if (octet(1) == '/') {
      read_end_tag();
    } else if (is_ascii_alpha(octet(1))) {
      read_start_tag();
    } else {
      out_.html += "&lt;";
      ++at_;
    }
  }

  void skip_comment() {
    at_ += 4;
    if (octet(0) == '>' || html_.substr(at_, 2) == "->") {
      at_ = html_.find('>', at_) + 1;
      return;
    }
    std::size_t dashes = html_.find("--", at_);
    for (; dashes != std::string_view::npos; dashes = html_.find("--", dashes + 1)) {
      const std::string_view behind = html_.substr(dashes + 2, 2);
      if (behind.starts_with('>') || behind == "!>") {
        at_ = dashes + (behind.front() == '>' ? 3 : 4);
        return;
      }
    }
    at_ = html_.size();
  }

  const HtmlElement& read_name() {
    const std::size_t begin = at_;
    while (at_ < html_.size() && !ends_name(html_[at_])) ++at_;
    return find_html_element(to_ascii_lower(html_.substr(begin, std::min(at_ - begin, kMaxNameOctets))));
  }

  void skip_spaces() {
    while (at_ < html_.size() && is_ascii_space(html_[at_])) ++at_;
  }

  std::string_view read_value() {
    const char quote = octet(0);
    if (quote == '"' || quote == '\'') {
      const std::size_t begin = ++at_;
      const std::size_t end = std::min(html_.find(quote, begin), html_.size());
      at_ = std::min(end + 1, html_.size());
      return html_.substr(begin, end - begin);
    }
    const std::size_t begin = at_;
    while (at_ < html_.size() && !is_ascii_space(html_[at_]) && html_[at_] != '>') ++at_;
    return html_.substr(begin, at_ - begin);
  }

  /// Reads the attributes and the ">" of a tag; false when the input ends inside the tag.
  bool read_attributes(std::string& attributes) {
    for (std::size_t count = 0;; ++count) {
      while (at_ < html_.size() && (is_ascii_space(html_[at_]) || html_[at_] == '/')) ++at_;
      if (at_ >= html_.size()) return false;
      if (html_[at_] == '>') break;
      const std::size_t begin = at_++;  // A "=" here belongs to the name.
      while (at_ < html_.size() && !ends_name(html_[at_]) && html_[at_] != '=') ++at_;
      const std::string_view name = html_.substr(begin, at_ - begin);
      skip_spaces();
      std::string_view value;
      if (octet(0) == '=') {
        ++at_;
        skip_spaces();
        value = read_value();
      }
      if (count >= kMaxAttributes || name.size() > kMaxNameOctets) continue;
      const std::string lower = to_ascii_lower(name);
      if (is_kept_attribute(lower)) append_attribute(attributes, lower, value);
    }
    ++at_;
    return true;
  }

  void read_start_tag() {
    ++at_;
    const HtmlElement& element = read_name();
    std::string attributes;
    if (!read_attributes(attributes)) return;
    switch (element.kind) {
      case ElementKind::ignored:
        return;
      case ElementKind::code:
        static_cast<void>(take_raw_content(element));
        return;
      case ElementKind::style_sheet:
        out_.style_sheets.append(take_raw_content(element)).append("\n");
        return;
      default:
        break;
    }
    close_implied(element.kind);
    if (is_void(element.kind)) {
      emit_start(element, attributes);
      return;
    }
    open_element(element, attributes);
    if (element.kind == ElementKind::raw_text) {
      for (const char c : take_raw_content(element))
        c == '<' ? out_.html.append("&lt;") : out_.html.append(1, c);
    }
  }

  /// The octets up to the end tag of `element` (or the end of input); the end tag is left to be read.
  std::string_view take_raw_content(const HtmlElement& element) {
    const std::size_t begin = at_;
    std::size_t end = html_.find("</", begin);
    for (; end != std::string_view::npos; end = html_.find("</", end + 2)) {
      const std::string_view rest = html_.substr(end + 2, element.name.size() + 1);
      if (rest.size() > element.name.size() && ends_name(rest.back()) &&
          starts_with_ignoring_case(rest, element.name)) {
        break;
      }
    }
    at_ = std::min(end, html_.size());
    return html_.substr(begin, at_ - begin);
  }

  void emit_start(const HtmlElement& element, std::string_view attributes) {
    out_.html.append("<").append(element.name).append(attributes).append(">");
  }

  void open_element(const HtmlElement& element, std::string_view attributes) {
    if (element.kind == ElementKind::body && std::exchange(body_seen_, true)) return;
    if (open_.size() >= kMaxDepth) {
      ++too_deep_;
      if (!is_inline(element.kind)) out_.html += "<br>";
      return;
    }
    open_.push_back(&element);
    ++open_count_[&element];
    emit_start(element, attributes);
  }

  void pop_to(std::size_t depth) {
    while (open_.size() > depth) {
      out_.html.append("</").append(open_.back()->name).append(">");
      --open_count_[open_.back()];
      open_.pop_back();
    }
  }

  /// Ends the innermost open element of `kind`, unless one of the kinds not in `passed` stands before it.
  template <class Passed>
  void close_innermost(ElementKind kind, const Passed& passed) {
    for (std::size_t depth = open_.size(); depth > 0; --depth) {
      const ElementKind open = open_[depth - 1]->kind;
      if (open == kind) return pop_to(depth - 1);
      if (!passed(open)) return;
    }
  }

  /// Optional end tags (WHATWG §13.1.2.4), as far as mail leaves them out.
  void close_implied(ElementKind started) {
    const auto is_flow = [](ElementKind kind) {
      return is_inline(kind) || kind == ElementKind::paragraph || kind == ElementKind::block;
    };
    const auto in_cell = [](ElementKind kind) {
      return kind != ElementKind::table && kind != ElementKind::cell;
    };
    const auto in_row = [](ElementKind kind) {
      return kind != ElementKind::table && kind != ElementKind::row;
    };
    const auto in_group = [](ElementKind kind) {
      return kind != ElementKind::table && kind != ElementKind::row_group;
    };
    const auto in_table = [](ElementKind kind) { return kind != ElementKind::table; };
    if (started == ElementKind::anchor) return close_innermost(started, in_cell);
    if (started == ElementKind::cell) return close_innermost(started, in_row);
    if (started == ElementKind::row) return close_innermost(started, in_group);
    if (started == ElementKind::row_group) return close_innermost(started, in_table);
    if (started == ElementKind::list_item || started == ElementKind::definition)
      close_innermost(started, is_flow);
    if (!is_inline(started) && started != ElementKind::line_break) {
      close_innermost(ElementKind::paragraph, is_inline);
    }
  }

  void read_end_tag() {
    at_ += 2;
    const HtmlElement& element = read_name();
    std::string attributes;
    if (!read_attributes(attributes) || element.kind == ElementKind::body) return;
    if (too_deep_ > 0 && !is_void(element.kind) && element.kind != ElementKind::ignored) {
      --too_deep_;
      if (!is_inline(element.kind)) out_.html += "<br>";
    } else if (element.kind == ElementKind::line_break) {
      out_.html += "<br>";
    } else if (open_count_[&element] > 0) {
      close_element(element);
    } else if (element.kind == ElementKind::paragraph) {
      out_.html += "<p></p>";
    }
  }

  /// An end tag ends all that was opened inside its element, but no table cell round it.
  void close_element(const HtmlElement& element) {
    const bool of_table = element.kind == ElementKind::cell || element.kind == ElementKind::row ||
                          element.kind == ElementKind::row_group;
    for (std::size_t depth = open_.size(); depth > 0; --depth) {
      const HtmlElement* open = open_[depth - 1];
      if (open == &element) return pop_to(depth - 1);
      if (open->kind == ElementKind::table) return;
      if (open->kind == ElementKind::cell && !of_table && element.kind != ElementKind::table) return;
    }
  }

  std::string_view html_;
  std::size_t most_;  ///< octets of the result
  std::size_t at_ = 0;
  NormalisedHtml out_;
  std::vector<const HtmlElement*> open_;
  std::map<const HtmlElement*, std::size_t> open_count_;
  std::size_t too_deep_ = 0;
  bool body_seen_ = false;
};

}  // namespace

NormalisedHtml normalise_html(std::string_view html) {
  std::string clean = is_valid_utf8(html) ? std::string(html) : to_valid_utf8(html);
  bool holds_unseen = false;
  for (const char octet : clean) holds_unseen = holds_unseen | is_unseen(octet);
  if (holds_unseen) std::erase_if(clean, is_unseen);
  return Normaliser(clean).run();
}

}  // namespace coldpitch
