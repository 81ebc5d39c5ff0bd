// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "parsers/fold.h"
#include "parsers/quoting_closing.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

// The tables hold folded words, as fold_text() gives them.

/// Words only a list manager writes.
constexpr auto kListWords = std::to_array<std::string_view>({
    "/mailman/listinfo/",
    "/mailman3/",
    "to unsubscribe from this list: send the line",
    "-unsubscribe@",
    "you received this message because you are subscribed to the google groups",
    "to unsubscribe from this group and stop receiving emails from it",
    "groups.io links: you receive all messages sent to this group",
    "yahoo! groups links",
    "to post to this group, send",
    "majordomo@",
    "listserv@",
    "sympa@",
});

/// Each of the list's words holds one of these, which are quick to look for: their first octet is rare.
constexpr auto kListMarks = std::to_array<std::string_view>({"@", "/mailman", "group", ": send the line"});

constexpr std::size_t kFooterRuleOctets = 5;
constexpr std::size_t kFooterLines = 30;
constexpr std::size_t kFooterLookAhead = 6;

/// How a legal notice begins. Blanks, quotes and stars in front are skipped.
constexpr PrefixTable kNoticeOpeners(std::to_array<std::string_view>({
    "this e-mail",
    "this email",
    "this message",
    "this communication",
    "this electronic mail",
    "this transmission",
    "the information contained",
    "the information in this",
    "the information transmitted",
    "the contents of this",
    "the content of this",
    "confidentiality notice",
    "confidentiality:",
    "confidential:",
    "disclaimer",
    "legal notice",
    "legal disclaimer",
    "privileged",
    "notice:",
    "important notice",
    "important:",
    "if you are not the intended",
    "if you have received this",
    "any views or opinions",
    "please consider the environment",
    "think before you print",
    "save a tree",
    "diese e-mail",
    "diese email",
    "diese nachricht",
    "diese mail",
    "der inhalt dieser",
    "die information",
    "der austausch von nachrichten",
    "vertraulichkeitshinweis",
    "haftungsausschluss",
    "wichtiger hinweis",
    "bitte denken sie an die umwelt",
    "bitte prüfen sie, ob diese",
    "ce message",
    "ce courriel",
    "cet e-mail",
    "ce mail",
    "les informations contenues",
    "avis de confidentialité",
    "l'intégrité de ce",
    "pensez à l'environnement",
    "este mensaje",
    "este correo",
    "esta comunicación",
    "la información contenida",
    "aviso legal",
    "aviso de confidencialidad",
    "antes de imprimir",
    "questo messaggio",
    "questa e-mail",
    "questa email",
    "il presente messaggio",
    "la presente comunicazione",
    "le informazioni contenute",
    "avviso di riservatezza",
    "ai sensi del",
    "esta mensagem",
    "este e-mail",
    "este email",
    "a informação contida",
    "as informações contidas",
    "aviso de confidencialidade",
    "dit bericht",
    "deze e-mail",
    "dit e-mailbericht",
    "dit emailbericht",
    "de informatie in",
    "de inhoud van dit",
    "denk aan het milieu",
    "ta wiadomość",
    "niniejsza wiadomość",
    "niniejszy e-mail",
    "treść tej wiadomości",
    "informacje zawarte",
    "uwaga:",
    "pomyśl o środowisku",
}));

struct Stem {
  std::string_view words;
  unsigned weight;
};

/// What legal notices say. Three points make a notice.
constexpr std::array kNoticeStems = {
    Stem{"intended recipient", 2},
    Stem{"intended solely", 2},
    Stem{"intended only", 2},
    Stem{"named addressee", 2},
    Stem{"sole use of", 2},
    Stem{"exclusive use of", 2},
    Stem{"in error", 1},
    Stem{"confidential", 1},
    Stem{"privileged", 1},
    Stem{"unauthorised", 1},
    Stem{"unauthorized", 1},
    Stem{"dissemination", 1},
    Stem{"strictly prohibited", 2},
    Stem{"notify the sender", 2},
    Stem{"notify us immediately", 1},
    Stem{"legally binding", 1},
    Stem{"accepts no liability", 2},
    Stem{"viruses", 1},
    Stem{"views or opinions", 2},
    Stem{"before printing", 3},
    Stem{"before you print", 3},
    Stem{"vertraulich", 2},
    Stem{"rechtlich geschützt", 2},
    Stem{"irrtümlich", 1},
    Stem{"richtige adressat", 2},
    Stem{"adressat", 1},
    Stem{"unbefugt", 1},
    Stem{"nicht gestattet", 1},
    Stem{"vernichten sie", 1},
    Stem{"informieren sie", 1},
    Stem{"ausdrucken", 3},
    Stem{"rechtsverbindlich", 1},
    Stem{"confidentiel", 2},
    Stem{"destinataire", 2},
    Stem{"par erreur", 1},
    Stem{"usage exclusif", 2},
    Stem{"interdite", 1},
    Stem{"d'imprimer", 3},
    Stem{"confidencial", 2},
    Stem{"destinatari", 2},
    Stem{"por error", 1},
    Stem{"prohibid", 1},
    Stem{"antes de imprimir", 3},
    Stem{"riservat", 1},
    Stem{"per errore", 2},
    Stem{"vietat", 1},
    Stem{"2016/679", 1},
    Stem{"por engano", 2},
    Stem{"proibid", 1},
    Stem{"vertrouwelijk", 2},
    Stem{"geadresseerde", 2},
    Stem{"ten onrechte", 1},
    Stem{"bestemd voor", 1},
    Stem{"afdrukt", 3},
    Stem{"poufn", 2},
    Stem{"adresat", 1},
    Stem{"omyłkowo", 1},
    Stem{"wyłącznie dla", 1},
    Stem{"zabronion", 1},
    Stem{"wydrukujesz", 3},
};

constexpr unsigned kNoticePoints = 3;
constexpr std::size_t kNoticeOctets = 4000;

bool is_own(const TextLine& line) { return line.kind == SegmentKind::human && line.depth == 0; }

/// "users mailing list", "users mailing list -- users@example.org"
bool names_list(std::string_view folded) {
  constexpr std::string_view kMailingList = " mailing list";
  constexpr std::size_t kMostWordsBefore = 2;
  const std::size_t at = folded.find(kMailingList);
  if (at == std::string_view::npos || count_blank_separated(folded.substr(0, at)) > kMostWordsBefore)
    return false;
  const std::string_view rest = folded.substr(at + kMailingList.size());
  return rest.empty() || rest.substr(0, 4) == " -- ";
}

bool has_list_words(std::string_view folded) {
  const auto is_in_line = [&](std::string_view words) {
    return folded.find(words) != std::string_view::npos;
  };
  return std::any_of(kListMarks.begin(), kListMarks.end(), is_in_line) &&
         std::any_of(kListWords.begin(), kListWords.end(), is_in_line);
}

bool is_footer_rule(std::string_view folded) {
  const bool dashes = std::all_of(folded.begin(), folded.end(),
                                  [](char octet) { return octet == '_' || octet == '-' || octet == '='; });
  return dashes && (folded.size() >= kFooterRuleOctets || folded == "--");
}

/// Behind the last line of a footer that starts at `at`.
std::size_t footer_end(const TextLines& lines, std::size_t at) {
  std::size_t filled = 0;
  for (; at < lines.size() && is_own(lines[at]); ++at) {
    if (!lines[at].blank() && ++filled > kFooterLines) break;
  }
  return at;
}

/// True when a line that only a list manager writes follows within a few lines.
bool list_words_follow(const TextLines& lines, std::size_t at) {
  for (std::size_t i = at; i < lines.size() && i - at <= kFooterLookAhead && is_own(lines[i]); ++i) {
    if (names_list(lines[i].folded) || has_list_words(lines[i].folded)) return true;
  }
  return false;
}

bool opens_notice(std::string_view folded) {
  const std::size_t letters = folded.find_first_not_of(" *\"'_-#[(=");
  if (letters == std::string_view::npos) return false;
  folded.remove_prefix(letters);
  return kNoticeOpeners.starts(folded);
}

bool reads_as_notice(std::string_view folded) {
  unsigned points = 0;
  for (const Stem& stem : kNoticeStems) {
    if (folded.find(stem.words) != std::string_view::npos) points += stem.weight;
  }
  return points >= kNoticePoints;
}

/// Behind the last line of the paragraph at `at`.
std::size_t paragraph_end(const TextLines& lines, std::size_t at) {
  while (at < lines.size() && is_own(lines[at]) && !lines[at].blank()) ++at;
  return at;
}

std::string folded_paragraph(const TextLines& lines, std::size_t begin, std::size_t end) {
  std::string words;
  for (std::size_t i = begin; i < end && words.size() < kNoticeOctets; ++i) {
    words += utf8_prefix(lines[i].words, kNoticeOctets);
    words += ' ';
  }
  return fold_text(words).text;
}

}  // namespace

void mark_list_footers(TextLines& lines) {
  for (std::size_t at = 0; at < lines.size();) {
    const TextLine& line = lines[at];
    std::size_t end = at;
    if (is_own(line) && !line.blank()) {
      if (is_footer_rule(line.folded) && list_words_follow(lines, at)) {
        end = footer_end(lines, at);
      } else if (has_list_words(line.folded)) {
        end = at + 1;
      }
    }
    for (std::size_t i = at; i < end; ++i) lines[i].kind = SegmentKind::list_footer;
    at = std::max(end, at + 1);
  }
}

void mark_disclaimers(TextLines& lines) {
  for (std::size_t at = 0; at < lines.size();) {
    if (!is_own(lines[at]) || !opens_notice(lines[at].folded)) {
      ++at;
      continue;
    }
    // What failed once is not looked at again from a later line of the same paragraph: that would say less.
    const std::size_t end = paragraph_end(lines, at);
    const bool notice = reads_as_notice(folded_paragraph(lines, at, end));
    for (; at < end; ++at) {
      if (notice) lines[at].kind = SegmentKind::disclaimer;
    }
  }
}

}  // namespace coldpitch
