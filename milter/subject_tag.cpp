// SPDX-License-Identifier: MIT
#include "milter/subject_tag.h"

#include <algorithm>

#include "milter/encoded_words.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kColumns = 77;
constexpr std::string_view kFieldName = "Subject: ";
constexpr std::size_t kMaxPrefixLetters = 5;
constexpr int kMaxPrefixes = 8;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char octet) { return octet >= ' ' && octet < '\x7F'; });
}

/// `subject` behind one "Re:", "AW:", "Fwd[2]:" ..., or nullopt.
std::optional<std::string_view> behind_prefix(std::string_view subject) {
  std::size_t at = 0;
  while (at < subject.size() && at < kMaxPrefixLetters && is_ascii_alpha(subject[at])) ++at;
  if (at == 0) return std::nullopt;
  if (at < subject.size() && subject[at] == '[') {
    while (++at < subject.size() && is_ascii_digit(subject[at])) continue;
    if (at == subject.size() || subject[at++] != ']') return std::nullopt;
  }
  if (at == subject.size() || subject[at] != ':') return std::nullopt;
  return trim(subject.substr(at + 1));
}

bool bears(std::string_view decoded, std::string_view bare_tag) {
  std::string_view rest = trim(decoded);
  for (int i = 0; i <= kMaxPrefixes; ++i) {
    if (starts_with_ignoring_case(rest, bare_tag)) return true;
    const std::optional<std::string_view> behind = behind_prefix(rest);
    if (!behind) return false;
    rest = *behind;
  }
  return false;
}

/// `tag` in front of `subject`, which may be empty, as it is written in the field.
std::string written(std::string_view tag, std::string_view subject) {
  const std::string_view bare = trim(tag);
  if (is_ascii(bare)) return std::string(bare);
  // The blank between two encoded-words is not shown: the tag has to bring its own.
  return encode_words(std::string(bare) + (subject.starts_with("=?") ? " " : ""));
}

}  // namespace

std::optional<std::string> tagged_subject(std::string_view tag, std::string_view raw,
                                          std::string_view decoded) {
  if (bears(decoded, trim(tag))) return std::nullopt;
  const std::string_view subject = trim(raw);
  std::string body = written(tag, subject);
  if (subject.empty()) return body;
  const std::size_t last_line =
      body.size() - (body.rfind('\n') == std::string::npos ? 0 : body.rfind('\n') + 1);
  const std::size_t first_line = std::min(subject.find('\n'), subject.size());
  const bool fits = kFieldName.size() + last_line + 1 + first_line <= kColumns;
  body += fits ? " " : "\n ";
  for (const char octet : subject) {
    if (octet != '\r') body += octet;
  }
  return body;
}

std::string tag_alone(std::string_view tag) { return written(tag, {}); }

}  // namespace coldpitch
