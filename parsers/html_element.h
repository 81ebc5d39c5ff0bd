// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace coldpitch {

/// What an HTML element means for the text of a page.
enum class ElementKind : std::uint8_t {
  phrase,        ///< inside a line: span, b, font and every unknown element
  anchor,        ///< a
  block,         ///< a line of its own
  paragraph,     ///< p
  list,          ///< ul, ol, dl
  list_item,     ///< li
  definition,    ///< dt, dd
  table,         ///< table
  row_group,     ///< tbody, thead, tfoot
  row,           ///< tr
  cell,          ///< td, th
  quote,         ///< blockquote
  preformatted,  ///< pre: line ends count
  body,          ///< body
  line_break,    ///< br (void)
  rule,          ///< hr (void)
  image,         ///< img (void)
  map_area,      ///< area (void): a link without text
  ignored,       ///< the tag says nothing about text: html, head, meta ...
  code,          ///< script, title, iframe: raw content nobody reads as text
  style_sheet,   ///< style: raw content
  raw_text,      ///< textarea, xmp: content is text even where it looks like tags
  concealed,     ///< template, xml islands: never shown
};

/// An element name known to this filter. One object a name: compare by address.
struct HtmlElement {
  std::string_view name;
  ElementKind kind = ElementKind::phrase;
};

/// The element called `name` (lower case; WHATWG HTML §4); span for unknown
/// names. Never fails. The result lives for ever. Thread-safe, constant time.
[[nodiscard]] const HtmlElement& find_html_element(std::string_view name);

/// No more elements than this are known.
constexpr std::size_t kMostHtmlElements = 128;

/// The place of a known element among all, less than kMostHtmlElements. Pure.
[[nodiscard]] std::size_t place_of(const HtmlElement& element);

/// True for elements without content and end tag that are handed on: br, hr,
/// img, area.
[[nodiscard]] constexpr bool is_void(ElementKind kind) {
  return kind == ElementKind::line_break || kind == ElementKind::rule || kind == ElementKind::image ||
         kind == ElementKind::map_area;
}

/// True for elements that stand inside a line.
[[nodiscard]] constexpr bool is_inline(ElementKind kind) {
  return kind == ElementKind::phrase || kind == ElementKind::anchor || kind == ElementKind::image ||
         kind == ElementKind::map_area;
}

}  // namespace coldpitch
