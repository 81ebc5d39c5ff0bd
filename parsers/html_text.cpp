// SPDX-License-Identifier: MIT
#include "parsers/html_text.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <new>
#include <utility>

#include "parsers/html_element.h"
#include "parsers/html_normalise.h"
#include "parsers/html_style.h"
#include "parsers/html_writer.h"
#include "parsers/text.h"
#include "parsers/words.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxRegions = 4000;
constexpr std::size_t kMaxAttributeOctets = 16384;
/// libxml2 counts in int, and normalising makes HTML up to twice as long.
constexpr std::size_t kMaxHtmlOctets = 200'000'000;
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

/// xmlInitParser() is not thread-safe in libxml2 before 2.9.15, so it runs
/// before main().
const bool kParserReady = [] {
  xmlInitParser();
  return true;
}();

/// The attributes of one start tag. Points into the HTML.
class Attributes {
 public:
  using Name = HtmlAttributeName;

  Attributes() = default;
  /// Of the start tag that is the `tag`-th.
  Attributes(const NormalisedHtml& html, std::size_t tag)
      : html_(&html),
        begin_(html.attributes.data() + (tag == 0 ? 0 : html.tags[tag - 1].attributes_end)),
        end_(html.attributes.data() + html.tags[tag].attributes_end) {}

  /// Value of `name`, or nullopt when there is no such attribute.
  [[nodiscard]] std::optional<std::string_view> find(Name name) const {
    for (const auto* at = begin_; at != end_; ++at) {
      if (at->name == name) return html_->view(at->value);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::string_view get(Name name) const { return find(name).value_or(""); }
  [[nodiscard]] bool empty() const { return begin_ == end_; }

  /// id and data-* as `name=value`, joined by blanks.
  [[nodiscard]] std::string data() const {
    std::string joined;
    for (const auto* at = begin_; at != end_; ++at) {
      if (at->name != Name::id && at->name != Name::data) continue;
      const std::string_view name = at->name == Name::id ? "id" : html_->view(at->written_name);
      joined.append(joined.empty() ? "" : " ").append(name).append("=").append(html_->view(at->value));
    }
    joined.resize(utf8_prefix(joined, kMaxAttributeOctets).size());
    return joined;
  }

 private:
  const NormalisedHtml* html_ = nullptr;
  const NormalisedHtml::Attribute* begin_ = nullptr;
  const NormalisedHtml::Attribute* end_ = nullptr;
};

std::optional<unsigned> pixels_of(std::string_view attribute) {
  if (trim(attribute).ends_with('%')) return std::nullopt;
  const auto pixels = parse_css_length(attribute, 16);
  if (!pixels || *pixels < 0) return std::nullopt;
  return static_cast<unsigned>(*pixels);
}

/// Attributes from before CSS, then the style sheet, then the style attribute.
HtmlStyle style_of(const HtmlElement& element, const Attributes& attributes, const HtmlStyleSheet& sheet,
                   const HtmlStyle& parent) {
  using Name = HtmlAttributeName;
  HtmlStyle style = parent.inherited();
  if (element.kind == ElementKind::concealed) style.concealed = true;
  if (element.kind == ElementKind::preformatted) style.preformatted = true;
  if (!attributes.empty()) {
    if (attributes.find(Name::hidden)) style.concealed = true;
    if (element.kind == ElementKind::anchor && attributes.find(Name::href))
      style.colour = HtmlColour{0, 0, 238};
    if (const auto colour = attributes.find(Name::bgcolor)) style.background = parse_html_colour(*colour);
    if (attributes.find(Name::background)) style.background = std::nullopt;
    if (const auto colour = attributes.find(Name::color)) style.colour = parse_html_colour(*colour);
    if (element.kind == ElementKind::body && attributes.find(Name::text)) {
      style.colour = parse_html_colour(attributes.get(Name::text));
    }
    if (element.name == "font" && attributes.find(Name::size)) style.font_pixels = 16;
    style.width = pixels_of(attributes.get(Name::width));
    style.height = pixels_of(attributes.get(Name::height));
  }
  sheet.apply(element.name, attributes.get(Name::class_names), attributes.get(Name::id), style);
  apply_declarations(attributes.get(Name::style), style);
  return style;
}

/// True for what a tracking pixel looks like.
bool is_pixel(const HtmlStyle& style) {
  if (!style.width && !style.height) return false;
  const unsigned width = style.width.value_or(1);
  const unsigned height = style.height.value_or(1);
  return width == 0 || height == 0 || (width == 1 && height == 1);
}

/// Gmail and Outlook indent with a borderless <blockquote>, which quotes
/// nobody.
bool is_quote(const HtmlElement& element, const HtmlStyle& style, const Attributes& attributes) {
  return element.kind == ElementKind::quote &&
         (!style.borderless || attributes.get(HtmlAttributeName::type) == "cite");
}

/// Makes the text out of parser events.
class Builder {
 public:
  Builder(const HtmlStyleSheet& sheet, const Limits& limits)
      : sheet_(sheet), limits_(limits), seen_(limits.text_octets), unseen_(limits.text_octets) {}

  void start(const HtmlElement& element, const Attributes& attributes) {
    Open open{.element = &element, .style = style_of(element, attributes, sheet_, style())};
    open.quotes = is_quote(element, open.style, attributes);
    begin_layout(open);
    open.begin = seen_.text().size();
    open.unseen_begin = unseen_.text().size();
    open.seen_images = seen_images_;
    if (element.kind == ElementKind::image) add_image(attributes, open.style);
    if (element.kind == ElementKind::anchor || element.kind == ElementKind::map_area)
      open.link = add_link(attributes);
    open.region = add_region(element, attributes);
    open_.push_back(open);
  }

  void end() {
    if (open_.empty()) return;
    const Open open = open_.back();
    open_.pop_back();
    const Span span = seen_.span_from(open.begin);
    const bool only_unseen = span.size() == 0 && unseen_.text().size() > open.unseen_begin;
    if (open.link != kNone) {
      HtmlLink& link = html_.links[open.link];
      link.text = span;
      link.hidden = open.style.removes() || (only_unseen && seen_images_ == open.seen_images);
    }
    if (open.region != kNone) {
      HtmlRegion& region = html_.regions[open.region];
      region.text = span;
      region.hidden = open.style.removes() || only_unseen;
    }
    end_layout(open);
  }

  void characters(std::string_view text) {
    const bool hidden = style().hides_text();
    if (hidden && !std::exchange(in_hidden_, true)) unseen_.block();
    if (!hidden && !trim(text).empty()) in_hidden_ = false;
    (hidden ? unseen_ : seen_).write(text, style().preformatted);
  }

  HtmlText finish(Problems& problems) && {
    while (!open_.empty()) end();
    if (seen_.full() || unseen_.full()) problems.add("text-octets");
    if (urls_cut_) problems.add("urls");
    html_.text = seen_.take();
    html_.hidden_text = unseen_.take();
    if (has_words(html_.hidden_text)) problems.add("html-hidden-text");
    return std::move(html_);
  }

 private:
  struct Open {
    const HtmlElement* element;
    HtmlStyle style;
    std::size_t begin = 0;         ///< length of the visible text at its start
    std::size_t unseen_begin = 0;  ///< and of the hidden text
    std::size_t seen_images = 0;   ///< visible images before it
    std::size_t link = kNone;
    std::size_t region = kNone;
    bool quotes = false;

    [[nodiscard]] bool is_block() const {
      if (element->kind == ElementKind::cell || element->kind == ElementKind::line_break) return false;
      if (style.display != HtmlStyle::Display::by_element) return style.display == HtmlStyle::Display::block;
      return !is_inline(element->kind);
    }
  };

  [[nodiscard]] const HtmlStyle& style() const { return open_.empty() ? root_ : open_.back().style; }

  template <class Action>
  void both(const Action& action) {
    action(seen_);
    action(unseen_);
  }

  void begin_layout(const Open& open) {
    if (open.element->kind == ElementKind::line_break) both([](HtmlWriter& writer) { writer.line_break(); });
    if (open.element->kind == ElementKind::cell) both([](HtmlWriter& writer) { writer.blank(); });
    if (open.is_block()) both([](HtmlWriter& writer) { writer.block(); });
    if (open.quotes) both([](HtmlWriter& writer) { writer.quote(); });
  }

  void end_layout(const Open& open) {
    if (open.quotes) both([](HtmlWriter& writer) { writer.unquote(); });
    if (open.is_block()) both([](HtmlWriter& writer) { writer.block(); });
    if (open.element->kind == ElementKind::cell) both([](HtmlWriter& writer) { writer.blank(); });
  }

  void add_image(const Attributes& attributes, const HtmlStyle& style) {
    const bool hidden = style.removes() || is_pixel(style);
    if (!hidden) ++seen_images_;
    if (html_.images.size() >= limits_.urls) return;
    html_.images.push_back({.source = std::string(trim(attributes.get(HtmlAttributeName::src))),
                            .alt = std::string(trim(attributes.get(HtmlAttributeName::alt))),
                            .width = style.width,
                            .height = style.height,
                            .hidden = hidden});
  }

  std::size_t add_link(const Attributes& attributes) {
    const std::string_view href = trim(attributes.get(HtmlAttributeName::href));
    if (href.empty()) return kNone;
    if (html_.links.size() >= limits_.urls) {
      urls_cut_ = true;
      return kNone;
    }
    html_.links.push_back({.href = std::string(href), .text = {}});
    return html_.links.size() - 1;
  }

  std::size_t add_region(const HtmlElement& element, const Attributes& attributes) {
    const std::string_view class_names = trim(attributes.get(HtmlAttributeName::class_names));
    std::string data = attributes.data();
    if ((class_names.empty() && data.empty()) || html_.regions.size() >= kMaxRegions) return kNone;
    html_.regions.push_back({.element = std::string(element.name),
                             .class_names = std::string(utf8_prefix(class_names, kMaxAttributeOctets)),
                             .data = std::move(data),
                             .text = {}});
    return html_.regions.size() - 1;
  }

  const HtmlStyleSheet& sheet_;
  const Limits& limits_;
  HtmlStyle root_;
  HtmlWriter seen_;
  HtmlWriter unseen_;
  HtmlText html_;
  std::vector<Open> open_;
  std::size_t seen_images_ = 0;
  bool in_hidden_ = false;
  bool urls_cut_ = false;
};

/// What libxml2's callbacks get: it nests the tags, what stands in and between
/// them is taken from beside. Exceptions must not cross its C frames, so the
/// first one is kept.
struct Events {
  Builder* builder;
  const NormalisedHtml* html;
  xmlParserCtxtPtr parser = nullptr;
  std::size_t tags = 0;  ///< begun
  std::size_t texts = 0;
  std::exception_ptr failure;

  template <class Step>
  static void guard(void* data, const Step& step) noexcept {
    auto* events = static_cast<Events*>(data);
    if (events->failure) return;
    try {
      step(*events);
    } catch (...) {
      events->failure = std::current_exception();
      xmlStopParser(events->parser);
    }
  }

  void start(std::string_view name) {
    // An element that stands in no tag would be one libxml2 thought of.
    const HtmlElement& element = find_html_element(name);
    if (tags < html->tags.size() && html->tags[tags].element == place_of(element)) {
      builder->start(element, Attributes(*html, tags));
      ++tags;
    } else {
      builder->start(element, Attributes());
    }
  }

  void text_marks(std::size_t count) {
    for (; count > 0 && texts < html->texts.size(); --count)
      builder->characters(html->view(html->texts[texts++]));
  }
};

void on_start(void* data, const xmlChar* name, const xmlChar** /*attributes*/) {
  Events::guard(data, [&](Events& events) { events.start(reinterpret_cast<const char*>(name)); });
}

void on_end(void* data, const xmlChar* /*name*/) {
  Events::guard(data, [](Events& events) { events.builder->end(); });
}

void on_characters(void* data, const xmlChar* /*text*/, int length) {
  Events::guard(data, [&](Events& events) { events.text_marks(static_cast<std::size_t>(length)); });
}

struct ParserDeleter {
  void operator()(xmlParserCtxtPtr parser) const { htmlFreeParserCtxt(parser); }
};

void parse_html(const NormalisedHtml& html, Builder& builder) {
  const std::unique_ptr<xmlParserCtxt, ParserDeleter> parser(
      htmlCreateMemoryParserCtxt(html.markup.data(), static_cast<int>(html.markup.size())));
  if (!parser) throw std::bad_alloc();
  Events events{.builder = &builder, .html = &html, .parser = parser.get(), .failure = nullptr};
  xmlSAXHandler handler{};
  handler.startElement = on_start;
  handler.endElement = on_end;
  handler.characters = on_characters;
  handler.cdataBlock = on_characters;
  handler.ignorableWhitespace = on_characters;
  *parser->sax = handler;
  parser->userData = &events;
  htmlCtxtUseOptions(parser.get(), HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_IGNORE_ENC |
                                       HTML_PARSE_RECOVER | HTML_PARSE_NOIMPLIED | HTML_PARSE_NONET);
  xmlSwitchEncoding(parser.get(), XML_CHAR_ENCODING_UTF8);
  htmlParseDocument(parser.get());
  if (events.failure) std::rethrow_exception(events.failure);
}

}  // namespace

HtmlText html_to_text(std::string_view html, const Limits& limits, Problems& problems) {
  const std::string_view read = utf8_prefix(html, std::min(limits.html_octets, kMaxHtmlOctets));
  if (read.size() < html.size()) problems.add("html-octets");
  const NormalisedHtml normalised = normalise_html(read);
  if (normalised.cut) problems.add("html-octets");
  const HtmlStyleSheet sheet(normalised.style_sheets);
  Builder builder(sheet, limits);
  if (kParserReady) parse_html(normalised, builder);
  return std::move(builder).finish(problems);
}

}  // namespace coldpitch
