// SPDX-License-Identifier: MIT
#include "parsers/encoded_word_scan.h"

#include <algorithm>

#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Charset and language together; nothing registered comes near.
constexpr std::size_t kMaxCharsetOctets = 80;

/// Octets of the charset (with language) at the front of `text`, when a "?" ends it; else 0.
std::size_t charset_size(std::string_view text) {
  const std::string_view head = text.substr(0, kMaxCharsetOctets + 1);
  const auto end = std::find_if(head.begin(), head.end(), [](char octet) {
    return octet <= ' ' || octet == '\x7F' || octet == '?' || octet == '"' || octet == '<';
  });
  return end != head.end() && *end == '?' ? static_cast<std::size_t>(end - head.begin()) : 0;
}

}  // namespace

bool EncodedWordScanner::resembles_word(std::size_t at) const {
  return at < body_.size() && body_.substr(at, 2) == "=?" && charset_size(body_.substr(at + 2)) > 0;
}

std::optional<EncodedWordParts> EncodedWordScanner::word_at(std::size_t at) {
  if (!resembles_word(at)) return std::nullopt;
  EncodedWordParts word;
  word.charset = body_.substr(at + 2, charset_size(body_.substr(at + 2)));
  const std::size_t encoding = at + 2 + word.charset.size() + 1;
  if (encoding + 1 >= body_.size() || body_[encoding + 1] != '?') return std::nullopt;
  word.encoding = ascii_lower(body_[encoding]);
  if (word.encoding != 'b' && word.encoding != 'q') return std::nullopt;

  const std::size_t text = encoding + 2;
  const std::size_t closing = find_closing(text);
  if (closing == std::string_view::npos) return std::nullopt;
  word.text = body_.substr(text, closing - text);
  if (word.text.find("=?") != std::string_view::npos) return std::nullopt;
  word.charset = word.charset.substr(0, word.charset.find('*'));
  word.octets = closing + 2 - at;
  return word;
}

std::size_t EncodedWordScanner::find_closing(std::size_t from) {
  if (closing_ < from) closing_ = body_.find("?=", from);
  return closing_;
}

}  // namespace coldpitch
