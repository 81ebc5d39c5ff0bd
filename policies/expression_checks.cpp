// SPDX-License-Identifier: MIT
#include "policies/expression_checks.h"

#include <algorithm>
#include <array>
#include <optional>

#include "parsers/fold.h"
#include "parsers/text.h"
#include "policies/diagnostic.h"
#include "policies/expression_reach.h"
#include "policies/saturating.h"

namespace coldpitch {
namespace {

/// What a piece of an expression may take.
struct Extent {
  std::size_t gap = 0;  ///< characters of any kind
  std::size_t word =
      0;  ///< characters of a class of letters: a gap once it is repeated together with what parts words
  bool solid = false;  ///< holds something definite, which ends a gap
};

/// How often a piece is repeated.
struct Repeat {
  std::size_t min = 1, max = 1;
};

/// The alternative being read of an open group.
struct Group {
  std::size_t begin = 0;  ///< offset of its "("
  Extent widest;          ///< of the alternatives before
  bool has_alternatives = false;
  Extent now;
  std::size_t run = 0;  ///< gap that lasts until here
};

/// Walks over an expression that RE2 has accepted, and notes its gaps and literal characters.
class Walker {
 public:
  explicit Walker(std::string_view expression) : expression_(expression), groups_(1) {}

  void walk() {
    while (at_ < expression_.size() && wide_.empty()) step();
  }

  /// The first gap that is too wide, or "".
  [[nodiscard]] std::string_view wide_gap() const { return wide_; }
  /// The first literal character that folded text never holds, or "".
  [[nodiscard]] std::string_view unfolded() const { return unfolded_; }

 private:
  [[nodiscard]] bool at(std::string_view token) const { return expression_.substr(at_).starts_with(token); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < expression_.size() ? expression_[at_ + ahead] : '\0';
  }

  void step() {
    const std::size_t begin = at_;
    switch (peek()) {
      case '(':
        return open_group();
      case ')':
        return close_group();
      case '|':
        return next_alternative();
      case '^':
      case '$':
        ++at_;
        return;
      case '.':
        ++at_;
        return add_piece(begin, {1, 0, false});
      case '[':
        return add_piece(begin, read_class());
      case '\\':
        return read_escape();
      default:
        note_literal();
        return add_piece(begin, {0, 0, true});
    }
  }

  void open_group() {
    const std::size_t begin = at_++;
    if (peek() == '?') {
      // "?:", "?P<name>", "?<name>", "?flags" or "?flags:"
      at_ = std::min(expression_.find_first_of(":>)", at_), expression_.size());
      if (peek() == ')') {
        ++at_;
        return;
      }
      ++at_;
    }
    groups_.push_back({});
    groups_.back().begin = begin;
  }

  void next_alternative() {
    ++at_;
    Group& group = groups_.back();
    merge_alternative(group);
    group.now = {};
    group.run = 0;
  }

  static void merge_alternative(Group& group) {
    group.widest.gap = std::max(group.widest.gap, group.now.gap);
    group.widest.word = std::max(group.widest.word, group.now.word);
    group.widest.solid = group.now.solid && (group.widest.solid || !group.has_alternatives);
    group.has_alternatives = true;
  }

  void close_group() {
    ++at_;
    if (groups_.size() == 1) return;
    Group group = groups_.back();
    groups_.pop_back();
    merge_alternative(group);
    add_piece(group.begin, group.widest);
  }

  /// Adds the piece read from `begin` on to its group, with the quantifier that follows.
  void add_piece(std::size_t begin, const Extent& piece) {
    const bool is_group = expression_[begin] == '(';
    const Repeat repeat = read_repeat();
    Extent all{saturating_multiply(piece.gap, repeat.max), saturating_multiply(piece.word, repeat.max),
               piece.solid && repeat.min > 0};
    Group& group = groups_.back();
    const bool repeated_words =
        is_group && repeat.max > 1 && saturating_add(all.gap, all.word) > kMaxGap && all.word > 0;
    const bool repeated_gap = repeat.max > 1 && all.gap > kMaxGap;
    group.run = all.solid ? 0 : saturating_add(group.run, all.gap);
    if (repeated_words || repeated_gap || group.run > kMaxGap) wide_ = expression_.substr(begin, at_ - begin);
    group.now.gap = saturating_add(group.now.gap, all.gap);
    group.now.word = saturating_add(group.now.word, all.word);
    group.now.solid = group.now.solid || all.solid;
  }

  Repeat read_repeat() {
    Repeat repeat;
    const char mark = peek();
    if (mark == '*') {
      repeat = {0, kUnbounded};
    } else if (mark == '+') {
      repeat = {1, kUnbounded};
    } else if (mark == '?') {
      repeat = {0, 1};
    } else if (mark != '{' || !read_counts(repeat)) {
      return repeat;
    }
    if (mark != '{') ++at_;
    if (peek() == '?') ++at_;
    return repeat;
  }

  /// "{2}", "{2,}" or "{2,5}"; anything else is a literal brace, and not read.
  bool read_counts(Repeat& repeat) {
    std::size_t end = at_ + 1;
    const auto number = [&]() -> std::optional<std::size_t> {
      const std::size_t begin = end;
      std::size_t value = 0;
      while (end < expression_.size() && is_ascii_digit(expression_[end]) && end - begin < 6) {
        value = value * 10 + static_cast<std::size_t>(expression_[end++] - '0');
      }
      return end == begin ? std::nullopt : std::optional(value);
    };
    const auto min = number();
    if (!min) return false;
    std::optional<std::size_t> max = min;
    if (end < expression_.size() && expression_[end] == ',') {
      ++end;
      max = number();
    }
    if (end >= expression_.size() || expression_[end] != '}') return false;
    repeat = {*min, max.value_or(kUnbounded)};
    at_ = end + 1;
    return true;
  }

  /// "[...]", from its bracket on.
  Extent read_class() {
    ++at_;
    const bool negated = peek() == '^';
    if (negated) ++at_;
    Extent extent{negated ? 1U : 0U, 0, !negated};
    bool first = true;
    bool has_blank = false;
    while (at_ < expression_.size() && (first || peek() != ']')) {
      first = false;
      if (at("[:")) {
        const std::size_t end = expression_.find(":]", at_);
        if (end != std::string_view::npos) {
          const std::string_view name = expression_.substr(at_ + 2, end - at_ - 2);
          if (name.starts_with('^')) extent.gap = 1;
          has_blank = has_blank || name == "space" || name == "blank" || name == "print";
          extent.word = 1;
          at_ = end + 2;
          continue;
        }
      }
      if (peek() == '\\') {
        has_blank = has_blank || peek(1) == 's';
        const Extent escaped = skip_escape();
        extent.gap = std::max(extent.gap, escaped.gap);
        extent.word = std::max(extent.word, escaped.word);
        continue;
      }
      has_blank = has_blank || peek() == ' ';
      if (is_range_of_letters()) extent.word = 1;
      note_literal();
    }
    ++at_;
    // What takes letters and blanks takes any words.
    if (has_blank && extent.word > 0) extent.gap = 1;
    if (extent.gap > 0) extent.solid = false;
    return extent;
  }

  /// At "a-z" or the like of a class, or at a range such as "!-~" that holds it.
  [[nodiscard]] bool is_range_of_letters() const {
    if (peek(1) != '-' || peek(2) == ']' || peek(2) == '\0') return false;
    return (is_ascii_alpha(peek()) && is_ascii_alpha(peek(2))) || (peek() <= 'a' && peek(2) >= 'z');
  }

  void read_escape() {
    const std::size_t begin = at_;
    if (at("\\Q")) return read_quoted();
    const char kind = peek(1);
    const Extent extent = skip_escape();
    const bool is_place = kind == 'b' || kind == 'B' || kind == 'A' || kind == 'z';
    if (!is_place) add_piece(begin, extent);
  }

  /// "\Q...\E": literal text.
  void read_quoted() {
    at_ += 2;
    while (at_ < expression_.size() && !at("\\E")) note_literal();
    at_ = std::min(at_ + 2, expression_.size());
    groups_.back().run = 0;
    groups_.back().now.solid = true;
  }

  /// Goes behind the escape at hand and tells what it stands for.
  Extent skip_escape() {
    const char kind = peek(1);
    at_ = std::min(at_ + 2, expression_.size());
    const bool has_name = kind == 'p' || kind == 'P' || kind == 'x';
    if (has_name && peek() == '{') {
      at_ = std::min(expression_.find('}', at_), expression_.size() - 1) + 1;
    } else if (has_name) {
      at_ = std::min(at_ + (kind == 'x' ? 2U : 1U), expression_.size());
    }
    constexpr std::string_view kGaps = "SWDPC";
    if (kGaps.find(kind) != std::string_view::npos) return {1, 0, false};
    return {0, kind == 'w' || kind == 'p' ? 1U : 0U, true};
  }

  /// Goes behind one literal character, and notes it when folded text never holds it.
  void note_literal() {
    std::size_t size = 1;
    while (at_ + size < expression_.size() &&
           (static_cast<unsigned char>(expression_[at_ + size]) & 0xC0U) == 0x80U)
      ++size;
    const std::string_view character = expression_.substr(at_, size);
    at_ += size;
    if (!unfolded_.empty()) return;
    const bool is_upper = size == 1 && character.front() != ascii_lower(character.front());
    if (is_upper || (size > 1 && fold_text(character).text != character)) unfolded_ = character;
  }

  std::string_view expression_;
  std::size_t at_ = 0;
  std::vector<Group> groups_;
  std::string_view wide_, unfolded_;
};

std::string control_fault(std::string_view expression) {
  const auto control = std::find_if(expression.begin(), expression.end(), [](char octet) {
    return static_cast<unsigned char>(octet) < 0x20 || octet == '\x7F';
  });
  if (control == expression.end()) return "";
  return "holds control octet " + printable({&*control, 1}) +
         " (in double quotes a backslash is an escape: write expressions in single quotes)";
}

/// True when `compiled` hits somewhere without taking a character.
bool hits_nothing(const Automata::Expression& compiled) {
  constexpr std::array<std::string_view, 4> kProbes{"", "a", "1 a", ". "};
  return std::any_of(kProbes.begin(), kProbes.end(), [&](std::string_view probe) {
    const Span whole{0, probe.size()};
    const std::vector<Span> hit = compiled.spans(probe, {&whole, 1}, 1);
    return !hit.empty() && hit.front().size() == 0;
  });
}

std::string unfolded_fault(std::string_view character) {
  if (fold_text("a" + std::string(character) + "b").text == "a b")
    return "holds a white space that is no blank, which folded text never holds (write a blank)";
  const std::string folded = fold_text(character).text;
  const std::string instead = folded.empty() ? "leave it out" : "write " + quote(folded);
  return "holds " + quote(character) + ", which folded text never holds (" + instead + ")";
}

/// What to do instead of what RE2 does not know.
std::string refusal_hint(std::string_view refusal) {
  if (refusal.find("invalid perl operator: (?!") != std::string_view::npos ||
      refusal.find("invalid perl operator: (?<!") != std::string_view::npos)
    return " (what must not be there stands under 'none')";
  if (refusal.find("no argument for repetition operator") != std::string_view::npos)
    return " (it repeats what stands before it; text around what is looked for needs no sign)";
  return "";
}

/// Of an expression that may be compiled: neither empty nor too long, and without control octets.
std::vector<std::string> faults_of(const std::string& expression, const ExpressionPool::Entry& entry) {
  if (entry.compiled == nullptr) return {"is refused by RE2: " + entry.refusal + refusal_hint(entry.refusal)};
  std::vector<std::string> faults;
  if (hits_nothing(*entry.compiled)) faults.emplace_back("matches the empty text");
  Walker walker(expression);
  walker.walk();
  if (!walker.wide_gap().empty()) {
    faults.push_back("holds a gap wider than " + std::to_string(kMaxGap) +
                     " characters: " + quote(walker.wide_gap()) + " (say it with 'near')");
  }
  if (!walker.unfolded().empty()) faults.push_back(unfolded_fault(walker.unfolded()));
  for (std::string& fault : reach_faults(expression)) faults.push_back(std::move(fault));
  return faults;
}

/// What keeps an expression from being compiled, or "".
std::string fault_before_compiling(const std::string& expression) {
  if (expression.empty()) return "is empty";
  if (expression.size() > kMaxExpressionOctets) {
    return "is longer than " + std::to_string(kMaxExpressionOctets) + " octets";
  }
  return control_fault(expression);
}

bool hits_all_texts(const Automata::Expression& compiled) {
  // Short, and with no word in common.
  constexpr std::array<std::string_view, 6> kTexts{"see you at two", "bring milk", "my dog ran off",
                                                   "lunch?",         "ok",         "the pump is dry again"};
  return std::all_of(kTexts.begin(), kTexts.end(), [&](std::string_view text) {
    const Span whole{0, text.size()};
    return compiled.hits(text, {&whole, 1});
  });
}

}  // namespace

std::vector<std::string> expression_faults(const std::string& expression, ExpressionPool& pool) {
  std::string fault = fault_before_compiling(expression);
  if (!fault.empty()) return {std::move(fault)};
  ExpressionPool::Entry& entry = pool.add(expression);
  if (!entry.faults) entry.faults = faults_of(expression, entry);
  return *entry.faults;
}

std::vector<std::string> expression_faults(const std::string& expression) {
  ExpressionPool pool;
  return expression_faults(expression, pool);
}

bool hits_almost_any_text(const std::string& expression, ExpressionPool& pool) {
  ExpressionPool::Entry& entry = pool.add(expression);
  if (!entry.is_broad) entry.is_broad = entry.compiled != nullptr && hits_all_texts(*entry.compiled);
  return *entry.is_broad;
}

bool hits_almost_any_text(const std::string& expression) {
  ExpressionPool pool;
  return hits_almost_any_text(expression, pool);
}

}  // namespace coldpitch
