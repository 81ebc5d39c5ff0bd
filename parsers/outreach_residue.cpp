// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/fold.h"
#include "parsers/outreach_greeting.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// How much a field's name says by itself.
enum class FieldName : std::uint8_t {
  unknown,
  vague,  ///< "name", "company": programs use these words too
  merge,  ///< "first_name", "prospect.company_name": made for letters
};

/// Names of merge fields, folded, letters and digits only, sorted.
constexpr auto kMergeFields = std::to_array<std::string_view>({
    "accountname",
    "achternaam",
    "anrede",
    "bedrijfsnaam",
    "businessname",
    "cognome",
    "companyname",
    "contactname",
    "customfirstline",
    "customintro",
    "customline",
    "firmenname",
    "firstline",
    "firstname",
    "fname",
    "fullname",
    "icebreaker",
    "imię",
    "jobtitle",
    "lastname",
    "leadname",
    "lname",
    "mycompany",
    "myname",
    "nachname",
    "nazwafirmy",
    "nazwisko",
    "nombreempresa",
    "nomeazienda",
    "nomeempresa",
    "organisationname",
    "organizationname",
    "ownername",
    "painpoint",
    "personalisation",
    "personalization",
    "personalizedline",
    "personalline",
    "primeironome",
    "prospectcompany",
    "prospectfirstname",
    "prospectname",
    "prénom",
    "recipientname",
    "salutation",
    "sendercompany",
    "senderfirstname",
    "sendername",
    "senderphone",
    "sendersignature",
    "sendertitle",
    "surname",
    "unsubscribelink",
    "unsubscribeurl",
    "voornaam",
    "vorname",
    "yourcompany",
    "yourcompanyname",
    "yourfirstname",
    "yourfullname",
    "yourname",
    "yourphone",
    "yourtitle",
});

/// The same for words that need a greeting, a subject or a mail merge's own brackets beside them.
constexpr auto kVagueFields = std::to_array<std::string_view>({
    "azienda",      "bedrijf", "city",     "company", "domain", "email",   "empresa", "entreprise",
    "firma",        "imie",    "industry", "name",    "nom",    "nombre",  "nome",    "organisation",
    "organization", "société", "tag",      "title",   "var",    "website",
});

static_assert(std::is_sorted(kMergeFields.begin(), kMergeFields.end()));
static_assert(std::is_sorted(kVagueFields.begin(), kVagueFields.end()));

/// A pair of signs round a merge field. Longer ones stand before those they start with.
struct Brackets {
  std::string_view open;
  std::string_view close;
  bool mailing_only;  ///< only used by mailing programs
  bool single;        ///< used by people and programs for other things as well
};

constexpr std::array kBrackets = {
    Brackets{"{{", "}}", false, false}, Brackets{"{!", "}", true, false},
    Brackets{"{%", "%}", false, false}, Brackets{"<%", "%>", false, false},
    Brackets{"[[", "]]", false, false}, Brackets{"*|", "|*", true, false},
    Brackets{"##", "##", false, false}, Brackets{"%%", "%%", false, false},
    Brackets{"{", "}", false, true},    Brackets{"[", "]", false, true},
    Brackets{"%", "%", false, true},
};

constexpr std::size_t kFieldOctets = 60;
constexpr std::size_t kCodeLines = 2;

template <class Table>
bool holds(const Table& table, std::string_view word) {
  return std::binary_search(table.begin(), table.end(), word);
}

/// "{{ prospect.first_name | default: 'there' }}" is "firstname" inside.
FieldName read_field_name(std::string_view inside) {
  inside = trim(inside.substr(0, inside.find('|')));
  for (const std::string_view word : {"if ", "="}) {
    if (starts_with_ignoring_case(inside, word)) inside = trim(inside.substr(word.size()));
  }
  const std::size_t dot = inside.rfind('.');
  if (dot != std::string_view::npos) inside.remove_prefix(dot + 1);
  std::string name;
  for (const char octet : fold_text(inside).text) {
    if (is_ascii_alnum(octet) || static_cast<unsigned char>(octet) >= 0x80) {
      name += octet;
    } else if (octet != ' ' && octet != '_' && octet != '-') {
      return FieldName::unknown;
    }
  }
  if (holds(kMergeFields, name)) return FieldName::merge;
  return holds(kVagueFields, name) ? FieldName::vague : FieldName::unknown;
}

/// A line of a program, a setting or markup. `line` is not trimmed.
bool is_code_line(std::string_view line) {
  static constexpr auto kSigns = std::to_array<std::string_view>(
      {"=>", "->", "::", "</", "/>", "()", "();", "\\", "${", "`", "==", "=\"", "+ ", "#include"});
  const std::string_view words = trim(line);
  if (words.empty()) return false;
  if (line.front() == '\t' || line.starts_with("    ")) return true;
  if (words.back() == ';' || words.back() == '{' || words.back() == '}' || words.front() == '$') return true;
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return line.find(sign) != std::string_view::npos; });
}

/// "Hi {{first_name}}": ends in a field, yet is no code.
bool is_prose_ending_in_field(std::string_view line) {
  return line.ends_with("}}") && read_greeting(trim(line)).has_value();
}

bool stands_in_prose(std::string_view line, Span span) {
  constexpr std::string_view kBefore = " ,-";
  constexpr std::string_view kBehind = " ),.!?:;'-\r";
  // "in (city)" is prose, "format(city)" is not.
  const bool bracketed =
      span.begin > 0 && line[span.begin - 1] == '(' && (span.begin == 1 || line[span.begin - 2] == ' ');
  const bool before =
      span.begin == 0 || bracketed || kBefore.find(line[span.begin - 1]) != std::string_view::npos;
  const bool behind = span.end >= line.size() || kBehind.find(line[span.end]) != std::string_view::npos ||
                      static_cast<unsigned char>(line[span.end]) >= 0x80;
  return before && behind;
}

enum class Place : std::uint8_t { subject, greeting, text };

bool is_residue(const Brackets& brackets, std::string_view inside, Place place) {
  const FieldName name = read_field_name(inside);
  if (name == FieldName::unknown) return false;
  if (brackets.mailing_only || place == Place::greeting) return true;
  const bool merge = name == FieldName::merge;
  // "[company]" in a subject is a list's tag, "%name%" in a text is a setting.
  if (place == Place::subject) return merge || !brackets.single || brackets.open == "{";
  return merge;
}

/// The first merge field of `line` from `from` on, in `line`.
std::optional<Span> find_residue(std::string_view line, std::size_t from, Place place) {
  for (std::size_t at = line.find_first_of("{<[*#%", from); at < line.size();
       at = line.find_first_of("{<[*#%", at + 1)) {
    for (const Brackets& brackets : kBrackets) {
      if (!line.substr(at).starts_with(brackets.open)) continue;
      const std::size_t begin = at + brackets.open.size();
      const std::size_t length = line.substr(begin, kFieldOctets).find(brackets.close);
      if (length == std::string_view::npos || length == 0) continue;
      const Span span{at, begin + length + brackets.close.size()};
      if (stands_in_prose(line, span) && is_residue(brackets, line.substr(begin, length), place)) return span;
      break;
    }
  }
  return std::nullopt;
}

void find_in_line(std::string_view line, std::size_t offset, Place place, TraitList& traits) {
  const std::string_view where = place == Place::subject ? "subject" : "body";
  for (std::optional<Span> found = find_residue(line, 0, place); found;
       found = find_residue(line, found->end, place)) {
    traits.add("template-residue", where, line.substr(found->begin, found->size()),
               {offset + found->begin, offset + found->end});
  }
}

/// Calls `use` with every line of the text that is not quoted, and its offset.
template <class Use>
void for_each_own_line(const Message& message, const Use& use) {
  const std::string_view text = message.text;
  for (const Segment& segment : message.quoted.segments) {
    if (segment.kind != SegmentKind::human && segment.kind != SegmentKind::signature) continue;
    for (std::size_t at = segment.span.begin; at < segment.span.end;) {
      const std::size_t end = std::min(text.find('\n', at), segment.span.end);
      use(text.substr(at, end - at), at);
      at = end + 1;
    }
  }
}

bool holds_code(const Message& message) {
  std::size_t lines = 0;
  for_each_own_line(message, [&](std::string_view line, std::size_t) {
    if (is_code_line(line) && !is_prose_ending_in_field(line)) ++lines;
  });
  return lines >= kCodeLines;
}

}  // namespace

void find_residue_traits(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  if (traits.has("patch") || holds_code(message)) return;
  find_in_line(message.subject, 0, Place::subject, traits);
  bool first = true;
  for_each_own_line(message, [&](std::string_view line, std::size_t offset) {
    if (trim(line).empty()) return;
    const bool greeting = first && read_greeting(trim(line)).has_value();
    first = false;
    if (is_code_line(line) && !greeting) return;
    find_in_line(line, offset, greeting ? Place::greeting : Place::text, traits);
  });
}

}  // namespace coldpitch
