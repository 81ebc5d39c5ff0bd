// SPDX-License-Identifier: MIT
#include "policies/exact_texts.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "parsers/text.h"
#include "policies/expression_cursor.h"
#include "policies/word_border.h"

namespace coldpitch {
namespace {

/// Of a class of characters.
constexpr std::size_t kMostMembers = 12;
/// Stands in a text for "\b"; no expression holds it.
constexpr char kBorder = '\x01';

using Texts = std::vector<std::string>;

/// Reads by recursive descent; gives up at the first thing that is no list of texts.
class Reader : private ExpressionCursor {
 public:
  explicit Reader(std::string_view expression) : ExpressionCursor(expression) {}

  /// In order of preference; none where it is no list.
  Texts read() {
    Texts texts = read_alternatives(0);
    return is_known_ && at_ == expression_.size() ? std::move(texts) : Texts{};
  }

 private:
  Texts unknown() {
    give_up();
    return {};
  }

  Texts bounded(Texts texts) { return texts.size() > kMostExactTexts ? unknown() : std::move(texts); }

  Texts read_alternatives(std::size_t depth) {
    Texts all = read_sequence(depth);
    while (is_known_ && peek() == '|') {
      ++at_;
      Texts next = read_sequence(depth);
      std::move(next.begin(), next.end(), std::back_inserter(all));
      all = bounded(std::move(all));
    }
    return all;
  }

  /// RE2 tries all that follows a part's first choice before its second.
  Texts read_sequence(std::size_t depth) {
    Texts running{""};
    while (is_known_ && !at_end_of_sequence()) {
      const Texts part = read_repeated(depth);
      if (running.size() * part.size() > kMostExactTexts) return unknown();
      Texts longer;
      longer.reserve(running.size() * part.size());
      for (const std::string& before : running) {
        for (const std::string& behind : part) longer.push_back(before + behind);
      }
      running = std::move(longer);
    }
    return running;
  }

  Texts read_repeated(std::size_t depth) {
    Texts part = read_part(depth);
    if (peek() == '?') {
      ++at_;
      part.emplace_back();
    }
    return std::string_view("?*+{").find(peek()) != std::string_view::npos && !at_end() ? unknown()
                                                                                        : std::move(part);
  }

  Texts read_part(std::size_t depth) {
    constexpr std::string_view kMore = "^$.{?*+";
    if (kMore.find(peek()) != std::string_view::npos) return unknown();
    switch (peek()) {
      case '(':
        return read_group(depth);
      case '[':
        return read_class();
      case '\\':
        return read_escape();
      default:
        return {std::string(take_character())};
    }
  }

  Texts read_group(std::size_t depth) {
    const bool has_name = at("(?") && !at("(?:");
    if (has_name || !enter_group(depth)) return unknown();
    Texts group = read_alternatives(depth + 1);
    return leave_group() ? std::move(group) : unknown();
  }

  /// Members, and ranges of ASCII letters or digits.
  Texts read_class() {
    ++at_;
    Texts members;
    while (!at_end() && peek() != ']') {
      const bool is_plain = std::string_view("^[-").find(peek()) == std::string_view::npos;
      std::optional<std::string> member = is_plain ? read_member() : std::nullopt;
      if (!member) return unknown();
      if (peek() == '-' && peek(1) != ']') {
        ++at_;
        const std::optional<std::string> last = read_member();
        if (!last || !add_range(*member, *last, members)) return unknown();
      } else {
        members.push_back(std::move(*member));
      }
      if (members.size() > kMostMembers) return unknown();
      if (at("-]")) members.emplace_back(take_character());
    }
    if (at_end() || members.empty()) return unknown();
    ++at_;
    return members;
  }

  std::optional<std::string> read_member() {
    if (at_end()) return std::nullopt;
    if (peek() != '\\') return std::string(take_character());
    Texts escaped = read_escape();
    if (escaped.empty() || escaped.front().front() == kBorder) return std::nullopt;
    return std::move(escaped.front());
  }

  static bool add_range(const std::string& first, const std::string& last, Texts& members) {
    if (first.size() != 1 || last.size() != 1 || first > last) return false;
    if (!is_ascii_alnum(first[0]) || !is_ascii_alnum(last[0])) return false;
    for (int octet = first[0]; octet <= last[0] && members.size() <= kMostMembers; ++octet)
      members.emplace_back(1, static_cast<char>(octet));
    return true;
  }

  Texts read_escape() {
    const char kind = peek(1);
    at_ = std::min(at_ + 2, expression_.size());
    if (kind == 'b') return {{kBorder}};
    const bool is_literal = kind > ' ' && kind < '\x7F' && !is_word_octet(kind);
    return is_literal ? Texts{{kind}} : unknown();
  }
};

/// Nothing for a text that can stand nowhere: a border between two letters, or between two that are none.
std::optional<AtomFinder::Atom> atom_of(const std::string& text) {
  AtomFinder::Atom atom;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != kBorder) {
      atom.text += text[at];
      continue;
    }
    const std::size_t next = text.find_first_not_of(kBorder, at);
    if (atom.text.empty()) {
      atom.border_before = true;
    } else if (next == std::string::npos) {
      atom.border_behind = true;
    } else if (is_word_octet(atom.text.back()) == is_word_octet(text[next])) {
      return std::nullopt;
    }
  }
  return atom;
}

}  // namespace

std::vector<AtomFinder::Atom> exact_texts(std::string_view expression) {
  if (!is_valid_utf8(expression)) return {};
  std::vector<AtomFinder::Atom> atoms;
  std::set<AtomFinder::Atom> known;
  for (const std::string& text : Reader(expression).read()) {
    std::optional<AtomFinder::Atom> atom = atom_of(text);
    if (!atom) continue;
    if (atom->text.size() < AtomFinder::kMinOctets) return {};
    if (known.insert(*atom).second) atoms.push_back(std::move(*atom));
  }
  return atoms;
}

}  // namespace coldpitch
