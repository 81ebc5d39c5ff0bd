// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstddef>
#include <vector>

#include "parsers/html_style.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxNames = 1000;
constexpr std::size_t kMaxSelectorOctets = 1000;

bool is_name_octet(char c) { return is_ascii_alnum(c) || c == '-' || c == '_'; }

std::string without_comments(std::string_view css) {
  std::string out;
  out.reserve(css.size());
  for (std::size_t at = 0; at < css.size();) {
    const std::size_t open = std::min(css.find("/*", at), css.size());
    out.append(css.substr(at, open - at));
    const std::size_t close = open < css.size() ? css.find("*/", open + 2) : std::string_view::npos;
    at = close == std::string_view::npos ? css.size() : close + 2;
  }
  return out;
}

/// Style sheets may stand in "<!--" and "-->", which CSS skips.
std::string_view without_comment_marks(std::string_view prelude) {
  for (;;) {
    prelude = trim(prelude);
    if (prelude.starts_with("<!--")) {
      prelude.remove_prefix(4);
    } else if (prelude.starts_with("-->")) {
      prelude.remove_prefix(3);
    } else {
      return prelude;
    }
  }
}

/// The class of a selector that is nothing but one class, with or without an element name; else "".
std::string_view sole_class(std::string_view selector) {
  const std::size_t dot = selector.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view name = selector.substr(dot + 1);
  const bool simple =
      std::all_of(selector.begin(), selector.begin() + static_cast<std::ptrdiff_t>(dot), is_ascii_alnum) &&
      std::all_of(name.begin(), name.end(), is_name_octet);
  return simple ? name : std::string_view{};
}

/// The names in a selector with their "." or "#".
std::vector<std::string_view> selector_names(std::string_view selector) {
  std::vector<std::string_view> names;
  for (std::size_t at = 0; at < selector.size();) {
    const std::size_t begin = at++;
    if (!is_name_octet(selector[begin]) && selector[begin] != '.' && selector[begin] != '#') continue;
    while (at < selector.size() && is_name_octet(selector[at])) ++at;
    names.push_back(selector.substr(begin, at - begin));
  }
  return names;
}

template <class Action>
void for_each_word(std::string_view words, const Action& action) {
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t begin = at;
    while (at < words.size() && !is_ascii_space(words[at])) ++at;
    if (at > begin) action(words.substr(begin, at - begin));
    ++at;
  }
}

}  // namespace

HtmlStyleSheet::HtmlStyleSheet(std::string_view css) {
  const std::string plain = without_comments(css);
  const std::string_view text = plain;
  std::size_t conditions = 0;  // @media blocks round this place
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find_first_of("{};", at);
    if (end == std::string_view::npos) return;
    const std::string_view prelude = without_comment_marks(text.substr(at, end - at));
    at = end + 1;
    if (text[end] == '}' && conditions > 0) --conditions;
    if (text[end] != '{') continue;
    if (prelude.starts_with('@')) {
      ++conditions;
      continue;
    }
    const std::size_t close = std::min(text.find('}', at), text.size());
    read_rule(prelude, text.substr(at, close - at), conditions > 0);
    at = close + 1;
  }
}

void HtmlStyleSheet::read_rule(std::string_view selectors, std::string_view declarations, bool conditional) {
  HtmlStyle style;
  style.background = std::nullopt;
  apply_declarations(declarations, style);
  const bool paints = find_ignoring_case(declarations, "background") != std::string_view::npos;
  const bool hides = style.concealed || style.invisible;
  const bool shows = !hides && find_ignoring_case(declarations, "display") != std::string_view::npos;
  if (!paints && !hides && !shows) return;
  for (std::string_view rest = selectors; !rest.empty();) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view selector = trim(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    if (selector.size() > kMaxSelectorOctets) continue;
    const std::string_view name = sole_class(selector);
    if (hides && !conditional && !name.empty() && hidden_.size() < kMaxNames) hidden_.emplace(name);
    if (paints) note_background(selector, conditional ? std::nullopt : style.background);
    if (!shows) continue;
    for (const std::string_view part : selector_names(selector)) {
      if (part.starts_with('.') && shown_.size() < kMaxNames) shown_.emplace(part.substr(1));
    }
  }
}

void HtmlStyleSheet::note_background(std::string_view selector, std::optional<HtmlColour> colour) {
  const auto names = selector_names(selector);
  for (const std::string_view name : names) {
    if (backgrounds_.size() >= kMaxNames) return;
    const bool alone = names.size() == 1 && name.size() == selector.size();
    const auto [known, added] = backgrounds_.emplace(name, alone ? colour : std::nullopt);
    if (!added && (!alone || known->second != colour)) known->second = std::nullopt;
  }
}

void HtmlStyleSheet::apply(std::string_view element, std::string_view class_names, std::string_view id,
                           HtmlStyle& style) const {
  const auto paint = [&](const std::string& name) {
    const auto known = backgrounds_.find(name);
    if (known != backgrounds_.end()) style.background = known->second;
  };
  if (!backgrounds_.empty()) {
    paint(std::string(element));
    for_each_word(class_names, [&](std::string_view name) { paint("." + std::string(name)); });
    if (!id.empty()) paint("#" + std::string(id));
  }
  if (hidden_.empty()) return;
  for_each_word(class_names, [&](std::string_view name) {
    if (hidden_.contains(name) && !shown_.contains(name)) style.concealed = true;
  });
}

}  // namespace coldpitch
