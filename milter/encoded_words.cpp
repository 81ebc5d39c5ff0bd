// SPDX-License-Identifier: MIT
#include "milter/encoded_words.h"

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::string_view kOpening = "=?utf-8?q?";
constexpr std::string_view kClosing = "?=";
constexpr std::size_t kMaxWord = 75;

/// Octets of the UTF-8 character that begins with `lead`; `lead` is well-formed.
std::size_t character_octets(char lead) {
  const auto octet = static_cast<unsigned char>(lead);
  if (octet < 0x80) return 1;
  if (octet < 0xE0) return 2;
  return octet < 0xF0 ? 3 : 4;
}

/// Only letters and digits stand for themselves, so that the word is right in any field (§5, rule 3).
std::string encoded(std::string_view character) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char octet : character) {
    const auto value = static_cast<unsigned char>(octet);
    if (is_ascii_alnum(octet)) {
      out += octet;
    } else if (octet == ' ') {
      out += '_';
    } else {
      out += '=';
      out += kHex[value >> 4U];
      out += kHex[value & 0x0FU];
    }
  }
  return out;
}

}  // namespace

std::string encode_words(std::string_view text) {
  const std::string valid = to_valid_utf8(text);
  const std::string_view rest = valid;
  std::string words;
  std::string word;
  const auto close = [&] {
    if (word.empty()) return;
    words += (words.empty() ? "" : "\n ") + std::string(kOpening) + word + std::string(kClosing);
    word.clear();
  };
  for (std::size_t at = 0; at < rest.size();) {
    const std::string_view character = rest.substr(at, character_octets(rest[at]));
    const std::string more = encoded(character);
    if (kOpening.size() + word.size() + more.size() + kClosing.size() > kMaxWord) close();
    word += more;
    at += character.size();
  }
  close();
  return words;
}

}  // namespace coldpitch
