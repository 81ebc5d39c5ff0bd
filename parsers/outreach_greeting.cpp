// SPDX-License-Identifier: MIT
#include "parsers/outreach_greeting.h"

#include <algorithm>
#include <array>

#include "parsers/fold.h"
#include "parsers/outreach_tables.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

// The tables hold folded words, as fold_text() gives them.

constexpr auto kSalutations = std::to_array<std::string_view>({
    "hi",
    "hello",
    "hey",
    "dear",
    "greetings",
    "good morning",
    "good afternoon",
    "good day",
    "hallo",
    "guten tag",
    "guten morgen",
    "liebe",
    "lieber",
    "liebes",
    "sehr geehrte",
    "sehr geehrter",
    "sehr geehrtes",
    "moin",
    "bonjour",
    "bonsoir",
    "cher",
    "chère",
    "salut",
    "hola",
    "estimado",
    "estimada",
    "estimados",
    "buenos días",
    "buenas tardes",
    "ciao",
    "buongiorno",
    "buonasera",
    "gentile",
    "gentili",
    "salve",
    "spettabile",
    "egregio",
    "caro",
    "cara",
    "olá",
    "oi",
    "prezado",
    "prezada",
    "prezados",
    "bom dia",
    "boa tarde",
    "beste",
    "geachte",
    "goedendag",
    "goede morgen",
    "witam",
    "witaj",
    "dzień dobry",
    "cześć",
    "szanowny",
    "szanowna",
    "szanowni",
    "drogi",
    "droga",
});

/// A comma set off by a blank behind these shows that a name was to stand there. In French a blank before signs is common.
constexpr auto kNamedSalutations = std::to_array<std::string_view>(
    {"hi", "hello", "hey", "dear", "sehr geehrte", "sehr geehrter", "liebe", "lieber", "estimado", "estimada",
     "gentile", "egregio", "prezado", "prezada", "beste", "geachte", "szanowny", "szanowna"});

/// What a failed mail merge leaves for a name.
constexpr auto kNoNames =
    std::to_array<std::string_view>({"null", "undefined", "none", "n/a", "(null)", "#n/a", "<no name>",
                                     "no name", "first name", "firstname", "[name]", "unknown", "%fname%"});

/// Mailboxes nobody greets by that word: a person writes "Dear support", but never "Dear info".
constexpr auto kUngreetedLocalParts = std::to_array<std::string_view>(
    {"info", "contact", "contacto", "contato", "kontakt", "admin", "office", "mail", "email", "webmaster",
     "postmaster", "biuro", "devel", "hello", "enquiries", "noreply"});

constexpr std::size_t kLineOctets = 160;
constexpr std::size_t kMostWords = 6;
constexpr unsigned kLinesLookedAt = 3;

template <class Table>
bool holds(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

/// The longest salutation at the start of `folded`, or "".
std::string_view salutation_of(std::string_view folded) {
  std::string_view longest;
  for (const std::string_view word : kSalutations) {
    if (word.size() <= longest.size() || !folded.starts_with(word)) continue;
    const char next = word.size() < folded.size() ? folded[word.size()] : ' ';
    if (next == ' ' || next == ',' || next == '!' || next == ':') longest = word;
  }
  return longest;
}

bool is_lower_case(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char octet) { return octet >= 'A' && octet <= 'Z'; });
}

/// The greeted name is an address, or a domain, or a local part that cannot be a name.
bool is_made_from_address(const Greeting& greeting, std::string_view as_written, const Mailbox& recipient) {
  const std::string& name = greeting.folded_name;
  if (recipient.local_part.empty()) return false;
  const std::string local = to_ascii_lower(recipient.local_part);
  if (name == local)
    return holds(kUngreetedLocalParts, local) || local.find_first_of("0123456789._-+") != std::string::npos;
  if (recipient.domain.empty()) return false;
  const auto is_or_starts = [&](const std::string& whole) {
    return name == whole || name.starts_with(whole + " ");
  };
  if (is_or_starts(local + "@" + recipient.domain)) return true;
  const std::string domain = organisation_of(recipient.domain);
  if (domain.find('.') == std::string::npos) return false;
  if (is_or_starts(domain) || name == recipient.domain || name == "www." + domain) return true;
  return name == domain.substr(0, domain.find('.')) && is_lower_case(as_written) &&
         !is_freemail_domain(domain);
}

/// One line of the sender's words, and where it stands in Message::text.
void judge_line(std::string_view line, Span span, const OutreachSubject& subject, TraitList& traits) {
  const std::optional<Greeting> greeting = read_greeting(line);
  if (!greeting) return;
  const std::string_view name = line.substr(greeting->addressee.begin, greeting->addressee.size());
  const bool failed = name.empty()
                          ? greeting->blank_before_comma && holds(kNamedSalutations, greeting->salutation)
                          : holds(kNoNames, greeting->folded_name);
  if (failed) traits.add("empty-greeting", "body", line, span);
  const bool made = !name.empty() && std::any_of(subject.recipients.begin(), subject.recipients.end(),
                                                 [&](const Mailbox& recipient) {
                                                   return is_made_from_address(*greeting, name, recipient);
                                                 });
  if (made) traits.add("greeting-from-address", "body", line, span);
}

}  // namespace

std::optional<Greeting> read_greeting(std::string_view line) {
  const FoldedText folded = fold_text(utf8_prefix(line, kLineOctets));
  const std::string_view salutation = salutation_of(folded.text);
  if (salutation.empty()) return std::nullopt;
  std::size_t begin = salutation.size();
  while (begin < folded.text.size() && folded.text[begin] == ' ') ++begin;
  std::size_t end = std::min(folded.text.find_first_of(",!;:", begin), folded.text.size());
  Greeting greeting;
  greeting.salutation = salutation;
  greeting.blank_before_comma =
      end == begin && begin > salutation.size() && end < folded.text.size() && folded.text[end] == ',';
  while (end > begin && (folded.text[end - 1] == ' ' || folded.text[end - 1] == '.')) --end;
  greeting.folded_name = folded.text.substr(begin, end - begin);
  const auto blanks = std::count(greeting.folded_name.begin(), greeting.folded_name.end(), ' ');
  if (static_cast<std::size_t>(blanks) >= kMostWords) return std::nullopt;
  greeting.addressee = folded.source.source_of({begin, end}, line.size());
  return greeting;
}

void find_greeting_traits(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  const std::string_view human = message.quoted.human;
  unsigned filled = 0;
  for (std::size_t at = 0; at < human.size() && filled < kLinesLookedAt;) {
    const std::size_t end = std::min(human.find('\n', at), human.size());
    const std::string_view line = trim(human.substr(at, end - at));
    if (!line.empty()) {
      ++filled;
      const auto begin = static_cast<std::size_t>(line.data() - human.data());
      const Span span =
          message.quoted.human_source.source_of(Span{begin, begin + line.size()}, message.text.size());
      judge_line(line, span, subject, traits);
    }
    at = end + 1;
  }
}

}  // namespace coldpitch
