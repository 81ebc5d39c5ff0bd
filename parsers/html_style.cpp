// SPDX-License-Identifier: MIT
#include "parsers/html_style.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Colours whose channels differ by less cannot be read on each other.
constexpr int kReadableDifference = 16;
constexpr double kUnreadablePixels = 1.0;
constexpr double kOffScreenPixels = -400;
constexpr double kTransparent = 0.05;
constexpr double kMaxPixels = 1e6;

std::optional<unsigned> hex_digit(char c) {
  if (is_ascii_digit(c)) return static_cast<unsigned>(c - '0');
  const char lower = ascii_lower(c);
  if (lower >= 'a' && lower <= 'f') return static_cast<unsigned>(lower - 'a' + 10);
  return std::nullopt;
}

std::optional<HtmlColour> parse_hex_colour(std::string_view digits) {
  if (digits.size() == 4 || digits.size() == 8) digits.remove_suffix(digits.size() / 4);
  if (digits.size() != 3 && digits.size() != 6) return std::nullopt;
  const std::size_t width = digits.size() / 3;
  HtmlColour colour{};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto high = hex_digit(digits[i * width]);
    const auto low = hex_digit(digits[i * width + width - 1]);
    if (!high || !low) return std::nullopt;
    colour[i] = static_cast<std::uint8_t>(*high * 16U + *low);
  }
  return colour;
}

/// A decimal number at the start of `text`, which is moved behind it.
std::optional<double> take_number(std::string_view& text) {
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const bool negative = text.starts_with('-');
  double value = 0;
  double place = 0;
  bool digits = false;
  for (; at < text.size() && (is_ascii_digit(text[at]) || (text[at] == '.' && place == 0)); ++at) {
    if (text[at] == '.') {
      place = 1;
      continue;
    }
    digits = true;
    const double digit = text[at] - '0';
    if (place == 0) {
      value = std::min(value * 10 + digit, kMaxPixels);
    } else {
      place /= 10;
      value += digit * place;
    }
  }
  if (!digits) return std::nullopt;
  text.remove_prefix(at);
  return negative ? -value : value;
}

/// "rgb(1, 2, 3)" and "rgba(1 2 3 / 50%)" without the name.
std::optional<HtmlColour> parse_rgb(std::string_view arguments) {
  HtmlColour colour{};
  for (std::uint8_t& channel : colour) {
    while (!arguments.empty() &&
           (is_ascii_space(arguments[0]) || arguments[0] == '(' || arguments[0] == ',')) {
      arguments.remove_prefix(1);
    }
    auto value = take_number(arguments);
    if (!value) return std::nullopt;
    if (arguments.starts_with('%')) {
      arguments.remove_prefix(1);
      *value *= 2.55;
    }
    channel = static_cast<std::uint8_t>(std::lround(std::clamp(*value, 0.0, 255.0)));
  }
  return colour;
}

bool is_clear_colour(std::string_view value) {
  if (value == "transparent") return true;
  if (!value.starts_with("rgba(")) return false;
  const std::size_t comma = value.find_last_of(",/");
  if (comma == std::string_view::npos) return false;
  std::string_view alpha = trim(value.substr(comma + 1));
  return take_number(alpha).value_or(1) <= kTransparent;
}

std::string_view without_important(std::string_view value) {
  const std::size_t mark = value.find('!');
  return trim(value.substr(0, mark));
}

/// Of the properties read below the longest.
constexpr std::size_t kLongestName = std::string_view("background-color").size();

/// False for most of the properties that are not read, told by their first letters: padding, line-height, text-align ...
bool may_be_read(std::string_view property) {
  static constexpr auto kBeginnings =
      std::to_array<std::string_view>({"background", "border", "bottom", "color", "display", "font-size",
                                       "height", "left", "margin-", "max-", "opacity", "overflow", "position",
                                       "right", "text-indent", "top", "visibility", "white-space", "width"});
  return std::any_of(kBeginnings.begin(), kBeginnings.end(), [&](std::string_view beginning) {
    return !property.empty() && ascii_lower(property.front()) == beginning.front() &&
           starts_with_ignoring_case(property, beginning);
  });
}

/// What one declaration block says before it is weighed.
struct Block {
  bool clips = false;
  bool collapsed = false;
  bool taken_out = false;
  bool shifted = false;
};

void apply_background(std::string_view value, HtmlStyle& style) {
  if (value.find("url(") != std::string_view::npos || value.find("gradient") != std::string_view::npos) {
    style.background = std::nullopt;
    return;
  }
  // A shorthand holds other words too; blanks inside rgb() are no separators.
  std::string_view rest = value;
  while (!(rest = trim(rest)).empty()) {
    const std::size_t bracket = rest.find_first_of("( ");
    const bool call = bracket != std::string_view::npos && rest[bracket] == '(';
    const std::size_t end = std::min(call ? rest.find(')') : bracket, rest.size() - 1) + 1;
    const std::string_view word = trim(rest.substr(0, end));
    if (is_clear_colour(word)) return;
    if (const auto colour = parse_html_colour(word)) {
      style.background = colour;
      return;
    }
    rest.remove_prefix(end);
  }
  if (value.find("var(") != std::string_view::npos) style.background = std::nullopt;
}

void apply_display(std::string_view value, HtmlStyle& style) {
  if (value == "none") style.concealed = true;
  if (value == "block" || value == "list-item" || value == "table" || value == "flex") {
    style.display = HtmlStyle::Display::block;
  } else if (value.starts_with("inline")) {
    style.display = HtmlStyle::Display::in_line;
  }
}

void apply_font_size(std::string_view value, HtmlStyle& style) {
  if (const auto pixels = parse_css_length(value, style.font_pixels)) {
    style.font_pixels = *pixels;
  } else if (value.ends_with("small") || value.ends_with("large") || value == "medium" ||
             value == "initial") {
    style.font_pixels = 16;
  }
}

void apply_colour(std::string_view value, HtmlStyle& style) {
  if (value == "inherit" || value == "currentcolor") return;
  style.colour = is_clear_colour(value) ? style.background : parse_html_colour(value);
}

void apply_size(std::string_view name, std::string_view value, HtmlStyle& style, Block& block) {
  const auto pixels = parse_css_length(value, style.font_pixels);
  if (!pixels || *pixels < 0 || value.ends_with('%')) return;
  if (*pixels < 1) block.collapsed = true;
  const auto rounded = static_cast<unsigned>(*pixels);
  if (name == "width" || name == "max-width") style.width = rounded;
  if (name == "height" || name == "max-height") style.height = rounded;
}

void apply_declaration(std::string_view name, std::string_view value, HtmlStyle& style, Block& block) {
  if (name == "display") {
    apply_display(value, style);
  } else if (name == "visibility") {
    style.invisible = value == "hidden" || value == "collapse";
  } else if (name == "opacity") {
    if (take_number(value).value_or(1) <= kTransparent) style.concealed = true;
  } else if (name == "font-size") {
    apply_font_size(value, style);
  } else if (name == "color") {
    apply_colour(value, style);
  } else if (name == "background" || name == "background-color" || name == "background-image") {
    apply_background(value, style);
  } else if (name == "white-space") {
    style.preformatted = value.starts_with("pre") || value == "break-spaces";
  } else if (name == "border") {
    style.borderless = value.starts_with("none") || value.starts_with("0");
  } else if (name == "overflow") {
    block.clips = value == "hidden" || value == "clip";
  } else if (name == "position") {
    block.taken_out = value == "absolute" || value == "fixed";
  } else if (name == "left" || name == "top" || name == "right" || name == "bottom") {
    if (parse_css_length(value, style.font_pixels).value_or(0) <= kOffScreenPixels) block.shifted = true;
  } else if (name == "text-indent" || name == "margin-left" || name == "margin-top") {
    if (parse_css_length(value, style.font_pixels).value_or(0) <= kOffScreenPixels) style.concealed = true;
  } else if (name == "width" || name == "height" || name == "max-width" || name == "max-height") {
    apply_size(name, value, style, block);
  }
}

}  // namespace

std::optional<HtmlColour> parse_html_colour(std::string_view text) {
  static const std::map<std::string_view, HtmlColour> kNames = {
      {"black", {0, 0, 0}},           {"white", {255, 255, 255}},      {"snow", {255, 250, 250}},
      {"ivory", {255, 255, 240}},     {"ghostwhite", {248, 248, 255}}, {"whitesmoke", {245, 245, 245}},
      {"silver", {192, 192, 192}},    {"gray", {128, 128, 128}},       {"grey", {128, 128, 128}},
      {"lightgray", {211, 211, 211}}, {"lightgrey", {211, 211, 211}},  {"red", {255, 0, 0}},
      {"maroon", {128, 0, 0}},        {"yellow", {255, 255, 0}},       {"olive", {128, 128, 0}},
      {"lime", {0, 255, 0}},          {"green", {0, 128, 0}},          {"aqua", {0, 255, 255}},
      {"cyan", {0, 255, 255}},        {"teal", {0, 128, 128}},         {"blue", {0, 0, 255}},
      {"navy", {0, 0, 128}},          {"fuchsia", {255, 0, 255}},      {"purple", {128, 0, 128}},
      {"orange", {255, 165, 0}},      {"windowtext", {0, 0, 0}},       {"window", {255, 255, 255}},
  };
  const std::string lower = to_ascii_lower(trim(text).substr(0, 64));
  const std::string_view value = lower;
  if (value.starts_with('#')) return parse_hex_colour(value.substr(1));
  if (value.starts_with("rgba(")) return parse_rgb(value.substr(4));
  if (value.starts_with("rgb(")) return parse_rgb(value.substr(3));
  if (const auto named = kNames.find(value); named != kNames.end()) return named->second;
  return value.size() == 6 ? parse_hex_colour(value) : std::nullopt;
}

std::optional<double> parse_css_length(std::string_view text, double em) {
  std::string_view rest = trim(text);
  const auto number = take_number(rest);
  if (!number) return std::nullopt;
  const std::string_view unit = trim(rest);
  if (unit.empty() || equals_ignoring_case(unit, "px")) return number;
  if (equals_ignoring_case(unit, "pt")) return *number * 4 / 3;
  if (equals_ignoring_case(unit, "em")) return *number * em;
  if (equals_ignoring_case(unit, "rem")) return *number * 16;
  if (unit == "%") return *number * em / 100;
  if (equals_ignoring_case(unit, "in")) return *number * 96;
  if (equals_ignoring_case(unit, "cm")) return *number * 38;
  if (equals_ignoring_case(unit, "mm")) return *number * 3.8;
  if (equals_ignoring_case(unit, "ex")) return *number * em / 2;
  if (equals_ignoring_case(unit, "vw") || equals_ignoring_case(unit, "vh")) return *number * 8;
  return std::nullopt;
}

HtmlStyle HtmlStyle::inherited() const {
  HtmlStyle child = *this;
  child.display = Display::by_element;
  child.borderless = false;
  child.width.reset();
  child.height.reset();
  return child;
}

bool HtmlStyle::hides_text() const {
  if (removes() || font_pixels <= kUnreadablePixels) return true;
  if (!colour || !background) return false;
  for (std::size_t i = 0; i < colour->size(); ++i) {
    if (std::abs((*colour)[i] - (*background)[i]) >= kReadableDifference) return false;
  }
  return true;
}

void apply_declarations(std::string_view declarations, HtmlStyle& style) {
  Block block;
  while (!declarations.empty()) {
    const std::size_t end = std::min(declarations.find(';'), declarations.size());
    const std::string_view declaration = declarations.substr(0, end);
    declarations.remove_prefix(std::min(end + 1, declarations.size()));
    const std::size_t colon = declaration.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view written = trim(declaration.substr(0, colon));
    if (written.size() > kLongestName || !may_be_read(written)) continue;
    const std::string name = to_ascii_lower(written);
    const std::string value = to_ascii_lower(without_important(declaration.substr(colon + 1)));
    apply_declaration(name, value, style, block);
  }
  if ((block.clips && block.collapsed) || (block.taken_out && block.shifted)) style.concealed = true;
}

}  // namespace coldpitch
