// SPDX-License-Identifier: MIT
#include "parsers/linkedin_knowledge.h"

#include <algorithm>
#include <numeric>

#include "parsers/text.h"

namespace coldpitch {
namespace {

struct Replacement {
  std::string_view octets;
  std::string_view by;
};

/// Of more than one octet. Invisible ones become nothing.
constexpr std::array kReplacements = std::to_array<Replacement>({
    {"\xC2\xA0", " "},      // no-break space
    {"\xC2\xAD", ""},       // soft hyphen
    {"\xCD\x8F", ""},       // combining grapheme joiner, as in preheaders
    {"\xE2\x80\x8B", ""},   // zero width space
    {"\xE2\x80\x8C", ""},   // zero width non-joiner
    {"\xE2\x80\x8D", ""},   // zero width joiner
    {"\xE2\x80\x98", "'"},  // quotation marks
    {"\xE2\x80\x99", "'"},  //
    {"\xE2\x80\xAF", " "},  // narrow no-break space
    {"\xEF\xBB\xBF", ""},   // byte order mark
});

const Replacement* replacement_at(std::string_view rest) {
  if (rest.front() != '\xC2' && rest.front() != '\xCD' && rest.front() != '\xE2' && rest.front() != '\xEF')
    return nullptr;
  for (const Replacement& one : kReplacements) {
    if (rest.substr(0, one.octets.size()) == one.octets) return &one;
  }
  return nullptr;
}

std::size_t index_of(char octet) { return static_cast<unsigned char>(octet); }

}  // namespace

std::string comparable_phrase(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  bool blank_due = false;
  const auto put = [&](char octet) {
    if (is_ascii_space(octet)) {
      blank_due = !out.empty();
      return;
    }
    if (blank_due) out += ' ';
    blank_due = false;
    out += ascii_lower(octet);
  };
  for (std::size_t at = 0; at < utf8.size();) {
    const Replacement* replacement = replacement_at(utf8.substr(at));
    if (replacement == nullptr) {
      put(utf8[at++]);
      continue;
    }
    for (const char octet : replacement->by) put(octet);
    at += replacement->octets.size();
  }
  return out;
}

LinePhrases::LinePhrases(const std::vector<std::string>& phrases) : written_(phrases) {
  phrases_.reserve(phrases.size());
  for (const std::string& phrase : phrases) {
    std::string comparable = comparable_phrase(phrase);
    if (!comparable.empty()) phrases_.push_back(std::move(comparable));
  }
  std::sort(phrases_.begin(), phrases_.end(), [](const std::string& a, const std::string& b) {
    return index_of(a.front()) != index_of(b.front()) ? index_of(a.front()) < index_of(b.front()) : a < b;
  });
  for (const std::string& phrase : phrases_) ++first_[index_of(phrase.front()) + 1];
  std::partial_sum(first_.begin(), first_.end(), first_.begin());
}

std::optional<std::size_t> LinePhrases::find_start(std::string_view comparable) const {
  if (comparable.empty()) return std::nullopt;
  // From the back: of two phrases of which one begins the other, the longer stands behind.
  for (std::size_t at = first_[index_of(comparable.front()) + 1];
       at-- > first_[index_of(comparable.front())];) {
    if (comparable.substr(0, phrases_[at].size()) == phrases_[at]) return at;
  }
  return std::nullopt;
}

std::optional<std::size_t> LinePhrases::at_start_of(std::string_view line) const {
  if (line.empty() || phrases_.empty()) return std::nullopt;
  return find_start(comparable_phrase(line.substr(0, kLineOctets)));
}

bool LinePhrases::is_whole(std::string_view line) const {
  if (line.size() > kLineOctets) return false;
  const std::string comparable = comparable_phrase(line);
  const std::optional<std::size_t> found = find_start(comparable);
  return found && comparable.size() <= phrases_[*found].size() + 1;
}

std::size_t LinePhrases::last_in(std::string_view text) const {
  std::size_t last = std::string_view::npos;
  for (const std::string& phrase : written_) {
    const std::size_t at = text.rfind(phrase);
    if (at != std::string_view::npos && (last == std::string_view::npos || at > last)) last = at;
  }
  return last;
}

LinkedInKnowledge::Role LinkedInKnowledge::role_of(std::string_view module) const {
  const auto found = std::find_if(modules.begin(), modules.end(),
                                  [&](const Module& one) { return equals_ignoring_case(one.name, module); });
  return found == modules.end() ? Role::unknown : found->role;
}

}  // namespace coldpitch
