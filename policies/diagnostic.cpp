// SPDX-License-Identifier: MIT
#include "policies/diagnostic.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kColumns = 160;
constexpr std::string_view kCut = "...";

/// Octets of the UTF-8 sequence that starts with `lead`, which must be well formed.
std::size_t sequence_size(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  if (octet < 0x80) return 1;
  if (octet < 0xE0) return 2;
  return octet < 0xF0 ? 3 : 4;
}

/// Characters that show nothing or move the cursor: controls, line separators, bidi controls, zero-width ones.
bool is_unprintable(std::string_view character) {
  const auto octet = [&](std::size_t index) { return static_cast<unsigned char>(character[index]); };
  if (character.size() == 1) return octet(0) < 0x20 || octet(0) == 0x7F;
  if (character.size() == 2) return octet(0) == 0xC2 && octet(1) < 0xA0;
  if (character.size() != 3) return false;
  if (octet(0) == 0xEF) return octet(1) == 0xBB && octet(2) == 0xBF;
  if (octet(0) != 0xE2) return false;
  if (octet(1) == 0x80)
    return (octet(2) >= 0x8B && octet(2) <= 0x8F) || (octet(2) >= 0xA8 && octet(2) <= 0xAE);
  return octet(1) == 0x81 && octet(2) >= 0xA0 && octet(2) <= 0xAF;
}

/// The characters of `text` as they may be shown, a column each.
std::vector<std::string> shown_characters(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  const std::string_view view = valid;
  std::vector<std::string> characters;
  characters.reserve(view.size());
  for (std::size_t at = 0; at < view.size();) {
    const std::string_view character = view.substr(at, sequence_size(view[at]));
    at += character.size();
    if (character == "\t") {
      characters.emplace_back(" ");
    } else if (is_unprintable(character) || character == "\xEF\xBF\xBD") {
      characters.emplace_back("?");
    } else {
      characters.emplace_back(character);
    }
  }
  return characters;
}

std::string shown(std::string_view text) {
  std::string result;
  for (const std::string& character : shown_characters(text)) result += character;
  return result;
}

/// The source line and, below it, the caret; at most kColumns of it.
std::string excerpt(std::string_view line, std::size_t column) {
  const std::size_t caret_octet = std::min(column == 0 ? 0 : column - 1, line.size());
  std::vector<std::string> characters = shown_characters(line.substr(0, caret_octet));
  std::size_t caret = characters.size();
  for (std::string& character : shown_characters(line.substr(caret_octet))) {
    characters.push_back(std::move(character));
  }
  std::size_t begin = 0;
  if (characters.size() > kColumns) {
    begin = caret > kColumns / 2 ? std::min(caret - kColumns / 2, characters.size() - kColumns) : 0;
  }
  const std::size_t end = std::min(characters.size(), begin + kColumns);
  const std::size_t keep_begin = begin == 0 ? 0 : begin + kCut.size();
  const std::size_t keep_end = end == characters.size() ? end : end - kCut.size();
  std::string text = "    ";
  if (keep_begin != begin) text += kCut;
  for (std::size_t at = keep_begin; at < keep_end; ++at) text += characters[at];
  if (keep_end != end) text += kCut;
  return text + "\n    " + std::string(caret - begin, ' ') + "^";
}

/// Edit distance in which two swapped neighbours count once; `limit` + 1 for anything further.
/// Both words are short: the caller has dropped those whose lengths are too far apart.
std::size_t edit_distance(std::string_view left, std::string_view right, std::size_t limit) {
  std::array<std::vector<std::size_t>, 3> rows;
  for (auto& row : rows) row.resize(right.size() + 1);
  for (std::size_t column = 0; column <= right.size(); ++column) rows[0][column] = column;
  for (std::size_t line = 1; line <= left.size(); ++line) {
    const auto& before = rows[(line - 1) % 3];
    auto& now = rows[line % 3];
    now[0] = line;
    for (std::size_t column = 1; column <= right.size(); ++column) {
      const std::size_t change = left[line - 1] == right[column - 1] ? 0 : 1;
      now[column] = std::min({before[column] + 1, now[column - 1] + 1, before[column - 1] + change});
      const bool swapped = line > 1 && column > 1 && left[line - 1] == right[column - 2] &&
                           left[line - 2] == right[column - 1];
      if (swapped) now[column] = std::min(now[column], rows[(line - 2) % 3][column - 2] + 1);
    }
  }
  return std::min(rows[left.size() % 3][right.size()], limit + 1);
}

std::string_view name_of(Diagnostic::Severity severity) {
  switch (severity) {
    case Diagnostic::Severity::error:
      return "error";
    case Diagnostic::Severity::warning:
      return "warning";
  }
  return "error";
}

auto place_of(const Diagnostic& diagnostic) {
  const SourceLocation& location = diagnostic.location;
  return std::tie(location.file, location.line, location.column);
}

}  // namespace

std::string format(const Diagnostic& diagnostic) {
  const SourceLocation& location = diagnostic.location;
  std::string text = shown(location.file);
  if (location.line != 0) {
    text += ":" + std::to_string(location.line);
    if (location.column != 0) text += ":" + std::to_string(location.column);
  }
  text.append(": ").append(name_of(diagnostic.severity)).append(": ").append(shown(diagnostic.message));
  if (!diagnostic.line.empty()) text += "\n" + excerpt(diagnostic.line, location.column);
  return text;
}

std::string format(const std::vector<Diagnostic>& diagnostics) {
  std::vector<const Diagnostic*> ordered;
  ordered.reserve(diagnostics.size());
  for (const Diagnostic& diagnostic : diagnostics) ordered.push_back(&diagnostic);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Diagnostic* left, const Diagnostic* right) {
    return place_of(*left) < place_of(*right);
  });
  std::string text;
  for (const Diagnostic* diagnostic : ordered) text += format(*diagnostic) + "\n";
  return text;
}

bool has_errors(const std::vector<Diagnostic>& diagnostics) {
  return std::any_of(diagnostics.begin(), diagnostics.end(), [](const Diagnostic& diagnostic) {
    return diagnostic.severity == Diagnostic::Severity::error;
  });
}

std::string_view did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  const std::string lower_word = to_ascii_lower(word);
  std::string_view nearest;
  std::size_t least = limit + 1;
  for (const std::string_view candidate : candidates) {
    const auto [shorter, longer] = std::minmax({word.size(), candidate.size()});
    if (candidate.empty() || longer - shorter > limit) continue;
    const std::size_t distance = edit_distance(lower_word, to_ascii_lower(candidate), limit);
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view nearest = did_you_mean(word, candidates);
  if (nearest.empty()) return "";
  return " (did you mean '" + std::string(nearest) + "'?)";
}

std::string quote(std::string_view text, std::size_t columns) {
  // A character has at most four octets: what lies beyond cannot be shown, and may be megabytes.
  const std::vector<std::string> characters = shown_characters(text.substr(0, 4 * columns + 4));
  std::string result = "'";
  const std::size_t kept =
      characters.size() > columns && columns > kCut.size() ? columns - kCut.size() : characters.size();
  for (std::size_t at = 0; at < kept; ++at) result += characters[at];
  if (kept != characters.size()) result += kCut;
  return result + "'";
}

}  // namespace coldpitch
