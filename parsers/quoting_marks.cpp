// SPDX-License-Identifier: MIT
#include "parsers/quoting_marks.h"

#include <algorithm>
#include <array>
#include <utility>

#include "parsers/text.h"

namespace coldpitch {
namespace {

// The tables hold folded words, as fold_text() gives them.

constexpr auto kOriginalWords = std::to_array<std::string_view>({
    "original message",
    "original appointment",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "ursprünglicher termin",
    "message d'origine",
    "message original",
    "message initial",
    "mensaje original",
    "messaggio originale",
    "mensagem original",
    "oorspronkelijk bericht",
    "origineel bericht",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "reply message",
    "original mail",
});

constexpr auto kForwardWords = std::to_array<std::string_view>({
    "forwarded message",
    "forwarded by",
    "forwarded email",
    "forward message",
    "begin forwarded message",
    "start of forwarded message",
    "weitergeleitete nachricht",
    "weitergeleitet von",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail",
    "message transféré",
    "message transmis",
    "début du message transféré",
    "début du message réexpédié",
    "mensaje reenviado",
    "inicio del mensaje reenviado",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "mensagem encaminhada",
    "mensagem reencaminhada",
    "início da mensagem encaminhada",
    "início da mensagem reencaminhada",
    "doorgestuurd bericht",
    "begin doorgestuurd bericht",
    "wiadomość przekazana dalej",
    "przekazana wiadomość",
    "treść przekazanej wiadomości",
    "początek przekazywanej wiadomości",
});

enum class Label : std::uint8_t { none, author, sent, date, recipient, copy, subject, other };

struct LabelWord {
  std::string_view word;
  Label label;
};

constexpr std::array kLabels = {
    LabelWord{"from", Label::author},
    LabelWord{"von", Label::author},
    LabelWord{"de", Label::author},
    LabelWord{"da", Label::author},
    LabelWord{"van", Label::author},
    LabelWord{"od", Label::author},
    LabelWord{"sent", Label::sent},
    LabelWord{"gesendet", Label::sent},
    LabelWord{"gesendet am", Label::sent},
    LabelWord{"envoyé", Label::sent},
    LabelWord{"envoyé le", Label::sent},
    LabelWord{"enviado", Label::sent},
    LabelWord{"enviado el", Label::sent},
    LabelWord{"enviado em", Label::sent},
    LabelWord{"enviada", Label::sent},
    LabelWord{"enviada em", Label::sent},
    LabelWord{"inviato", Label::sent},
    LabelWord{"data invio", Label::sent},
    LabelWord{"verzonden", Label::sent},
    LabelWord{"wysłano", Label::sent},
    LabelWord{"wysłane", Label::sent},
    LabelWord{"date", Label::date},
    LabelWord{"datum", Label::date},
    LabelWord{"fecha", Label::date},
    LabelWord{"data", Label::date},
    LabelWord{"to", Label::recipient},
    LabelWord{"an", Label::recipient},
    LabelWord{"à", Label::recipient},
    LabelWord{"a", Label::recipient},
    LabelWord{"para", Label::recipient},
    LabelWord{"aan", Label::recipient},
    LabelWord{"do", Label::recipient},
    LabelWord{"cc", Label::copy},
    LabelWord{"kopie", Label::copy},
    LabelWord{"kopia", Label::copy},
    LabelWord{"dw", Label::copy},
    LabelWord{"cci", Label::copy},
    LabelWord{"bcc", Label::copy},
    LabelWord{"subject", Label::subject},
    LabelWord{"betreff", Label::subject},
    LabelWord{"objet", Label::subject},
    LabelWord{"asunto", Label::subject},
    LabelWord{"oggetto", Label::subject},
    LabelWord{"assunto", Label::subject},
    LabelWord{"onderwerp", Label::subject},
    LabelWord{"temat", Label::subject},
    LabelWord{"importance", Label::other},
    LabelWord{"attachments", Label::other},
    LabelWord{"reply-to", Label::other},
    LabelWord{"priority", Label::other},
    LabelWord{"wichtigkeit", Label::other},
    LabelWord{"priorität", Label::other},
    LabelWord{"anlagen", Label::other},
    LabelWord{"importancia", Label::other},
    LabelWord{"pièces jointes", Label::other},
    LabelWord{"organization", Label::other},
    LabelWord{"message-id", Label::other},
    LabelWord{"auto forwarded by", Label::other},
};

/// How an attribution may begin; a date stands behind most of them.
constexpr auto kOpeners = std::to_array<std::string_view>({
    "on ",    "at ",   "am ",   "le ",     "el ",   "il ",     "em ",
    "op ",    "en ",   "a ",    "w dniu ", "dnia ", "no dia ", "in a message dated ",
    "pon., ", "wt., ", "śr., ", "czw., ",  "pt., ", "sob., ",  "niedz., ",
    "mon, ",  "tue, ", "wed, ", "thu, ",   "fri, ", "sat, ",   "sun, ",
});

constexpr auto kNamingOpeners =
    std::to_array<std::string_view>({"quoting ", "zitat von ", "citando ", "wiadomość napisana przez "});

constexpr auto kVerbs = std::to_array<std::string_view>({
    "wrote",    "writes",     "schrieb", "schrieben", "geschrieben", "écrit",   "ecrit",
    "escribió", "escribio",   "scritto", "scrive",    "escreveu",    "schreef", "geschreven",
    "pisze",    "napisał(a)", "napisał", "napisała",  "napisano",
});

constexpr std::size_t kAttributionLines = 4;
constexpr std::size_t kAttributionOctets = 400;
constexpr std::size_t kDateWithin = 40;
constexpr std::size_t kBlockLines = 20;
constexpr std::size_t kContinuationLines = 4;

template <class Table>
bool any_prefix(std::string_view text, const Table& table) {
  return std::any_of(table.begin(), table.end(),
                     [&](std::string_view word) { return text.substr(0, word.size()) == word; });
}

bool is_rule_octet(char octet) { return octet == '-' || octet == '_' || octet == '=' || octet == '*'; }

/// Without the marks of bold text and the blanks at the ends.
std::string_view without_bold(std::string_view folded) {
  while (!folded.empty() && (folded.front() == '*' || folded.front() == ' ')) folded.remove_prefix(1);
  while (!folded.empty() && (folded.back() == '*' || folded.back() == ' ')) folded.remove_suffix(1);
  return folded;
}

Label read_label(std::string_view folded) {
  folded = without_bold(folded);
  const std::size_t colon = folded.substr(0, 24).find(':');
  if (colon == std::string_view::npos) return Label::none;
  const std::string_view word = without_bold(folded.substr(0, colon));
  const auto* const found = std::find_if(kLabels.begin(), kLabels.end(),
                                         [&](const LabelWord& entry) { return entry.word == word; });
  return found == kLabels.end() ? Label::none : found->label;
}

bool is_rule_line(std::string_view folded) {
  return folded.size() >= 5 && std::all_of(folded.begin(), folded.end(), is_rule_octet);
}

/// Which labels were met in a header block.
struct Labels {
  std::array<bool, 8> met{};
  void add(Label label) { met.at(static_cast<std::size_t>(label)) = true; }
  [[nodiscard]] bool has(Label label) const { return met.at(static_cast<std::size_t>(label)); }
  [[nodiscard]] bool describe_message() const {
    const bool addressed = has(Label::recipient) || has(Label::copy);
    const bool dated = has(Label::sent) || has(Label::date);
    return has(Label::subject) ? addressed || dated : has(Label::sent) && addressed;
  }
};

/// Reads labelled lines from `at` on. Returns the index behind the last of them.
std::size_t read_labels(const TextLines& lines, std::size_t at, Labels& labels) {
  std::size_t end = at;
  std::size_t unlabelled = 0;
  for (std::size_t i = at; i < lines.size() && i - at < kBlockLines; ++i) {
    if (lines[i].depth != lines[at].depth) break;
    if (lines[i].blank()) {
      // Some mail programs double every line end: one empty line may stand between two labels.
      if (i + 1 >= lines.size() || read_label(lines[i + 1].folded) == Label::none) break;
      continue;
    }
    const Label label = read_label(lines[i].folded);
    if (label == Label::none) {
      if (++unlabelled > kContinuationLines || labels.has(Label::subject)) break;
      continue;
    }
    if (label == Label::author && i != at) break;
    unlabelled = 0;
    labels.add(label);
    end = i + 1;
  }
  return end;
}

/// "09/01/2000 10:12 AM": what Notes puts under or behind the name.
bool has_date_and_time(std::string_view folded) {
  return folded.size() <= 120 && folded.find('/') != std::string_view::npos &&
         folded.find(':') != std::string_view::npos &&
         std::count_if(folded.begin(), folded.end(), is_ascii_digit) >= 6;
}

std::optional<QuotedHeader> read_notes_block(const TextLines& lines, std::size_t at) {
  std::size_t dated = at;
  if (!has_date_and_time(lines[at].folded)) dated = skip_blank_lines(lines, at + 1);
  if (dated >= lines.size() || dated - at > 2 || !has_date_and_time(lines[dated].folded)) return std::nullopt;
  if (dated != at && count_blank_separated(lines[at].words) > 6) return std::nullopt;
  const std::size_t first = skip_blank_lines(lines, dated + 1);
  if (first >= lines.size() || first - dated > 3 || lines[first].depth != lines[at].depth)
    return std::nullopt;
  const Label label = read_label(lines[first].folded);
  if (label != Label::recipient && label != Label::subject) return std::nullopt;
  Labels labels;
  const std::size_t end = read_labels(lines, first, labels);
  if (!labels.has(Label::subject) || !(labels.has(Label::recipient) || labels.has(Label::copy)))
    return std::nullopt;
  return QuotedHeader{at, end, std::string(lines[at].words)};
}

bool has_verb(std::string_view folded) {
  return std::any_of(kVerbs.begin(), kVerbs.end(),
                     [&](std::string_view verb) { return contains_word(folded, verb); });
}

bool has_time_or_year(std::string_view folded) {
  std::size_t digits = 0;
  for (std::size_t i = 0; i < folded.size(); ++i) {
    digits = is_ascii_digit(folded[i]) ? digits + 1 : 0;
    if (digits == 4) return true;
    const bool colon_follows = i + 2 < folded.size() && (folded[i + 1] == ':' || folded[i + 1] == 'h');
    if (digits > 0 && colon_follows && is_ascii_digit(folded[i + 2])) return true;
  }
  return false;
}

/// "2024-06-03", "3/6/24", "03.06.2024"
bool starts_with_date(std::string_view folded) {
  const std::size_t digits = folded.find_first_not_of("0123456789");
  return digits != std::string_view::npos && digits > 0 && digits <= 4 && digits + 1 < folded.size() &&
         std::string_view("-/.").find(folded[digits]) != std::string_view::npos &&
         is_ascii_digit(folded[digits + 1]);
}

/// "On Monday, June 3": an opener and at most three words before the first digit.
bool opens_with_date(std::string_view folded) {
  constexpr std::size_t kMostWordsBefore = 3;
  const auto opener = std::find_if(kOpeners.begin(), kOpeners.end(),
                                   [&](std::string_view word) { return folded.starts_with(word); });
  if (opener == kOpeners.end()) return false;
  const std::string_view start = folded.substr(opener->size(), kDateWithin);
  const std::size_t digit = start.find_first_of("0123456789");
  return digit != std::string_view::npos && count_blank_separated(start.substr(0, digit)) <= kMostWordsBefore;
}

enum class Certainty : std::uint8_t { none, with_quote, alone };

/// `folded` ends with a colon.
Certainty judge_attribution(std::string_view folded) {
  const bool verb = has_verb(folded);
  const bool address = folded.find('@') != std::string_view::npos;
  if (any_prefix(folded, kNamingOpeners)) return address ? Certainty::alone : Certainty::with_quote;
  const bool date_first = starts_with_date(folded);
  if (!date_first && !opens_with_date(folded)) return Certainty::none;
  // Gmail once wrote "2014-03-12 10:00 GMT+01:00 Jane Doe <jane@example.org>:".
  const bool verbless = date_first && contains_word(folded, "gmt") && address;
  if (!verb && !verbless) return Certainty::none;
  return address || has_time_or_year(folded) ? Certainty::alone : Certainty::with_quote;
}

/// The second line of a folded "Jane Doe / <jane@example.org> wrote:".
bool goes_on_from_name(std::string_view folded) {
  return folded.front() == '<' || any_prefix(folded, kVerbs) ||
         any_prefix(folded, std::to_array<std::string_view>({"a écrit", "ha scritto"}));
}

/// "Jane Doe <jane@example.org> wrote:", "Jane Doe wrote on Mon, 3 Jun 2024:", "You wrote:".
Certainty judge_naming_attribution(std::string_view folded) {
  constexpr std::size_t kMostWords = 5;
  constexpr std::size_t kMostWordsWithMark = 14;
  if (!has_verb(folded)) return Certainty::none;
  const std::size_t words = count_blank_separated(folded);
  const std::size_t address = folded.find('<');
  const bool addressed =
      address != std::string_view::npos && folded.find('@', address) != std::string_view::npos;
  if (addressed && words <= kMostWordsWithMark) return Certainty::alone;
  const bool dated = has_time_or_year(folded) && words <= kMostWordsWithMark;
  return dated || words <= kMostWords ? Certainty::with_quote : Certainty::none;
}

bool deeper_quote_follows(const TextLines& lines, std::size_t at, std::size_t depth) {
  at = skip_blank_lines(lines, at);
  return at < lines.size() && lines[at].depth > depth;
}

/// Only a sentence that ends with a colon is an attribution, whatever marks of bold text follow.
bool may_end_attribution(const TextLines& lines, std::size_t at) {
  const std::size_t end = std::min(at + kAttributionLines, lines.size());
  return std::any_of(lines.begin() + static_cast<std::ptrdiff_t>(at),
                     lines.begin() + static_cast<std::ptrdiff_t>(end), [](const TextLine& line) {
                       const std::string_view words = without_bold(line.folded);
                       return !line.blank() && (words.empty() || words.back() == ':');
                     });
}

}  // namespace

Separator read_separator(std::string_view folded) {
  if (folded.size() > 200) return Separator::none;
  std::string_view inner = folded;
  while (!inner.empty() && (is_rule_octet(inner.front()) || inner.front() == ' ')) inner.remove_prefix(1);
  const bool ruled = folded.size() - inner.size() >= 2;
  while (!inner.empty() && (is_rule_octet(inner.back()) || inner.back() == ' ' || inner.back() == ':'))
    inner.remove_suffix(1);
  const auto is_inner = [&](std::string_view words) { return inner == words; };
  if (ruled && std::any_of(kOriginalWords.begin(), kOriginalWords.end(), is_inner))
    return Separator::original;
  const bool announced = ruled || (!folded.empty() && folded.back() == ':');
  if (announced && std::any_of(kForwardWords.begin(), kForwardWords.end(), is_inner))
    return Separator::forward;
  // Notes: "---- Forwarded by Jane Doe/EXAMPLE on 03/20/2001 08:13 AM ----".
  const bool notes = ruled && has_time_or_year(inner);
  return notes && any_prefix(inner, std::to_array<std::string_view>({"forwarded by ", "weitergeleitet von "}))
             ? Separator::forward
             : Separator::none;
}

std::optional<QuotedHeader> read_header_block(const TextLines& lines, std::size_t at) {
  std::size_t first = at;
  if (is_rule_line(lines[at].folded)) {
    first = skip_blank_lines(lines, at + 1);
    if (first >= lines.size() || first - at > 2 || lines[first].depth != lines[at].depth) return std::nullopt;
  }
  if (read_label(lines[first].folded) != Label::author) return read_notes_block(lines, at);
  Labels labels;
  const std::size_t end = read_labels(lines, first, labels);
  if (!labels.describe_message()) return std::nullopt;
  return QuotedHeader{at, end, std::string(lines[first].words)};
}

std::optional<Attribution> read_attribution(const TextLines& lines, std::size_t at) {
  if (!may_end_attribution(lines, at)) return std::nullopt;
  std::string folded;
  std::string words;
  for (std::size_t i = at; i < lines.size() && i - at < kAttributionLines; ++i) {
    const TextLine& line = lines[i];
    if (line.blank() || line.depth != lines[at].depth) break;
    if (folded.size() + line.folded.size() > kAttributionOctets) break;
    if (i != at) folded += ' ', words += ' ';
    folded += line.folded;
    words += line.words;
    const std::string_view sentence = without_bold(folded);
    if (sentence.empty() || sentence.back() != ':') continue;
    Certainty certainty = judge_attribution(sentence);
    if (certainty == Certainty::none && (i == at || (i == at + 1 && goes_on_from_name(line.folded)))) {
      certainty = judge_naming_attribution(sentence);
    }
    const bool alone = certainty == Certainty::alone;
    if (alone ||
        (certainty == Certainty::with_quote && deeper_quote_follows(lines, i + 1, lines[at].depth))) {
      return Attribution{i + 1, std::move(words), alone};
    }
  }
  return std::nullopt;
}

}  // namespace coldpitch
