// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/fold.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

struct PrefixWord {
  std::string_view word;  ///< folded
  SubjectPrefix prefix;
};

/// What mail programs set before a subject in en, de, fr, es, it, pt, nl, pl.
constexpr std::array kPrefixWords = {
    PrefixWord{"re", SubjectPrefix::reply},   PrefixWord{"aw", SubjectPrefix::reply},
    PrefixWord{"antw", SubjectPrefix::reply}, PrefixWord{"antwort", SubjectPrefix::reply},
    PrefixWord{"ref", SubjectPrefix::reply},  PrefixWord{"réf", SubjectPrefix::reply},
    PrefixWord{"rép", SubjectPrefix::reply},  PrefixWord{"r", SubjectPrefix::reply},
    PrefixWord{"rif", SubjectPrefix::reply},  PrefixWord{"res", SubjectPrefix::reply},
    PrefixWord{"odp", SubjectPrefix::reply},  PrefixWord{"fwd", SubjectPrefix::forward},
    PrefixWord{"fw", SubjectPrefix::forward}, PrefixWord{"wg", SubjectPrefix::forward},
    PrefixWord{"tr", SubjectPrefix::forward}, PrefixWord{"rv", SubjectPrefix::forward},
    PrefixWord{"i", SubjectPrefix::forward},  PrefixWord{"enc", SubjectPrefix::forward},
    PrefixWord{"pd", SubjectPrefix::forward}, PrefixWord{"doorst", SubjectPrefix::forward},
};

constexpr std::size_t kPrefixOctets = 16;
constexpr std::size_t kTagOctets = 40;
constexpr unsigned kMostTags = 3;

/// Skips "[External] " and the like.
std::size_t skip_tags(std::string_view subject) {
  std::size_t at = 0;
  for (unsigned tags = 0; tags < kMostTags; ++tags) {
    while (at < subject.size() && is_ascii_space(subject[at])) ++at;
    if (at >= subject.size() || subject[at] != '[') break;
    const std::size_t close = subject.substr(0, std::min(subject.size(), at + kTagOctets)).find(']', at);
    if (close == std::string_view::npos) break;
    at = close + 1;
  }
  return at;
}

/// "re[2]" and "re(3)" without the count.
std::string_view without_count(std::string_view word) {
  const std::size_t bracket = word.find_first_of("[(^");
  return trim(word.substr(0, bracket));
}

bool is_ibm_mailer(const Header& header) {
  static constexpr auto kNames = std::to_array<std::string_view>({"IBM", "Lotus", "Domino", "HCL", "iNotes"});
  const std::string_view mailer = header.get("X-Mailer");
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) {
    return find_ignoring_case(mailer, name) != std::string_view::npos;
  });
}

/// In-Reply-To or References stands there without an id. IBM's programs do that for people, so theirs do not count.
bool has_empty_references(const Message& message) {
  if (!message.in_reply_to.empty() || !message.references.empty()) return false;
  const Header& header = message.header();
  const auto is_empty = [&](std::string_view name) {
    const std::string* body = header.find(name);
    return body != nullptr && trim(*body).empty();
  };
  return (is_empty("In-Reply-To") || is_empty("References")) && !is_ibm_mailer(header);
}

/// Every id refers to this very message.
bool refers_to_itself(const Message& message) {
  if (message.message_id.empty() || (message.in_reply_to.empty() && message.references.empty())) return false;
  const auto is_own = [&](const std::string& id) { return id == message.message_id; };
  return std::all_of(message.in_reply_to.begin(), message.in_reply_to.end(), is_own) &&
         std::all_of(message.references.begin(), message.references.end(), is_own);
}

/// Every id was made at the sender's own organisation: a thread of the sender with itself.
bool refers_to_own_mail_only(const OutreachSubject& subject) {
  const Message& message = subject.message;
  if (subject.author_domain.empty() || is_freemail_domain(subject.author_domain)) return false;
  if (message.in_reply_to.empty() && message.references.empty()) return false;
  const auto is_own = [&](const std::string& id) {
    const std::size_t at = id.rfind('@');
    return at != std::string::npos &&
           is_domain_or_below(to_ascii_lower(std::string_view(id).substr(at + 1)), subject.author_domain);
  };
  return std::all_of(message.in_reply_to.begin(), message.in_reply_to.end(), is_own) &&
         std::all_of(message.references.begin(), message.references.end(), is_own);
}

bool is_colleague(const OutreachSubject& subject) {
  if (subject.author_domain.empty() || is_freemail_domain(subject.author_domain)) return false;
  return std::any_of(subject.recipients.begin(), subject.recipients.end(), [&](const Mailbox& recipient) {
    return organisation_of(recipient.domain) == subject.author_domain;
  });
}

bool carries_earlier_message(const Message& message) {
  if (message.quoted.has_quote || message.quoted.has_forward) return true;
  return std::any_of(message.mime.parts.begin(), message.mime.parts.end(),
                     [](const MimePart& part) { return part.content_type.value == "message/rfc822"; });
}

/// Why the reply a subject claims is none, or "".
std::string_view reply_fault(const OutreachSubject& subject, SubjectPrefix prefix) {
  const Message& message = subject.message;
  if (refers_to_itself(message)) return "refers to itself";
  if (prefix == SubjectPrefix::reply && has_empty_references(message)) return "empty references";
  if (carries_earlier_message(message)) return "";
  if (message.in_reply_to.empty() && message.references.empty()) return "no references, no quote";
  return prefix == SubjectPrefix::reply && refers_to_own_mail_only(subject) ? "own references, no quote" : "";
}

/// Letters of a name, of at least two octets each: "jane" and "doe" of "Jane Doe" or "jane.doe".
std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  for (const char octet : fold_text(name).text + " ") {
    if (is_ascii_alpha(octet) || static_cast<unsigned char>(octet) >= 0x80) {
      word += octet;
    } else {
      if (word.size() >= 2) words.push_back(word);
      word.clear();
    }
  }
  return words;
}

/// True when `attribution` (folded) names all words of `name`, of which there are at least two.
bool names(const std::vector<std::string>& attribution, std::string_view name) {
  const std::vector<std::string> words = name_words(name);
  return words.size() >= 2 && std::all_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::binary_search(attribution.begin(), attribution.end(), word);
         });
}

/// True when the quoted message was written by `recipient`.
bool attributed_to(const Message& message, std::string_view folded, const std::vector<std::string>& words,
                   const Mailbox& recipient) {
  if (recipient.local_part.empty()) return false;
  const std::string address = to_ascii_lower(recipient.address());
  if (!recipient.domain.empty() && folded.find(address) != std::string_view::npos) return true;
  if (names(words, recipient.display_name) || names(words, recipient.local_part)) return true;
  // An envelope address has no display name; the header may know it.
  const auto same_named = [&](const Mailbox& mailbox) {
    return to_ascii_lower(mailbox.address()) == address && names(words, mailbox.display_name);
  };
  return std::any_of(message.to.begin(), message.to.end(), same_named) ||
         std::any_of(message.cc.begin(), message.cc.end(), same_named);
}

/// "you wrote", and in the other languages where mail programs say so.
bool is_attributed_to_reader(std::string_view folded) {
  static constexpr auto kYouWrote = std::to_array<std::string_view>(
      {"you wrote", "schrieben sie", "schriebst du", "vous avez écrit", "usted escribió", "hai scritto",
       "ha scritto lei", "você escreveu", "schreef u", "schreef je"});
  return std::any_of(kYouWrote.begin(), kYouWrote.end(),
                     [&](std::string_view words) { return folded.find(words) != std::string_view::npos; });
}

void find_genuine_reply(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  if (message.in_reply_to.empty() && message.references.empty()) return;
  if (!message.quoted.has_quote || message.quoted.attribution.empty() || refers_to_itself(message)) return;
  const std::string folded = fold_text(message.quoted.attribution).text;
  std::vector<std::string> words = name_words(folded);
  std::sort(words.begin(), words.end());
  const bool known =
      is_attributed_to_reader(folded) ||
      std::any_of(subject.recipients.begin(), subject.recipients.end(),
                  [&](const Mailbox& recipient) { return attributed_to(message, folded, words, recipient); });
  if (known) traits.add("genuine-reply", "body", message.quoted.attribution);
}

}  // namespace

PrefixedSubject read_subject_prefix(std::string_view subject) {
  const std::size_t begin = skip_tags(subject);
  const std::size_t colon = subject.substr(begin, kPrefixOctets).find(':');
  if (colon == std::string_view::npos) return {};
  const std::string folded = fold_text(subject.substr(begin, colon)).text;
  const std::string_view word = without_count(folded);
  const auto* const found = std::find_if(kPrefixWords.begin(), kPrefixWords.end(),
                                         [&](const PrefixWord& entry) { return entry.word == word; });
  if (found == kPrefixWords.end()) return {};
  return {found->prefix, {begin, begin + colon + 1}};
}

void find_thread_traits(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  if (has_empty_references(message))
    traits.add("empty-references", "header", message.header().get("X-Mailer"));
  find_genuine_reply(subject, traits);
  const PrefixedSubject prefixed = read_subject_prefix(message.subject);
  if (prefixed.prefix == SubjectPrefix::none) return;
  if (is_colleague(subject) || traits.has("bounce") || traits.has("auto-generated")) return;
  const std::string_view fault = reply_fault(subject, prefixed.prefix);
  if (!fault.empty()) traits.add("fake-reply", "subject", fault, prefixed.span);
}

}  // namespace coldpitch
