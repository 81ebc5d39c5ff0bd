// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string_view>

#include "parsers/quoting_closing.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

// The tables hold folded words, as fold_text() gives them.

/// Phrases that close a letter. Matched at the start of a short line.
constexpr PrefixTable kClosings(std::to_array<std::string_view>({
    "best regards",
    "kind regards",
    "warm regards",
    "kindest regards",
    "warmest regards",
    "regards",
    "best wishes",
    "all the best",
    "best,",
    "cheers",
    "sincerely",
    "yours sincerely",
    "yours faithfully",
    "yours truly",
    "respectfully",
    "thanks",
    "thank you",
    "many thanks",
    "thx",
    "with regards",
    "with best",
    "with kind",
    "cordially",
    "talk soon",
    "take care",
    "mit freundlichen",
    "mit freundlichem",
    "freundliche grüsse",
    "viele grüsse",
    "liebe grüsse",
    "beste grüsse",
    "schöne grüsse",
    "herzliche grüsse",
    "mit besten grüssen",
    "freundlichst",
    "gruss",
    "grüsse",
    "mfg",
    "lg",
    "vg",
    "danke",
    "vielen dank",
    "cordialement",
    "bien cordialement",
    "bien à vous",
    "bien à toi",
    "sincères salutations",
    "salutations",
    "cdlt",
    "merci",
    "amicalement",
    "saludos",
    "un saludo",
    "atentamente",
    "un cordial saludo",
    "saludos cordiales",
    "gracias",
    "muchas gracias",
    "un abrazo",
    "cordiali saluti",
    "distinti saluti",
    "saluti",
    "un saluto",
    "un cordiale saluto",
    "grazie",
    "a presto",
    "buona giornata",
    "atenciosamente",
    "cumprimentos",
    "com os melhores cumprimentos",
    "melhores cumprimentos",
    "abraços",
    "abraço",
    "obrigado",
    "obrigada",
    "att,",
    "met vriendelijke",
    "vriendelijke groet",
    "hartelijke groet",
    "groeten",
    "groet",
    "mvg",
    "bedankt",
    "pozdrawiam",
    "z poważaniem",
    "serdecznie pozdrawiam",
    "z pozdrowieniami",
    "łączę wyrazy",
    "dziękuję",
    "pozdrowienia",
}));

/// What telephones and mail programs add.
constexpr PrefixTable kProgramLines(std::to_array<std::string_view>({
    "sent from my ",
    "sent from mail for windows",
    "sent from outlook",
    "get outlook for ",
    "sent via ",
    "sent with ",
    "von meinem ",
    "gesendet von ",
    "diese nachricht wurde von meinem",
    "envoyé de mon ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "enviado desde ",
    "enviado do meu ",
    "enviado a partir ",
    "inviato da ",
    "inviato dal mio ",
    "verstuurd vanaf ",
    "verzonden vanaf ",
    "verzonden met ",
    "wysłane z ",
    "wysłano z ",
    "outlook für ",
    "télécharger outlook ",
}));

constexpr PrefixTable kPostscripts(std::to_array<std::string_view>({"p.s", "ps:", "ps.", "ps ", "ps-", "p.d",
                                                                    "pd:", "p. s"}));

constexpr auto kNameParticles =
    std::to_array<std::string_view>({"von", "van", "de", "der", "den", "da", "do", "dos", "di", "del", "la",
                                     "le", "al", "el", "y", "zu", "and"});

constexpr std::size_t kClosingOctets = 48;
constexpr std::size_t kClosingWords = 6;
constexpr std::size_t kBlockLines = 20;
constexpr std::size_t kBareDelimiterLines = 10;
constexpr std::size_t kProgramLineOctets = 90;

bool is_own(const TextLine& line) { return line.kind == SegmentKind::human && line.depth == 0; }

bool is_closing(std::string_view folded) {
  return folded.size() <= kClosingOctets && kClosings.starts(folded) &&
         count_blank_separated(folded) <= kClosingWords && folded.find('?') == std::string_view::npos;
}

bool is_program_line(std::string_view folded) {
  return folded.size() <= kProgramLineOctets && kProgramLines.starts(folded);
}

/// A postscript is said, not signed.
bool is_postscript(std::string_view folded) { return kPostscripts.starts(folded); }

bool is_letter(char octet) { return is_ascii_alpha(octet) || static_cast<unsigned char>(octet) >= 0x80; }

bool is_name_word(std::string_view word) {
  const char first = word.front();
  const bool capital = (first >= 'A' && first <= 'Z') || static_cast<unsigned char>(first) >= 0x80 ||
                       first == '(' || first == '"';
  return capital || std::any_of(kNameParticles.begin(), kNameParticles.end(),
                                [&](std::string_view particle) { return word == particle; });
}

/// "Jane Doe", "J. van der Doe", "jane": no digits, few words, all capitalised unless it is but one.
bool is_name(std::string_view words) {
  constexpr std::size_t kMostOctets = 60;
  constexpr std::size_t kMostWords = 5;
  if (words.empty() || words.size() > kMostOctets) return false;
  if (words.find_first_of("0123456789?!:;/@") != std::string_view::npos) return false;
  if (std::none_of(words.begin(), words.end(), is_letter)) return false;
  std::size_t count = 0;
  bool capitals = true;
  for (const std::string_view word : split(words, ' ')) {
    if (word.empty()) continue;
    ++count;
    capitals = capitals && is_name_word(word);
  }
  return count == 1 || (count <= kMostWords && capitals);
}

/// A sentence rather than a line of a business card.
bool is_prose(const TextLine& line) {
  constexpr std::size_t kCardWords = 10;
  constexpr std::size_t kCardWordsWithContact = 25;
  const std::size_t words = count_blank_separated(line.words);
  if (has_contact_mark(line.words)) return words > kCardWordsWithContact;
  const char last = line.words.empty() ? ' ' : line.words.back();
  const bool stopped = last == '.' || last == '?' || last == '!' || last == ':';
  return words > kCardWords || (stopped && words >= 5) || last == '?';
}

/// What may stand in a business card behind an empty line.
bool is_card_line(const TextLine& line) {
  return is_name(line.words) || has_contact_mark(line.words) ||
         std::any_of(line.words.begin(), line.words.end(), is_ascii_digit);
}

class SignatureMarker {
 public:
  explicit SignatureMarker(TextLines& lines) : lines_(lines) {}

  void run() {
    mark_single_lines();
    for (std::size_t at = 0; at < lines_.size();) {
      std::size_t end = at;
      while (end < lines_.size() && is_own(lines_[end])) ++end;
      if (end == at) {
        ++at;
        continue;
      }
      mark_run(at, end);
      at = end;
    }
  }

 private:
  void mark_single_lines() {
    bool inside_pgp = false;
    for (TextLine& line : lines_) {
      if (!is_own(line)) {
        inside_pgp = false;
        continue;
      }
      if (line.folded == "-----begin pgp signature-----") inside_pgp = true;
      const bool added = inside_pgp || (has_words_ && is_program_line(line.folded));
      if (added) line.kind = SegmentKind::signature;
      if (!added && !line.blank()) has_words_ = true;
      if (line.folded == "-----end pgp signature-----") inside_pgp = false;
    }
    has_words_ = false;
  }

  /// Lines [begin, end) are the sender's own.
  void mark_run(std::size_t begin, std::size_t end) {
    std::size_t filled_left = 0;
    for (std::size_t i = begin; i < end; ++i) filled_left += lines_[i].blank() ? 0 : 1;
    for (std::size_t at = begin; at < end; ++at) {
      const TextLine& line = lines_[at];
      if (line.blank()) continue;
      --filled_left;
      if (has_words_ && is_delimiter(at) && filled_left > 0 && filled_left <= most_lines_behind(at)) {
        mark_behind_delimiter(at, end);
        return;
      }
      if (has_words_ && starts_contact_block(at, end, begin)) {
        for (; at < end; ++at) lines_[at].kind = SegmentKind::signature;
        return;
      }
      has_words_ = true;
      if (is_closing(line.folded)) {
        const std::size_t behind = mark_card(at + 1, end);
        for (std::size_t i = at + 1; i < behind; ++i) filled_left -= lines_[i].blank() ? 0 : 1;
        at = behind - 1;
      }
    }
  }

  [[nodiscard]] bool is_delimiter(std::size_t at) const { return lines_[at].words == "--"; }

  /// A delimiter without its blank may be a mere dividing line, so fewer lines behind it are believed to be a signature.
  [[nodiscard]] std::size_t most_lines_behind(std::size_t at) const {
    return lines_[at].span.size() > 3 ? kBlockLines : kBareDelimiterLines;
  }

  void mark_behind_delimiter(std::size_t at, std::size_t end) {
    bool postscript = false;
    for (; at < end; ++at) {
      TextLine& line = lines_[at];
      if (line.blank()) postscript = false;
      if (is_postscript(line.folded)) postscript = true;
      if (!postscript) line.kind = SegmentKind::signature;
    }
  }

  /// Marks name, title, telephone and address from `at` on. Returns the index behind them, `at` when there are none.
  std::size_t mark_card(std::size_t at, std::size_t end) {
    const std::size_t name = skip_blank_lines(lines_, at);
    if (name >= end || !is_name(lines_[name].words)) return at;
    std::size_t behind = name;
    std::size_t filled = 0;
    for (std::size_t i = name; i < end && filled < kBlockLines; ++i) {
      if (lines_[i].blank()) continue;
      if (is_postscript(lines_[i].folded) || is_prose(lines_[i])) break;
      if (lines_[i - 1].blank() && !is_card_line(lines_[i])) break;
      ++filled;
      behind = i + 1;
    }
    for (std::size_t i = at; i < behind; ++i) lines_[i].kind = SegmentKind::signature;
    return behind;
  }

  /// A last paragraph of at least three lines, a name on top and a way to reach it below, none of them a sentence.
  [[nodiscard]] bool starts_contact_block(std::size_t at, std::size_t end, std::size_t begin) const {
    constexpr std::size_t kFewestLines = 3;
    if (at == begin || !lines_[at - 1].blank() || !is_name(lines_[at].words)) return false;
    std::size_t filled = 0;
    bool contact = false;
    for (std::size_t i = at; i < end; ++i) {
      if (lines_[i].blank()) continue;
      if (++filled > kBlockLines || is_prose(lines_[i]) || is_postscript(lines_[i].folded)) return false;
      contact = contact || (has_contact_mark(lines_[i].words) && lines_[i].words.size() <= 80);
    }
    return filled >= kFewestLines && contact;
  }

  TextLines& lines_;
  bool has_words_ = false;
};

}  // namespace

void mark_signatures(TextLines& lines) { SignatureMarker(lines).run(); }

}  // namespace coldpitch
