// SPDX-License-Identifier: MIT
#include "policies/expression_pieces.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "parsers/text.h"
#include "parsers/utf8.h"
#include "policies/expression_cursor.h"

namespace coldpitch {
namespace {

/// All together; shipped expressions have up to a hundred.
constexpr std::size_t kMostOfAlternatives = 1000;
/// Of a class of characters.
constexpr std::size_t kMostMembers = 6;
/// Rarer than this all texts are alike.
constexpr std::size_t kRare = 10;
/// Longer ones are cut.
constexpr std::size_t kMostOctets = 40;
/// Stands in a text for "\b"; no expression holds it.
constexpr char kBorder = '\x01';

/// Words of almost every mail, sorted.
constexpr auto kCommonWords = std::to_array<std::string_view>(
    {"a",     "about", "al",   "all",    "als", "an",   "and",   "any",  "are",  "as",    "at",   "auf",
     "be",    "been",  "but",  "by",     "can", "che",  "com",   "como", "con",  "da",    "das",  "de",
     "del",   "den",   "der",  "des",    "di",  "die",  "do",    "du",   "e",    "ein",   "eine", "el",
     "em",    "en",    "er",   "est",    "et",  "for",  "from",  "get",  "had",  "has",   "have", "he",
     "here",  "het",   "his",  "how",    "i",   "i'm",  "if",    "il",   "im",   "in",    "is",   "ist",
     "it",    "je",    "la",   "le",     "les", "los",  "mail",  "me",   "mit",  "more",  "my",   "na",
     "new",   "nicht", "no",   "not",    "o",   "of",   "on",    "one",  "or",   "os",    "our",  "out",
     "par",   "para",  "per",  "please", "por", "pour", "que",   "se",   "sich", "so",    "that", "the",
     "their", "there", "they", "this",   "to",  "u",    "um",    "un",   "und",  "une",   "us",   "use",
     "van",   "vous",  "w",    "was",    "we",  "what", "which", "will", "with", "would", "y",    "you",
     "your",  "z",     "zu"});

bool is_common(std::string_view word) {
  return std::binary_search(kCommonWords.begin(), kCommonWords.end(), word);
}

/// How little a text is likely to stand in a mail: the octets of its rare words, and two for each common one behind another. What may
/// be a part of a word is more common. 0 for a text too short to be looked for.
std::size_t rarity_of(std::string_view text) {
  std::size_t rarity = 1, octets = 0, common = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const std::size_t begin = at;
    while (at < text.size() && text[at] != ' ' && text[at] != kBorder) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    if (word.empty()) continue;
    octets += word.size();
    if (is_common(word)) {
      rarity += common++ == 0 ? 0 : 2;
      continue;
    }
    const bool is_part = begin == 0 || at == text.size();
    rarity += word.size() - (is_part && word.size() <= 4 ? 1 : 0);
  }
  return octets < AtomFinder::kMinOctets ? 0 : std::min(rarity, kRare);
}

using Texts = std::vector<std::string>;

/// What is known of the hits of a part of an expression.
struct Known {
  bool is_exact = true;  ///< each is one of `texts`; else each holds one of them, if there are any
  Texts texts{""};
  // Of a part that is not exact:
  char end = '\0';            ///< a blank or kBorder that stands at the end of each; else nothing
  bool may_be_empty = false;  ///< or nothing stands there
};

Known nothing_known() { return {false, {}}; }
Known one_text(std::string_view text) { return {true, {std::string(text)}}; }

/// The blank or border at the end of all texts, if there is one.
char common_end(const Texts& texts) {
  const char end = texts.empty() || texts.front().empty() ? '\0' : texts.front().back();
  const bool is_common =
      (end == ' ' || end == kBorder) &&
      std::all_of(texts.begin(), texts.end(), [end](const std::string& text) { return text.ends_with(end); });
  return is_common ? end : '\0';
}

char end_of(const Known& part) { return part.is_exact ? common_end(part.texts) : part.end; }

/// Of texts each of which may be the one.
std::size_t rarity_of(const Texts& texts) {
  std::size_t rarest = texts.empty() ? 0 : kRare;
  for (const std::string& text : texts) rarest = std::min(rarest, rarity_of(text));
  return rarest;
}

void drop_doubles(Texts& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

/// Parts one behind the other.
class Sequence {
 public:
  void add(Known part) {
    if (!part.is_exact) {
      const char end = part.may_be_empty && part.end != common_end(running_) ? '\0' : part.end;
      close();
      offer(std::move(part.texts));
      running_ = behind(end);
      return;
    }
    const bool is_one = running_.size() == 1 || part.texts.size() == 1;
    if (!is_one && running_.size() * part.texts.size() > kMostPieces) close();
    Texts longer;
    for (const std::string& before : running_) {
      for (const std::string& behind : part.texts) longer.push_back(before + behind);
    }
    drop_doubles(longer);
    running_ = std::move(longer);
  }

  Known known() {
    if (is_exact_) return {true, std::move(running_)};
    const char end = common_end(running_);
    close();
    return {false, std::move(best_), end};
  }

 private:
  /// What is running when such an octet, or an unknown one, has been read.
  static Texts behind(char end) { return {end == '\0' ? std::string() : std::string(1, end)}; }

  /// What comes next stands directly behind the last octet alone.
  void close() {
    is_exact_ = false;
    Texts next = behind(common_end(running_));
    offer(std::exchange(running_, std::move(next)));
  }

  void offer(Texts texts) {
    const std::size_t rarity = rarity_of(texts);
    const bool is_better = rarity > rarity_ || (rarity == rarity_ && texts.size() < best_.size());
    if (rarity == 0 || !is_better) return;
    rarity_ = rarity;
    best_ = std::move(texts);
  }

  bool is_exact_ = true;
  Texts running_{""};
  Texts best_;
  std::size_t rarity_ = 0;
};

/// Reads an expression by recursive descent. Of one that holds what it does not know nothing is known.
class Reader : private ExpressionCursor {
 public:
  explicit Reader(std::string_view expression) : ExpressionCursor(expression) {}

  Texts read() {
    Known whole = read_alternatives(0);
    return is_known_ && at_ == expression_.size() ? std::move(whole.texts) : Texts{};
  }

 private:
  Known unknown() {
    give_up();
    return nothing_known();
  }

  Known read_alternatives(std::size_t depth) {
    Known all = read_sequence(depth);
    char end = end_of(all);
    while (peek() == '|') {
      ++at_;
      Known next = read_sequence(depth);
      if (end_of(next) != end) end = '\0';
      // An alternative that needs no text makes the others' of no use.
      const bool has_all = !all.texts.empty() && !next.texts.empty() &&
                           all.texts.size() + next.texts.size() <= kMostOfAlternatives;
      all.is_exact = all.is_exact && next.is_exact && has_all;
      if (has_all) {
        std::move(next.texts.begin(), next.texts.end(), std::back_inserter(all.texts));
      } else {
        all.texts.clear();
      }
    }
    drop_doubles(all.texts);
    all.end = end;
    return all;
  }

  Known read_sequence(std::size_t depth) {
    Sequence sequence;
    while (!at_end_of_sequence()) {
      Known part = read_part(depth);
      read_repeats(part);
      sequence.add(std::move(part));
    }
    return sequence.known();
  }

  Known read_part(std::size_t depth) {
    switch (peek()) {
      case '(':
        return read_group(depth);
      case '[':
        return read_class();
      case '\\':
        return read_escape();
      case '^':
      case '$':
        ++at_;
        return one_text("");
      case '.':
        ++at_;
        return nothing_known();
      case '{':  // RE2 takes it for a literal, where it is no count
        return unknown();
      default:
        return literal(take_character());
    }
  }

  /// Where the case does not matter a folded text has small letters; what it has of others is not known here.
  Known literal(std::string_view text) const {
    const auto is_foreign = [](char octet) { return static_cast<unsigned char>(octet) >= 0x80; };
    if (!ignores_case_) return one_text(text);
    if (std::any_of(text.begin(), text.end(), is_foreign)) return nothing_known();
    return one_text(to_ascii_lower(text));
  }

  Known read_group(std::size_t depth) {
    const bool ignored_case = ignores_case_;
    if (at_flags()) {
      if (depth == kMaxDepth || !read_flags()) return unknown();
      // Without a group they hold to the end of the one around them.
      if (leave_group()) return one_text("");
      ++at_;
    } else if (!enter_group(depth)) {
      return unknown();
    }
    Known group = read_alternatives(depth + 1);
    ignores_case_ = ignored_case;
    return leave_group() ? std::move(group) : unknown();
  }

  void read_repeats(Known& part) {
    while (!at_end()) {
      const char mark = peek();
      if (mark == '{') {
        const std::optional<std::size_t> least = read_counts();
        if (!least) return;
        part = repeated(std::move(part), *least);
        continue;
      }
      if (mark == '?' && part.is_exact) {
        part.texts.emplace_back();
        drop_doubles(part.texts);
      } else if (mark == '?' || mark == '*') {
        part = {false, {}, end_of(part), true};
      } else if (mark == '+') {
        part = {false, std::move(part.texts), end_of(part), part.may_be_empty};
      } else {
        return;
      }
      ++at_;
    }
  }

  static Known repeated(Known part, std::size_t least) {
    const char end = end_of(part);
    if (least == 0) return {false, {}, end, true};
    return {false, std::move(part.texts), end, part.may_be_empty};
  }

  /// The least of "{2}", "{2,}" or "{2,5}".
  std::optional<std::size_t> read_counts() {
    const std::size_t end = expression_.find('}', at_);
    const std::size_t first = at_ + 1;
    if (end == std::string_view::npos || !is_ascii_digit(peek(1))) {
      unknown();
      return std::nullopt;
    }
    at_ = end + 1;
    const std::string_view counts = expression_.substr(first, end - first);
    const bool is_zero = counts.substr(0, counts.find(',')).find_first_not_of('0') == std::string_view::npos;
    return is_zero ? 0 : 1;
  }

  /// The characters of a class of a few.
  Known read_class() {
    ++at_;
    Known members{!at("^"), {}};
    if (!members.is_exact) ++at_;  // what follows is a member even if it is "]"
    for (bool is_first = true; is_first || peek() != ']'; is_first = false) {
      if (at_end()) return unknown();
      if (at("[:")) {
        if (!skip_named_class()) return unknown();
        members.is_exact = false;
        continue;
      }
      if (peek() == '-' && !is_first && peek(1) != ']') members.is_exact = false;
      Known member = peek() == '\\' ? read_escape() : literal(take_character());
      members.is_exact = members.is_exact && member.is_exact;
      if (members.is_exact) members.texts.push_back(std::move(member.texts.front()));
    }
    ++at_;
    drop_doubles(members.texts);
    return members.is_exact && members.texts.size() <= kMostMembers ? members : nothing_known();
  }

  Known read_escape() {
    const char kind = peek(1);
    if (kind == 'Q') {
      const std::optional<std::string_view> quoted = read_quoted();
      return quoted ? literal(*quoted) : unknown();
    }
    at_ = std::min(at_ + 2, expression_.size());
    switch (kind) {
      case 'b':
        return one_text({&kBorder, 1});
      case 'A':
      case 'B':
      case 'z':
        return one_text("");
      case 'd':
      case 'w':
      case 's':
      case 'S':
      case 'D':
      case 'W':
        return nothing_known();
      case 'p':
      case 'P':
        if (!at("{")) {
          ++at_;
        } else if (!skip_behind("}")) {
          return unknown();
        }
        return nothing_known();
      case 'x': {
        const std::optional<char32_t> character = read_hexadecimal();
        std::string text;
        if (character) append_utf8(*character, text);
        return text.empty() || text.front() == kBorder ? unknown() : literal(text);
      }
      default:
        // "\123" and what is to come
        return is_ascii_alnum(kind) || kind == '\0' ? unknown() : one_text({&expression_[at_ - 1], 1});
    }
  }
};

AtomFinder::Atom atom_of(std::string text) {
  AtomFinder::Atom atom;
  const auto is_border = [](char octet) { return octet == kBorder; };
  // A border inside says no more than the letters beside it.
  atom.border_before = text.starts_with(kBorder);
  atom.border_behind = text.ends_with(kBorder);
  std::erase_if(text, is_border);
  if (text.size() > kMostOctets) {
    text.resize(kMostOctets);
    atom.border_behind = false;
  }
  atom.text = std::move(text);
  return atom;
}

/// What is in another is no more than that.
bool holds(const AtomFinder::Atom& longer, const AtomFinder::Atom& atom) {
  return !atom.border_behind && longer.text.starts_with(atom.text) &&
         (!atom.border_before || longer.border_before);
}

}  // namespace

std::vector<AtomFinder::Atom> expression_pieces(std::string_view expression) {
  Texts texts = Reader(expression).read();
  if (rarity_of(texts) == 0) return {};
  std::vector<AtomFinder::Atom> atoms;
  for (std::string& text : texts) atoms.push_back(atom_of(std::move(text)));
  std::sort(atoms.begin(), atoms.end());
  std::vector<AtomFinder::Atom> fewest;
  for (AtomFinder::Atom& atom : atoms) {
    if (fewest.empty() || !holds(atom, fewest.back())) fewest.push_back(std::move(atom));
  }
  return fewest;
}

}  // namespace coldpitch
