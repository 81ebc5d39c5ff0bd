// SPDX-License-Identifier: MIT
#include "parsers/html_normalise.h"

#include <libxml/HTMLparser.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "parsers/html_element.h"
#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxAttributes = 256;
constexpr std::size_t kMaxDepth = 512;
constexpr std::size_t kMaxNameOctets = 64;
constexpr std::size_t kMaxReferenceOctets = 40;
/// "<p>" becomes "<p></p>": without a bound a megabyte would take ten, counting
/// libxml2's copy.
constexpr std::size_t kMaxGrowth = 2;
constexpr std::size_t kFreeGrowth = 64U * 1024U;

bool ends_name(char octet) { return is_ascii_space(octet) || octet == '/' || octet == '>'; }

/// Control octets a browser shows nothing for; a vertical tab is no white space
/// of HTML.
bool is_unseen(char octet) {
  return (octet >= '\0' && octet < ' ' && !is_ascii_space(octet)) || octet == '\v' || octet == '\x7F';
}

/// Without a branch, so that compilers look at many octets at once.
bool holds_unseen(std::string_view text) {
  std::uint8_t found = 0;
  for (const char octet : text) {
    const auto value = static_cast<std::uint8_t>(octet);
    const std::uint8_t is_control = value < ' ' ? 1 : 0;
    const std::uint8_t is_white = value == '\t' || value == '\n' || value == '\f' || value == '\r' ? 1 : 0;
    const std::uint8_t is_delete = value == 0x7F ? 1 : 0;
    found = static_cast<std::uint8_t>(found | (is_control & ~is_white) | is_delete);
  }
  return found != 0;
}

/// The attribute called `name` (lower case), nullopt for one that does not
/// matter.
std::optional<HtmlAttributeName> find_attribute_name(std::string_view name) {
  static constexpr auto kNames = std::to_array<std::string_view>(
      {"alt", "background", "bgcolor", "class", "color", "data-", "height", "hidden", "href", "id", "size",
       "src", "style", "text", "type", "width"});
  static_assert(kNames.size() == static_cast<std::size_t>(HtmlAttributeName::width) + 1);
  static_assert(std::is_sorted(kNames.begin(), kNames.end()));
  if (name.starts_with("data-")) {
    const bool is_plain = std::all_of(name.begin(), name.end(),
                                      [](char c) { return is_ascii_alnum(c) || c == '-' || c == '_'; });
    return is_plain ? std::optional(HtmlAttributeName::data) : std::nullopt;
  }
  const auto found = std::find(kNames.begin(), kNames.end(), name);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<HtmlAttributeName>(found - kNames.begin());
}

/// References of HTML 5 that libxml2 does not know and that hide words from
/// filters.
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

/// The name or number behind the "&" that `text` starts with, "#" included; ""
/// when it is none.
std::string_view reference_name(std::string_view text) {
  const std::size_t begin = text.substr(1).starts_with('#') ? 2 : 1;
  std::size_t end = begin;
  const std::size_t last = std::min(text.size(), kMaxReferenceOctets);
  while (end < last && is_ascii_alnum(text[end])) ++end;
  return end > begin ? text.substr(1, end - 1) : std::string_view{};
}

/// The character of HTML 4 called `name`, nullopt when there is none.
std::optional<char32_t> html_4_character(std::string_view name) {
  static constexpr auto kFrequent = std::to_array<std::pair<std::string_view, char32_t>>(
      {{"amp", U'&'}, {"gt", U'>'}, {"lt", U'<'}, {"nbsp", U'\u00A0'}, {"quot", U'"'}});
  const auto frequent = std::find_if(kFrequent.begin(), kFrequent.end(),
                                     [&](const auto& entry) { return entry.first == name; });
  if (frequent != kFrequent.end()) return frequent->second;
  std::array<xmlChar, kMaxReferenceOctets + 1> terminated{};
  std::copy(name.begin(), name.end(), terminated.begin());
  const htmlEntityDesc* entity = htmlEntityLookup(terminated.data());
  return entity == nullptr ? std::nullopt : std::optional<char32_t>(entity->value);
}

/// What an XML document may hold (XML 1.0 §2.2), and so libxml2 of a page.
bool is_xml_character(char32_t value) {
  return value == '\t' || value == '\n' || value == '\r' || (value >= 0x20 && value < 0xD800) ||
         (value >= 0xE000 && value < 0xFFFE) || (value >= 0x10000 && value < 0x110000);
}

/// The character that the "&#" at the front of `text` writes by its number, 0
/// for one that cannot be; `text` is moved behind it.
char32_t take_numeric_reference(std::string_view& text) {
  text.remove_prefix(2);
  const bool is_hexadecimal = text.starts_with('x') || text.starts_with('X');
  if (is_hexadecimal) text.remove_prefix(1);
  const char32_t base = is_hexadecimal ? 16 : 10;
  constexpr char32_t kEnough = 0x110000;
  char32_t value = 0;
  for (; !text.empty(); text.remove_prefix(1)) {
    const char lower = ascii_lower(text.front());
    const char32_t digit = is_ascii_digit(lower)          ? static_cast<char32_t>(lower - '0')
                           : lower >= 'a' && lower <= 'f' ? static_cast<char32_t>(lower - 'a') + 10
                                                          : base;
    if (digit >= base) break;
    if (value < kEnough) value = value * base + digit;
  }
  if (text.starts_with(';')) text.remove_prefix(1);
  return is_xml_character(value) ? value : 0;
}

/// Appends what the "&" at the front of `text` stands for, as a browser reads
/// it and with libxml2's table; `text` is moved behind the reference. In
/// attributes browsers read only references closed by ";": "&copy=1" of a link
/// must stay as it is. False where it was U+0000.
bool append_reference(std::string& out, std::string_view& text, bool in_attribute) {
  const std::string_view name = reference_name(text);
  const bool closed = !name.empty() && text.substr(name.size() + 1).starts_with(';');
  if (name.starts_with('#') && (closed || !in_attribute)) {
    const char32_t value = take_numeric_reference(text);
    if (value != 0) append_utf8(value, out);
    return value != 0;
  }
  if (closed) {
    const auto character = named_character(name);
    const auto value = character ? std::optional<char32_t>(*character) : html_4_character(name);
    if (value) {
      append_utf8(*value, out);
      text.remove_prefix(name.size() + 2);
      return true;
    }
  }
  out += '&';
  text.remove_prefix(1);
  return true;
}

/// Replaces `out` by `text` with its references decoded. A value ends at
/// U+0000, as libxml2 has it.
void decode_references(std::string& out, std::string_view text, bool in_attribute) {
  out.clear();
  while (!text.empty()) {
    const std::size_t run = std::min(text.find('&'), text.size());
    out.append(text.substr(0, run));
    text.remove_prefix(run);
    if (!text.empty() && !append_reference(out, text, in_attribute) && in_attribute) return;
  }
}

/// Takes U+FFFE and U+FFFF out of well-formed UTF-8.
void erase_noncharacters(std::string& text) {
  std::string kept;
  std::size_t begin = 0;
  for (std::size_t at = text.find("\xEF\xBF"); at != std::string::npos; at = text.find("\xEF\xBF", at + 3)) {
    if (static_cast<std::uint8_t>(text[at + 2]) < 0xBE) continue;
    kept.append(text, begin, at - begin);
    begin = at + 3;
  }
  if (begin > 0) text = kept.append(text, begin, std::string::npos);
}

class Normaliser {
 public:
  explicit Normaliser(std::string clean) : most_(kMaxGrowth * clean.size() + kFreeGrowth) {
    out_.octets = std::move(clean);
    html_ = out_.octets;
  }

  NormalisedHtml run() && {
    // libxml2 makes paragraphs of text that stands in no element.
    emit_plain("div");
    while (at_ < html_.size() && out_.markup.size() < most_) {
      const std::size_t open = std::min(html_.find('<', at_), html_.size());
      add_text(html_.substr(at_, open - at_));
      at_ = open;
      if (at_ < html_.size()) read_markup();
    }
    out_.cut = out_.markup.size() >= most_;
    pop_to(0);
    out_.markup += "</div>";
    return std::move(out_);
  }

 private:
  [[nodiscard]] char octet(std::size_t ahead) const {
    return at_ + ahead < html_.size() ? html_[at_ + ahead] : '\0';
  }

  /// `octets` are of the input.
  [[nodiscard]] NormalisedHtml::Piece piece_of(std::string_view octets) const {
    if (octets.empty()) return {};
    return {static_cast<std::uint32_t>(octets.data() - html_.data()),
            static_cast<std::uint32_t>(octets.size())};
  }

  NormalisedHtml::Piece keep(std::string_view octets) {
    const std::size_t begin = out_.octets.size() + out_.decoded.size();
    out_.decoded += octets;
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(octets.size())};
  }

  NormalisedHtml::Piece decoded(std::string_view octets, bool in_attribute) {
    if (octets.find('&') == std::string_view::npos) return piece_of(octets);
    decode_references(decoded_, octets, in_attribute);
    return keep(decoded_);
  }

  void add_text(std::string_view text) {
    if (text.empty()) return;
    out_.texts.push_back(decoded(text, /*in_attribute=*/false));
    out_.markup += NormalisedHtml::kTextMark;
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
      out_.texts.push_back(piece_of(html_.substr(at_++, 1)));
      out_.markup += NormalisedHtml::kTextMark;
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

  /// In lower case; good until the next call. `name` has at most
  /// kMaxNameOctets.
  std::string_view lower_name(std::string_view name) {
    const auto end = std::transform(name.begin(), name.end(), name_.begin(), ascii_lower);
    return {name_.data(), static_cast<std::size_t>(end - name_.begin())};
  }

  const HtmlElement& read_name() {
    const std::size_t begin = at_;
    while (at_ < html_.size() && !ends_name(html_[at_])) ++at_;
    return find_html_element(lower_name(html_.substr(begin, std::min(at_ - begin, kMaxNameOctets))));
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

  /// Keeps an attribute of the tag at hand, whose attributes begin at `first`.
  void add_attribute(std::string_view written, std::string_view value, std::size_t first) {
    const std::string_view lower = lower_name(written);
    const auto name = find_attribute_name(lower);
    if (!name) return;
    const auto is_same = [&](const NormalisedHtml::Attribute& other) {
      return other.name == *name &&
             (*name != HtmlAttributeName::data || out_.view(other.written_name) == lower);
    };
    auto& all = out_.attributes;
    if (std::any_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), is_same)) return;
    NormalisedHtml::Attribute attribute{.name = *name, .written_name = {}, .value = decoded(value, true)};
    if (*name == HtmlAttributeName::data)
      attribute.written_name = lower == written ? piece_of(written) : keep(lower);
    all.push_back(attribute);
  }

  /// Reads the attributes and the ">" of a tag; false when the input ends
  /// inside the tag. They are kept in the result if `are_kept`.
  bool read_attributes(bool are_kept) {
    const std::size_t first = out_.attributes.size();
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
      if (are_kept && count < kMaxAttributes && name.size() <= kMaxNameOctets)
        add_attribute(name, value, first);
    }
    ++at_;
    return true;
  }

  void read_start_tag() {
    ++at_;
    const HtmlElement& element = read_name();
    const bool is_kept = element.kind != ElementKind::ignored && element.kind != ElementKind::code &&
                         element.kind != ElementKind::style_sheet;
    if (!read_attributes(is_kept)) return drop_attributes();
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
    if (is_void(element.kind)) return emit_start(element);
    open_element(element);
    if (element.kind == ElementKind::raw_text) add_text(take_raw_content(element));
  }

  /// The octets up to the end tag of `element` (or the end of input); the end
  /// tag is left to be read.
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

  /// Writes a start tag with the attributes read last.
  void emit_start(const HtmlElement& element) {
    out_.markup.append("<").append(element.name).append(">");
    out_.tags.push_back(
        {static_cast<std::uint32_t>(out_.attributes.size()), static_cast<std::uint8_t>(place_of(element))});
  }

  /// Forgets the attributes of a tag that is not written.
  void drop_attributes() { out_.attributes.resize(out_.tags.empty() ? 0 : out_.tags.back().attributes_end); }

  /// Writes a start tag that has no attributes, in place of one that may have
  /// some.
  void emit_plain(std::string_view name) {
    drop_attributes();
    emit_start(find_html_element(name));
  }

  void open_element(const HtmlElement& element) {
    if (element.kind == ElementKind::body && std::exchange(body_seen_, true)) return drop_attributes();
    if (open_.size() >= kMaxDepth) {
      ++too_deep_;
      drop_attributes();
      if (!is_inline(element.kind)) emit_plain("br");
      return;
    }
    open_.push_back(&element);
    ++open_count_[place_of(element)];
    emit_start(element);
  }

  void pop_to(std::size_t depth) {
    while (open_.size() > depth) {
      out_.markup.append("</").append(open_.back()->name).append(">");
      --open_count_[place_of(*open_.back())];
      open_.pop_back();
    }
  }

  /// Ends the innermost open element of `kind`, unless one of the kinds not in
  /// `passed` stands before it.
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
    if (!read_attributes(/*are_kept=*/false) || element.kind == ElementKind::body) return;
    if (too_deep_ > 0 && !is_void(element.kind) && element.kind != ElementKind::ignored) {
      --too_deep_;
      if (!is_inline(element.kind)) emit_plain("br");
    } else if (element.kind == ElementKind::line_break) {
      emit_plain("br");
    } else if (open_count_[place_of(element)] > 0) {
      close_element(element);
    } else if (element.kind == ElementKind::paragraph) {
      emit_plain("p");
      out_.markup += "</p>";
    }
  }

  /// An end tag ends all that was opened inside its element, but no table cell
  /// round it.
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
  std::array<std::size_t, kMostHtmlElements> open_count_{};  ///< of each element, by its place
  std::array<char, kMaxNameOctets> name_{};
  std::string decoded_;
  std::size_t too_deep_ = 0;
  bool body_seen_ = false;
};

}  // namespace

NormalisedHtml normalise_html(std::string_view html) {
  std::string clean = is_valid_utf8(html) ? std::string(html) : to_valid_utf8(html);
  if (holds_unseen(clean)) std::erase_if(clean, is_unseen);
  erase_noncharacters(clean);
  return Normaliser(std::move(clean)).run();
}

}  // namespace coldpitch
