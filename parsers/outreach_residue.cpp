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

/// A set of octets.
class OctetSet {
 public:
  explicit constexpr OctetSet(std::string_view octets) {
    for (const char octet : octets) members_[static_cast<unsigned char>(octet)] = true;
  }
  [[nodiscard]] constexpr bool has(char octet) const { return members_[static_cast<unsigned char>(octet)]; }

 private:
  std::array<bool, 256> members_{};
};

/// Signs of program code. kCodeStarts has their first octets.
constexpr auto kCodeSigns = std::to_array<std::string_view>(
    {"=>", "->", "::", "</", "/>", "()", "();", "\\", "${", "`", "==", "=\"", "+ ", "#include"});
constexpr OctetSet kCodeStarts("=-:</(\\$`+#");

/// A line of a program, a setting or markup. `line` is not trimmed.
bool is_code_line(std::string_view line) {
  const std::string_view words = trim(line);
  if (words.empty()) return false;
  if (line.front() == '\t' || line.starts_with("    ")) return true;
  if (words.back() == ';' || words.back() == '{' || words.back() == '}' || words.front() == '$') return true;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (!kCodeStarts.has(line[at])) continue;
    const std::string_view rest = line.substr(at);
    const auto starts_rest = [rest](std::string_view sign) { return rest.starts_with(sign); };
    if (std::any_of(kCodeSigns.begin(), kCodeSigns.end(), starts_rest)) return true;
  }
  return false;
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

/// What Brackets::open begins with.
constexpr OctetSet kOpenings("{<[*#%");

std::size_t find_opening(std::string_view line, std::size_t from) {
  while (from < line.size() && !kOpenings.has(line[from])) ++from;
  return from;
}

/// The first merge field of `line` from `from` on, in `line`.
std::optional<Span> find_residue(std::string_view line, std::size_t from, Place place) {
  for (std::size_t at = find_opening(line, from); at < line.size(); at = find_opening(line, at + 1)) {
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

/// Adds merge fields, unless the text is about programs. Whether it is takes a look at all of it, and most mail has no field to ask for.
class ResidueFinder {
 public:
  ResidueFinder(const Message& message, TraitList& traits) : message_(message), traits_(traits) {}

  /// `offset` is that of `line` in the text of `place`.
  void find_in_line(std::string_view line, std::size_t offset, Place place) {
    const std::string_view where = place == Place::subject ? "subject" : "body";
    for (std::optional<Span> found = find_residue(line, 0, place); found && !is_of_programs();
         found = find_residue(line, found->end, place)) {
      traits_.add("template-residue", where, line.substr(found->begin, found->size()),
                  {offset + found->begin, offset + found->end});
    }
  }

 private:
  bool is_of_programs() {
    if (!holds_code_) holds_code_ = holds_code(message_);
    return *holds_code_;
  }

  const Message& message_;
  TraitList& traits_;
  std::optional<bool> holds_code_;
};

}  // namespace

void find_residue_traits(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  if (traits.has("patch")) return;
  ResidueFinder finder(message, traits);
  finder.find_in_line(message.subject, 0, Place::subject);
  bool first = true;
  for_each_own_line(message, [&](std::string_view line, std::size_t offset) {
    const bool is_first = first && !trim(line).empty();
    if (is_first) first = false;
    if (find_opening(line, 0) == line.size()) return;
    const bool greeting = is_first && read_greeting(trim(line)).has_value();
    if (is_code_line(line) && !greeting) return;
    finder.find_in_line(line, offset, greeting ? Place::greeting : Place::text);
  });
}

}  // namespace coldpitch
