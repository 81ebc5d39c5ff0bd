// SPDX-License-Identifier: MIT
#include "parsers/html_element.h"

#include <algorithm>
#include <array>

namespace coldpitch {
namespace {

using enum ElementKind;

constexpr bool name_less(const HtmlElement& left, const HtmlElement& right) { return left.name < right.name; }

constexpr auto kElements = std::to_array<HtmlElement>({
    {"a", anchor},         {"abbr", phrase},        {"address", block},     {"area", map_area},
    {"article", block},    {"aside", block},        {"b", phrase},          {"base", ignored},
    {"basefont", ignored}, {"bgsound", ignored},    {"big", phrase},        {"blockquote", quote},
    {"body", body},        {"br", line_break},      {"button", phrase},     {"caption", block},
    {"center", block},     {"cite", phrase},        {"code", phrase},       {"col", ignored},
    {"colgroup", ignored}, {"dd", definition},      {"del", phrase},        {"details", block},
    {"dialog", block},     {"dir", list},           {"div", block},         {"dl", list},
    {"dt", definition},    {"em", phrase},          {"embed", ignored},     {"fieldset", block},
    {"figcaption", block}, {"figure", block},       {"font", phrase},       {"footer", block},
    {"form", block},       {"frame", ignored},      {"frameset", ignored},  {"h1", block},
    {"h2", block},         {"h3", block},           {"h4", block},          {"h5", block},
    {"h6", block},         {"head", ignored},       {"header", block},      {"hr", rule},
    {"html", ignored},     {"i", phrase},           {"iframe", code},       {"img", image},
    {"input", ignored},    {"ins", phrase},         {"keygen", ignored},    {"label", phrase},
    {"legend", block},     {"li", list_item},       {"link", ignored},      {"listing", preformatted},
    {"main", block},       {"menu", list},          {"meta", ignored},      {"nav", block},
    {"nobr", phrase},      {"noembed", code},       {"noframes", code},     {"ol", list},
    {"optgroup", block},   {"option", block},       {"p", paragraph},       {"param", ignored},
    {"pre", preformatted}, {"s", phrase},           {"script", code},       {"section", block},
    {"select", block},     {"small", phrase},       {"source", ignored},    {"span", phrase},
    {"strike", phrase},    {"strong", phrase},      {"style", style_sheet}, {"sub", phrase},
    {"summary", block},    {"sup", phrase},         {"table", table},       {"tbody", row_group},
    {"td", cell},          {"template", concealed}, {"textarea", raw_text}, {"tfoot", row_group},
    {"th", cell},          {"thead", row_group},    {"title", code},        {"tr", row},
    {"track", ignored},    {"tt", phrase},          {"u", phrase},          {"ul", list},
    {"wbr", ignored},      {"xml", concealed},      {"xmp", raw_text},
});
static_assert(std::is_sorted(kElements.begin(), kElements.end(), name_less));
static_assert(kElements.size() <= kMostHtmlElements);

constexpr std::size_t kLetters = 26;

/// Where the elements begin whose names start with a letter; those of the
/// letter before end there.
constexpr auto kBegins = [] {
  std::array<std::size_t, kLetters + 1> begins{};
  for (const HtmlElement& element : kElements)
    ++begins[static_cast<std::size_t>(element.name.front() - 'a') + 1];
  for (std::size_t i = 1; i < begins.size(); ++i) begins[i] += begins[i - 1];
  return begins;
}();

const HtmlElement* find_known(std::string_view name) {
  if (name.empty() || name.front() < 'a' || name.front() > 'z') return nullptr;
  const auto letter = static_cast<std::size_t>(name.front() - 'a');
  for (std::size_t i = kBegins[letter]; i < kBegins[letter + 1]; ++i) {
    if (kElements[i].name == name) return &kElements[i];
  }
  return nullptr;
}

}  // namespace

const HtmlElement& find_html_element(std::string_view name) {
  static const HtmlElement* const span = find_known("span");
  const HtmlElement* const known = find_known(name);
  return known != nullptr ? *known : *span;
}

std::size_t place_of(const HtmlElement& element) {
  return static_cast<std::size_t>(&element - kElements.data());
}

}  // namespace coldpitch
