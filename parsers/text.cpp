// SPDX-License-Identifier: MIT
#include "parsers/text.h"

#include <algorithm>
#include <cstdint>

#include "parsers/utf8.h"

namespace coldpitch {
namespace {

void append_hex(std::string& out, char octet) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const auto value = static_cast<std::uint8_t>(octet);
  out += "\\x";
  out += kDigits[value >> 4U];
  out += kDigits[value & 0xFU];
}

/// Controls, line and paragraph separators, bidi and zero-width characters: they change what a terminal shows.
bool is_treacherous(std::string_view sequence) {
  if (sequence.size() == 1) return static_cast<std::uint8_t>(sequence[0]) < 0x20 || sequence[0] == '\x7F';
  if (sequence.size() == 2) {
    return (sequence[0] == '\xC2' && static_cast<std::uint8_t>(sequence[1]) < 0xA0) || sequence == "\xD8\x9C";
  }
  if (sequence.size() != 3) return false;
  if (sequence.substr(0, 2) == "\xE2\x80") {
    const auto last = static_cast<std::uint8_t>(sequence[2]);
    return (last >= 0x8B && last <= 0x8F) || (last >= 0xA8 && last <= 0xAE);
  }
  if (sequence.substr(0, 2) == "\xE2\x81") {
    const auto last = static_cast<std::uint8_t>(sequence[2]);
    return last >= 0xA6 && last <= 0xA9;
  }
  return sequence == "\xEF\xBB\xBF";
}

}  // namespace

std::string to_ascii_lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), ascii_lower);
  return lower;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return left.size() == right.size() && starts_with_ignoring_case(left, right);
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  return std::equal(prefix.begin(), prefix.end(), text.begin(),
                    [](char a, char b) { return ascii_lower(a) == ascii_lower(b); });
}

bool ends_with_ignoring_case(std::string_view text, std::string_view suffix) {
  return text.size() >= suffix.size() &&
         equals_ignoring_case(text.substr(text.size() - suffix.size()), suffix);
}

std::size_t find_ignoring_case(std::string_view text, std::string_view needle, std::size_t from) {
  if (from > text.size()) return std::string_view::npos;
  if (needle.empty()) return from;
  const char lower = ascii_lower(needle.front());
  const char upper = is_ascii_alpha(lower) ? static_cast<char>(lower - 'a' + 'A') : lower;
  std::size_t next_lower = text.find(lower, from);
  std::size_t next_upper = text.find(upper, from);
  while (std::min(next_lower, next_upper) != std::string_view::npos) {
    const std::size_t at = std::min(next_lower, next_upper);
    if (starts_with_ignoring_case(text.substr(at), needle)) return at;
    if (next_lower == at) next_lower = text.find(lower, at + 1);
    if (next_upper == at) next_upper = text.find(upper, at + 1);
  }
  return std::string_view::npos;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (;;) {
    const std::size_t at = text.find(separator);
    pieces.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return pieces;
    text.remove_prefix(at + 1);
  }
}

bool is_valid_utf8(std::string_view text) {
  for (std::size_t at = find_non_ascii(text, 0); at < text.size(); at = find_non_ascii(text, at)) {
    const Utf8Sequence sequence = utf8_sequence(text, at);
    if (!sequence.well_formed) return false;
    at += sequence.octets;
  }
  return true;
}

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  std::size_t kept = 0;
  for (std::size_t at = find_non_ascii(text, 0); at < text.size(); at = find_non_ascii(text, at)) {
    const Utf8Sequence sequence = utf8_sequence(text, at);
    if (!sequence.well_formed) {
      valid += text.substr(kept, at - kept);
      append_utf8(kReplacementCharacter, valid);
      kept = at + sequence.octets;
    }
    at += sequence.octets;
  }
  valid += text.substr(kept);
  return valid;
}

std::string_view utf8_prefix(std::string_view text, std::size_t octets) {
  if (text.size() <= octets) return text;
  std::size_t end = octets;
  while (end > 0 && octets - end < 3 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string printable(std::string_view text, std::size_t octets) {
  const std::string_view shown = utf8_prefix(text, octets);
  std::string out;
  out.reserve(shown.size());
  for (std::size_t at = 0; at < shown.size();) {
    const Utf8Sequence sequence = utf8_sequence(shown, at);
    const std::string_view piece = shown.substr(at, sequence.octets);
    if (piece == "\n") {
      out += "\\n";
    } else if (piece == "\t") {
      out += "\\t";
    } else if (piece == "\\") {
      out += "\\\\";
    } else if (!sequence.well_formed || is_treacherous(piece)) {
      for (const char octet : piece) append_hex(out, octet);
    } else {
      out += piece;
    }
    at += piece.size();
  }
  if (shown.size() < text.size()) out += "...";
  return out;
}

bool is_domain_or_below(std::string_view domain, std::string_view parent) {
  if (parent.empty() || domain.size() < parent.size()) return false;
  if (domain.substr(domain.size() - parent.size()) != parent) return false;
  return domain.size() == parent.size() || domain[domain.size() - parent.size() - 1] == '.';
}

}  // namespace coldpitch
