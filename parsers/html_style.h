// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace coldpitch {

/// Red, green, blue.
using HtmlColour = std::array<std::uint8_t, 3>;

/// A CSS (Color Module 4 §4 to §7) or bgcolor= colour (WHATWG HTML §2.3.6, "legacy"); nullopt when it is none this filter can tell (a
/// variable, a rare name). Never fails otherwise. Pure, thread-safe, linear.
[[nodiscard]] std::optional<HtmlColour> parse_html_colour(std::string_view text);

/// A CSS length (Values 4 §6) in pixels ("0", "12px", "1.5em" of `em` pixels, "50%" of `em`, "9pt"); nullopt when it is none. Pure,
/// thread-safe, linear.
[[nodiscard]] std::optional<double> parse_css_length(std::string_view text, double em);

/// What makes text of an element visible or not. Made from its parent's by inherited(), then changed by its own style.
struct HtmlStyle {
  enum class Display : std::uint8_t { by_element, block, in_line };

  // Handed down to children.
  bool concealed = false;  ///< display:none, transparent, clipped or off-screen: with all it holds
  bool invisible = false;  ///< visibility:hidden, which a child may undo
  bool preformatted = false;
  double font_pixels = 16;
  std::optional<HtmlColour> colour = HtmlColour{0, 0, 0};  ///< nullopt: cannot be told
  std::optional<HtmlColour> background = HtmlColour{255, 255, 255};

  // The element's own.
  Display display = Display::by_element;
  bool borderless = false;
  std::optional<unsigned> width;  ///< pixels
  std::optional<unsigned> height;

  /// What an element begins with whose parent has this style: the inherited half of it. Pure.
  [[nodiscard]] HtmlStyle inherited() const;
  /// True when a person sees nothing of the element, neither text nor images.
  [[nodiscard]] bool removes() const { return concealed || invisible; }
  /// True when a person does not see text of this style.
  [[nodiscard]] bool hides_text() const;
};

/// Applies the declarations of a style attribute or a rule (CSS Syntax 3 §5). Unknown and broken ones are skipped; `style` is then left as it
/// was. Never fails; keeps nothing of `declarations`. Pure but for `style`, thread-safe, linear; the caller bounds it (limits.html_octets).
void apply_declarations(std::string_view declarations, HtmlStyle& style);

/// The few things read from style elements: which classes are not displayed, and what paints a background.
///
/// Only rules whose selector is one class (`.x`, `td.x`) outside of @media hide; one rule anywhere that displays the class again
/// undoes it, since a filter must not overlook what some mail program shows.
class HtmlStyleSheet {
 public:
  HtmlStyleSheet() = default;
  /// Reads the rules of style elements. Never fails: what is no rule is skipped. Keeps nothing of `css`. Linear (times the logarithm of the
  /// names kept, at most 1,000).
  explicit HtmlStyleSheet(std::string_view css);

  /// Applies what the rules say about an element with this name (lower case), class and id. Never fails. Thread-safe for reading; linear in
  /// the class names.
  void apply(std::string_view element, std::string_view class_names, std::string_view id,
             HtmlStyle& style) const;

 private:
  void read_rule(std::string_view selectors, std::string_view declarations, bool conditional);
  void note_background(std::string_view selector, std::optional<HtmlColour> colour);

  std::set<std::string, std::less<>> hidden_;
  std::set<std::string, std::less<>> shown_;
  /// "td", ".card" or "#top" -> its background, nullopt where rules differ or depend on something.
  std::map<std::string, std::optional<HtmlColour>, std::less<>> backgrounds_;
};

}  // namespace coldpitch
