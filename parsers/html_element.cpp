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

}  // namespace

const HtmlElement& find_html_element(std::string_view name) {
  const auto find = [](std::string_view wanted) {
    const auto found = std::lower_bound(kElements.begin(), kElements.end(), HtmlElement{wanted}, name_less);
    return found != kElements.end() && found->name == wanted ? found : kElements.end();
  };
  const auto found = find(name);
  return found != kElements.end() ? *found : *find("span");
}

}  // namespace coldpitch
