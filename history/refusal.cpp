// SPDX-License-Identifier: MIT
#include "history/refusal.h"

#include <algorithm>
#include <cstddef>
#include <string>
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

/// True when `phrase` stands at `place`.
bool stands_at(const std::vector<std::string_view>& words, std::size_t place, std::string_view phrase) {
  const bool must_close = phrase.ends_with('$');
  if (must_close) phrase.remove_suffix(1);
  for (const std::string_view wanted : split(phrase, ' ')) {
    if (place >= words.size()) return false;
    const std::string_view word = words[place++];
    const bool fits =
        wanted.ends_with('*') ? word.starts_with(wanted.substr(0, wanted.size() - 1)) : word == wanted;
    if (!fits) return false;
  }
  return !must_close || place == words.size() || words[place] == "." ||
         is_in(words[place], refusal::kClosers);
}

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

template <class Table>
bool stands_in(const std::vector<std::string_view>& words, const Table& phrases, bool may_be_others) {
  for (std::size_t place = 0; place < words.size(); ++place) {
    const bool holds = std::any_of(phrases.begin(), phrases.end(),
                                   [&](std::string_view phrase) { return stands_at(words, place, phrase); });
    if (!holds || follows_one_of(words, place, refusal::kConditions)) continue;
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
  const std::string folded = fold_text(utf8_prefix(text, kMaxOctets)).text;
  const std::vector<std::string_view> words = words_of(folded);
  const std::size_t count = count_words(words);
  if (count > kFirmWords || text.size() > kMaxOctets) return Refusal::none;
  if (holds_word_alone(words) || stands_in(words, refusal::kFirm, /*may_be_others=*/false))
    return Refusal::firm;
  if (count > kPoliteWords) return Refusal::none;
  return stands_in(words, refusal::kPolite, /*may_be_others=*/true) ? Refusal::polite : Refusal::none;
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
