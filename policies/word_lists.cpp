// SPDX-License-Identifier: MIT
#include "policies/word_lists.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "parsers/fold.h"
#include "parsers/text.h"
#include "parsers/url_host.h"
#include "policies/diagnostic.h"

namespace coldpitch {
namespace {

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};
template <class Value>
using ByText = std::unordered_map<std::string, Value, TextHash, std::equal_to<>>;

bool is_word_octet(char octet) { return is_ascii_alnum(octet) || static_cast<unsigned char>(octet) >= 0x80; }
bool is_host_octet(char octet) { return is_word_octet(octet) || octet == '-' || octet == '.'; }

/// The stretches of `text` all of whose octets are `belonging`.
template <class Belongs>
std::vector<Span> stretches(std::string_view text, Belongs belonging) {
  std::vector<Span> found;
  for (std::size_t at = 0; at < text.size();) {
    if (!belonging(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && belonging(text[at])) ++at;
    found.push_back({begin, at});
  }
  return found;
}

std::string_view piece(std::string_view text, Span span) { return text.substr(span.begin, span.size()); }

/// The words of an entry, one blank between them.
std::string joined_words(std::string_view entry) {
  const std::string folded = fold_text(entry).text;
  std::string joined;
  for (const Span span : stretches(folded, is_word_octet)) {
    if (!joined.empty()) joined += ' ';
    joined += piece(folded, span);
  }
  return joined;
}

std::string host_of(std::string_view entry) {
  if (entry.starts_with('@')) entry.remove_prefix(1);
  return read_host(entry).value_or("");
}

}  // namespace

std::string list_entry_fault(WordList::Kind kind, std::string_view entry) {
  if (kind == WordList::Kind::words) {
    return joined_words(entry).empty() ? quote(entry) + " holds no word" : "";
  }
  const std::string host = host_of(entry);
  const bool is_domain = host.find('.') != std::string::npos && !is_ip_address(host);
  return is_domain ? "" : quote(entry) + " is no domain (write shop.example)";
}

/// What is looked for in one field.
struct ListFinder::Index {
  using Uses = std::vector<std::size_t>;  ///< indices of the uses an entry belongs to

  /// Entries that begin with the same word.
  struct Phrases {
    std::size_t longest = 0;  ///< words of the longest
  };
  ByText<Phrases> by_first_word;
  ByText<Uses> phrases;  ///< by their words, one blank between them
  ByText<Uses> domains;

  void add(const Use& use) {
    for (const std::string& entry : use.list->entries) {
      if (use.list->kind == WordList::Kind::domains) {
        domains[host_of(entry)].push_back(use.index);
        continue;
      }
      const std::string words = joined_words(entry);
      const auto count = static_cast<std::size_t>(std::count(words.begin(), words.end(), ' ')) + 1;
      Phrases& first = by_first_word[words.substr(0, words.find(' '))];
      first.longest = std::max(first.longest, count);
      phrases[words].push_back(use.index);
    }
  }

  template <class Tell>
  void find_phrases(std::string_view text, Tell tell) const {
    if (phrases.empty()) return;
    const std::vector<Span> words = stretches(text, is_word_octet);
    for (std::size_t first = 0; first < words.size(); ++first) {
      const auto known = by_first_word.find(piece(text, words[first]));
      if (known == by_first_word.end()) continue;
      std::string phrase;
      const std::size_t end = std::min(words.size(), first + known->second.longest);
      for (std::size_t last = first; last < end; ++last) {
        if (last > first) phrase += ' ';
        phrase += piece(text, words[last]);
        const auto uses = phrases.find(phrase);
        if (uses != phrases.end()) tell(uses->second, Span{words[first].begin, words[last].end});
      }
    }
  }

  template <class Tell>
  void find_domains(std::string_view text, Tell tell) const {
    if (domains.empty()) return;
    std::size_t blank = 0;  // where a path ends
    for (const Span span : stretches(text, is_host_octet)) {
      const bool in_path = span.begin < blank;
      const char next = span.end < text.size() ? text[span.end] : ' ';
      if (in_path || next == '@') continue;
      if (next == '/') blank = std::min(text.find(' ', span.end), text.size());
      find_domain(text, span, tell);
    }
  }

  template <class Tell>
  void find_domain(std::string_view text, Span span, Tell tell) const {
    while (span.size() > 0 && text[span.end - 1] == '.') --span.end;
    std::string_view host = piece(text, span);
    std::string converted;
    const auto is_beyond_ascii = [](char octet) { return static_cast<unsigned char>(octet) >= 0x80; };
    if (std::any_of(host.begin(), host.end(), is_beyond_ascii)) {
      converted = read_host(host).value_or("");
      host = converted;
    }
    for (;;) {
      const auto uses = domains.find(host);
      if (uses != domains.end()) tell(uses->second, span);
      const std::size_t dot = host.find('.');
      if (dot == std::string_view::npos) return;
      host.remove_prefix(dot + 1);
    }
  }
};

ListFinder::ListFinder(const std::vector<Use>& uses) {
  std::map<std::string, std::unique_ptr<Index>, std::less<>> made;
  for (const Use& use : uses) {
    std::unique_ptr<Index>& index = made[use.field];
    if (index == nullptr) index = std::make_unique<Index>();
    index->add(use);
  }
  for (auto& [field, index] : made) by_field_.emplace(field, std::move(index));
}

ListFinder::~ListFinder() = default;

bool ListFinder::looks_in(std::string_view field) const { return by_field_.find(field) != by_field_.end(); }

std::vector<std::string> ListFinder::fields() const {
  std::vector<std::string> names;
  names.reserve(by_field_.size());
  for (const auto& entry : by_field_) names.push_back(entry.first);
  return names;
}

std::vector<ListFinder::Found> ListFinder::find(std::string_view field, std::string_view text,
                                                std::size_t most) const {
  std::vector<Found> found;
  const auto index = by_field_.find(field);
  if (index == by_field_.end()) return found;
  std::map<std::size_t, std::vector<Span>> by_use;
  const auto tell = [&](const Index::Uses& uses, Span span) {
    for (const std::size_t use : uses) {
      std::vector<Span>& spans = by_use[use];
      if (spans.size() < most && (spans.empty() || spans.back().end <= span.begin)) spans.push_back(span);
    }
  };
  index->second->find_phrases(text, tell);
  index->second->find_domains(text, tell);
  for (auto& [use, spans] : by_use) found.push_back({use, std::move(spans)});
  return found;
}

}  // namespace coldpitch
