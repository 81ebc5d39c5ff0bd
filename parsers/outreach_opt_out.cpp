// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parsers/fold.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// A word of folded text.
struct Token {
  std::string_view word;
  bool quoted = false;  ///< a quotation mark stands before it
  bool begins = false;  ///< a sentence ended before it
};

// The tables hold folded words, as fold_text() gives them; a phrase is words set apart by one blank.

constexpr auto kReplyVerbs = std::to_array<std::string_view>({
    "reply",        "replying",   "respond",     "responding",   "answer",          "answering",
    "antworten",    "antworte",   "antwort",     "antwortet",    "zurückschreiben", "répondez",
    "réponds",      "répondre",   "répondant",   "responda",     "responde",        "responder",
    "respondiendo", "conteste",   "contesta",    "contestar",    "rispondi",        "risponda",
    "rispondete",   "rispondere", "rispondendo", "respondam",    "respondendo",     "responder-nos",
    "antwoord",     "antwoorden", "reageer",     "reageren",     "odpowiedz",       "odpowiedzieć",
    "odpisz",       "odpisać",    "odpisując",   "odpowiadając",
});

/// What may stand between the verb and what is to be replied.
constexpr auto kFillers = std::to_array<std::string_view>({
    "with",
    "a",
    "an",
    "the",
    "to",
    "this",
    "that",
    "by",
    "back",
    "me",
    "us",
    "email",
    "e",
    "mail",
    "message",
    "just",
    "simple",
    "simply",
    "quick",
    "saying",
    "say",
    "word",
    "words",
    "and",
    "or",
    "i",
    "will",
    "type",
    "typing",
    "using",
    "let",
    "know",
    "you",
    "are",
    "you're",
    "it's",
    "in",
    "subject",
    "line",
    "mit",
    "auf",
    "diese",
    "nachricht",
    "einfach",
    "kurz",
    "sie",
    "bitte",
    "dem",
    "wort",
    "einem",
    "mir",
    "avec",
    "par",
    "à",
    "ce",
    "cet",
    "le",
    "mot",
    "simplement",
    "un",
    "con",
    "la",
    "el",
    "palabra",
    "este",
    "correo",
    "mensaje",
    "simplemente",
    "una",
    "semplice",
    "semplicemente",
    "parola",
    "questa",
    "com",
    "esta",
    "mensagem",
    "palavra",
    "met",
    "op",
    "deze",
    "het",
    "woord",
    "na",
    "tę",
    "wiadomość",
    "hasło",
    "treści",
    "słowo",
    "słowem",
    "o",
    "proszę",
    "por",
    "favor",
});

/// What a reader is asked to reply.
constexpr auto kRefusals = std::to_array<std::string_view>({
    "stop",
    "remove",
    "remove me",
    "unsubscribe",
    "unsubscribe me",
    "no thanks",
    "no thank you",
    "not interested",
    "exclude",
    "leave out",
    "opt out",
    "take me off",
    "optout",
    "nein danke",
    "kein interesse",
    "abmelden",
    "austragen",
    "désinscription",
    "désinscrire",
    "désabonner",
    "non merci",
    "pas intéressé",
    "baja",
    "no gracias",
    "no me interesa",
    "no estoy interesado",
    "cancella",
    "cancellami",
    "no grazie",
    "non interessato",
    "non mi interessa",
    "rimuovi",
    "sair",
    "remover",
    "descadastrar",
    "não obrigado",
    "não tenho interesse",
    "afmelden",
    "geen interesse",
    "nee bedankt",
    "rezygnuję",
    "wypisz",
    "nie dziękuję",
    "nie jestem zainteresowany",
    "usuń",
});

/// "with STOP in the subject line".
constexpr auto kSubjectPlaces = std::to_array<std::string_view>({
    "in the subject",
    "as the subject",
    "in your subject",
    "as subject",
    "in subject",
    "im betreff",
    "als betreff",
    "en objet",
    "dans l'objet",
    "en el asunto",
    "nell'oggetto",
    "come oggetto",
    "no assunto",
    "in het onderwerp",
    "w temacie",
    "w tytule",
});

/// Whole sentences' cores.
constexpr auto kPhrases = std::to_array<std::string_view>({
    "rather not hear from",
    "prefer not to hear from",
    "don't want to hear from me",
    "don't wish to hear from me",
    "won't reach out again",
    "will not reach out again",
    "won't contact you again",
    "will not contact you again",
    "won't email you again",
    "will not email you again",
    "won't bother you again",
    "will not bother you again",
    "never hear from me again",
    "not hear from me again",
    "tell me to stop",
    "i'll stop reaching out",
    "i'll stop emailing",
    "take you off my list",
    "remove you from my list",
    "remove you from our list",
    "take you off our list",
    "werde mich nicht mehr melden",
    "melde ich mich nicht mehr",
    "werde sie nicht mehr kontaktieren",
    "ne vous recontacterai plus",
    "ne vous contacterai plus",
    "no volveré a contactar",
    "no volveré a escribir",
    "no le volveré a escribir",
    "non la contatterò più",
    "non ti scriverò più",
    "não voltarei a contactar",
    "não voltarei a contatar",
    "niet meer van mij horen",
    "zal u niet meer benaderen",
    "nie będę więcej pisać",
    "nie będę się więcej kontaktować",
});

constexpr std::size_t kMostFillers = 8;

/// What an octet of a folded text does.
enum class OctetKind : std::uint8_t { other, word, apostrophe, quotes, ends_sentence };

constexpr std::array<OctetKind, 256> make_octet_kinds() {
  std::array<OctetKind, 256> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (i >= 0x80 || is_ascii_alnum(static_cast<char>(i))) kinds[i] = OctetKind::word;
  }
  kinds['\''] = OctetKind::apostrophe;
  kinds['"'] = OctetKind::quotes;
  for (const char end : {'.', '!', '?'}) kinds[static_cast<unsigned char>(end)] = OctetKind::ends_sentence;
  return kinds;
}

constexpr std::array<OctetKind, 256> kOctetKinds = make_octet_kinds();

OctetKind kind_of(char octet) { return kOctetKinds[static_cast<unsigned char>(octet)]; }

constexpr std::array<bool, 256> make_word_octets() {
  std::array<bool, 256> words{};
  for (std::size_t i = 0; i < words.size(); ++i) {
    words[i] = kOctetKinds[i] == OctetKind::word || kOctetKinds[i] == OctetKind::apostrophe;
  }
  return words;
}

constexpr std::array<bool, 256> kWordOctets = make_word_octets();

bool is_word_octet(char octet) { return kWordOctets[static_cast<unsigned char>(octet)]; }

std::vector<Token> tokenise(std::string_view folded) {
  constexpr std::size_t kOctetsOfWord = 6;
  std::vector<Token> tokens;
  tokens.reserve(folded.size() / kOctetsOfWord + 1);
  bool quoted = false;
  bool begins = true;
  for (std::size_t at = 0; at < folded.size();) {
    const OctetKind kind = kind_of(folded[at]);
    const bool is_inside = kind == OctetKind::apostrophe && at > 0 && is_word_octet(folded[at - 1]);
    if (kind != OctetKind::word && !is_inside) {
      if (kind == OctetKind::quotes || kind == OctetKind::apostrophe) quoted = true;
      if (kind == OctetKind::ends_sentence) begins = true;
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < folded.size() && is_word_octet(folded[end])) ++end;
    std::string_view word = folded.substr(at, end - at);
    while (word.size() > 1 && word.back() == '\'') word.remove_suffix(1);
    tokens.push_back({word, quoted, begins});
    quoted = begins = false;
    at = end + (end < folded.size() && folded[end] == ' ' ? 1 : 0);
  }
  return tokens;
}

/// Tokens from `at` on that spell `phrase`: how many, or 0.
std::size_t spells(const std::vector<Token>& tokens, std::size_t at, std::string_view phrase) {
  std::size_t count = 0;
  while (!phrase.empty()) {
    const std::string_view word = phrase.substr(0, phrase.find(' '));
    if (at + count >= tokens.size() || tokens[at + count].word != word) return 0;
    if (count > 0 && tokens[at + count].begins) return 0;
    phrase.remove_prefix(std::min(phrase.size(), word.size() + 1));
    ++count;
  }
  return count;
}

/// What may begin at a word.
struct Opening {
  bool reply_verb = false;
  bool bare_no = false;
  std::vector<std::string_view> phrases, refusals, subject_places;
};

/// Openings by the first word of what they open, so that each word of a text is looked up once.
class Openings {
 public:
  Openings() {
    for (const std::string_view verb : kReplyVerbs) openings_[verb].reply_verb = true;
    for (const std::string_view no : {"no", "nein", "non"}) openings_[no].bare_no = true;
    for (const std::string_view phrase : kPhrases) openings_[first_word(phrase)].phrases.push_back(phrase);
    for (const std::string_view phrase : kRefusals) openings_[first_word(phrase)].refusals.push_back(phrase);
    for (const std::string_view phrase : kSubjectPlaces)
      openings_[first_word(phrase)].subject_places.push_back(phrase);
    for (const auto& [word, opening] : openings_) may_open_.set(mark_of(word));
  }

  [[nodiscard]] const Opening* at(std::string_view word) const {
    if (!may_open_[mark_of(word)]) return nullptr;
    const auto found = openings_.find(word);
    return found == openings_.end() ? nullptr : &found->second;
  }

  static const Openings& shared() {
    static const Openings openings;
    return openings;
  }

 private:
  static std::string_view first_word(std::string_view phrase) { return phrase.substr(0, phrase.find(' ')); }

  /// By its ends and its length: most words of a text are told apart from all that open something without looking these up.
  static std::size_t mark_of(std::string_view word) {
    const auto first = static_cast<unsigned char>(word.front());
    const auto last = static_cast<unsigned char>(word.back());
    return (first + 37U * last + 101U * word.size()) % kMarks;
  }

  static constexpr std::size_t kMarks = 4096;
  std::unordered_map<std::string_view, Opening> openings_;
  std::bitset<kMarks> may_open_;
};

std::size_t spells_any(const std::vector<Token>& tokens, std::size_t at,
                       const std::vector<std::string_view>& phrases) {
  std::size_t longest = 0;
  for (const std::string_view phrase : phrases) longest = std::max(longest, spells(tokens, at, phrase));
  return longest;
}

/// Tokens that make a refusal; a bare "no" only counts in quotation marks.
std::size_t refusal_at(const std::vector<Token>& tokens, std::size_t at) {
  const Opening* opening = Openings::shared().at(tokens[at].word);
  if (opening == nullptr) return 0;
  const std::size_t count = spells_any(tokens, at, opening->refusals);
  if (count > 0) return count;
  return opening->bare_no && tokens[at].quoted ? 1 : 0;
}

/// "reply with the word STOP" at a verb: index behind it, or 0.
std::size_t asked_reply_end(const std::vector<Token>& tokens, std::size_t at) {
  for (std::size_t i = at + 1; i < tokens.size() && i - at <= kMostFillers + 1 && !tokens[i].begins; ++i) {
    const std::size_t count = refusal_at(tokens, i);
    if (count > 0) return i + count;
    if (std::find(kFillers.begin(), kFillers.end(), tokens[i].word) == kFillers.end()) return 0;
  }
  return 0;
}

/// "STOP in the subject line" at a refusal: index behind it, or 0.
std::size_t refusal_subject_end(const std::vector<Token>& tokens, std::size_t at) {
  const std::size_t count = refusal_at(tokens, at);
  if (count == 0 || at + count >= tokens.size()) return 0;
  const Opening* opening = Openings::shared().at(tokens[at + count].word);
  if (opening == nullptr) return 0;
  const std::size_t place = spells_any(tokens, at + count, opening->subject_places);
  return place == 0 ? 0 : at + count + place;
}

std::size_t opt_out_end(const std::vector<Token>& tokens, std::size_t at) {
  const Opening* opening = Openings::shared().at(tokens[at].word);
  if (opening == nullptr) return 0;
  if (const std::size_t count = spells_any(tokens, at, opening->phrases); count > 0) return at + count;
  if (opening->reply_verb) {
    if (const std::size_t end = asked_reply_end(tokens, at); end > 0) return end;
  }
  return refusal_subject_end(tokens, at);
}

/// Segments in which the sender speaks: an opt-out line often stands below the signature.
bool is_own(SegmentKind kind) {
  return kind == SegmentKind::human || kind == SegmentKind::signature || kind == SegmentKind::disclaimer;
}

}  // namespace

void find_opt_out_traits(const OutreachSubject& subject, TraitList& traits) {
  const std::string_view text = subject.message.text;
  for (const Segment& segment : subject.message.quoted.segments) {
    if (!is_own(segment.kind)) continue;
    const FoldedText folded = fold_text(text.substr(segment.span.begin, segment.span.size()));
    const std::vector<Token> tokens = tokenise(folded.text);
    for (std::size_t at = 0; at < tokens.size();) {
      const std::size_t end = opt_out_end(tokens, at);
      if (end > 0) {
        const auto offset_of = [&](std::string_view word) {
          return static_cast<std::size_t>(word.data() - folded.text.data());
        };
        const std::string_view last = tokens[end - 1].word;
        const Span found{offset_of(tokens[at].word), offset_of(last) + last.size()};
        Span span = folded.source.source_of(found, segment.span.size());
        span = {span.begin + segment.span.begin, span.end + segment.span.begin};
        traits.add("opt-out-by-reply", "body", text.substr(span.begin, span.size()), span);
      }
      at = std::max(end, at + 1);
    }
  }
}

}  // namespace coldpitch
