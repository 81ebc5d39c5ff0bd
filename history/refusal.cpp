// SPDX-License-Identifier: MIT
#include "history/refusal.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "history/refusal_phrases.h"
#include "parsers/fold.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kPoliteWords = 60;
constexpr std::size_t kFirmWords = 200;
constexpr std::size_t kAloneWords = 3;
/// No two hundred words are longer; a bound on what is looked at.
constexpr std::size_t kMaxOctets = 8192;
/// Words before a phrase that may turn it.
constexpr std::size_t kWordsBefore = 4;

bool is_word_octet(char octet) {
  return is_ascii_alnum(octet) || static_cast<unsigned char>(octet) >= 0x80 || octet == '\'';
}

/// The words of a text, with the ends of sentences (".") and double quotes among them.
std::vector<std::string_view> words_of(std::string_view folded) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; at < folded.size();) {
    std::size_t end = at;
    while (end < folded.size() && is_word_octet(folded[end])) ++end;
    if (end > at) words.push_back(folded.substr(at, end - at));
    if (end < folded.size()) {
      const char mark = folded[end];
      if (mark == '"') words.emplace_back("\"");
      if (mark == '.' || mark == '!' || mark == '?' || mark == ';' || mark == ':') words.emplace_back(".");
      ++end;
    }
    at = end;
  }
  return words;
}

std::size_t count_words(const std::vector<std::string_view>& words) {
  return static_cast<std::size_t>(std::count_if(
      words.begin(), words.end(), [](std::string_view word) { return word != "." && word != "\""; }));
}

template <class Table>
bool is_in(std::string_view word, const Table& table) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

/// A phrase behind its first word.
struct Phrase {
  std::vector<std::string_view> rest;
  bool must_close = false;
};

/// Phrases by their first word, so that a word of a text is looked up once for all of them.
class PhraseIndex {
 public:
  template <class Table>
  explicit PhraseIndex(const Table& table) {
    for (std::string_view text : table) {
      Phrase phrase;
      phrase.must_close = text.ends_with('$');
      if (phrase.must_close) text.remove_suffix(1);
      const std::vector<std::string_view> words = split(text, ' ');
      phrase.rest.assign(words.begin() + 1, words.end());
      const std::string_view first = words.front();
      if (first.ends_with('*')) {
        by_beginning_.emplace_back(first.substr(0, first.size() - 1), std::move(phrase));
      } else {
        by_first_[first].push_back(std::move(phrase));
      }
    }
  }

  /// True when one stands at `place`.
  [[nodiscard]] bool stands_at(const std::vector<std::string_view>& words, std::size_t place) const {
    if (const auto found = by_first_.find(words[place]); found != by_first_.end()) {
      for (const Phrase& phrase : found->second) {
        if (goes_on(words, place + 1, phrase)) return true;
      }
    }
    return std::any_of(by_beginning_.begin(), by_beginning_.end(), [&](const auto& entry) {
      return words[place].starts_with(entry.first) && goes_on(words, place + 1, entry.second);
    });
  }

 private:
  static bool goes_on(const std::vector<std::string_view>& words, std::size_t place, const Phrase& phrase) {
    for (const std::string_view wanted : phrase.rest) {
      if (place >= words.size()) return false;
      const std::string_view word = words[place++];
      const bool fits =
          wanted.ends_with('*') ? word.starts_with(wanted.substr(0, wanted.size() - 1)) : word == wanted;
      if (!fits) return false;
    }
    return !phrase.must_close || place == words.size() || words[place] == "." ||
           is_in(words[place], refusal::kClosers);
  }

  std::unordered_map<std::string_view, std::vector<Phrase>> by_first_;
  std::vector<std::pair<std::string_view, Phrase>> by_beginning_;
};

/// True when one of `table` stands shortly before `place`, in the same sentence.
template <class Table>
bool follows_one_of(const std::vector<std::string_view>& words, std::size_t place, const Table& table) {
  for (std::size_t back = 1; back <= std::min(kWordsBefore, place); ++back) {
    const std::string_view word = words[place - back];
    if (word == ".") return false;
    if (is_in(word, table)) return true;
  }
  return false;
}

bool stands_in(const std::vector<std::string_view>& words, const PhraseIndex& phrases, bool may_be_others) {
  for (std::size_t place = 0; place < words.size(); ++place) {
    if (!phrases.stands_at(words, place) || follows_one_of(words, place, refusal::kConditions)) continue;
    if (may_be_others && follows_one_of(words, place, refusal::kOthers)) continue;
    return true;
  }
  return false;
}

bool holds_word_alone(const std::vector<std::string_view>& words) {
  if (count_words(words) > kAloneWords) return false;
  return std::any_of(words.begin(), words.end(),
                     [](std::string_view word) { return is_in(word, refusal::kAlone); });
}

}  // namespace

Refusal read_refusal(std::string_view text) {
  static const PhraseIndex firm(refusal::kFirm);
  static const PhraseIndex polite(refusal::kPolite);
  if (text.size() > kMaxOctets) return Refusal::none;
  const std::string folded = fold_text(text).text;
  const std::vector<std::string_view> words = words_of(folded);
  const std::size_t count = count_words(words);
  if (count > kFirmWords) return Refusal::none;
  if (holds_word_alone(words) || stands_in(words, firm, /*may_be_others=*/false)) return Refusal::firm;
  if (count > kPoliteWords) return Refusal::none;
  return stands_in(words, polite, /*may_be_others=*/true) ? Refusal::polite : Refusal::none;
}

bool is_unsubscribe_address(const Mailbox& recipient) {
  const std::string local = to_ascii_lower(recipient.local_part);
  for (const std::string_view part : {"unsub", "optout", "opt-out", "opt_out", "signoff"}) {
    if (local.find(part) != std::string::npos) return true;
  }
  for (const std::string_view tail : {"-leave", "-request", "+leave", "-off", "-remove"}) {
    if (local.ends_with(tail)) return true;
  }
  return local == "leave" || local == "remove" || local == "abmelden" || local == "listserv";
}

bool is_unsubscribe_request(std::string_view subject, std::string_view text) {
  const std::string folded_subject = fold_text(utf8_prefix(subject, 200)).text;
  const std::string folded_text = fold_text(utf8_prefix(text, 200)).text;
  return holds_word_alone(words_of(folded_subject)) && count_words(words_of(folded_text)) <= 2 * kAloneWords;
}

}  // namespace coldpitch
