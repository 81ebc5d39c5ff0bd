// SPDX-License-Identifier: MIT
#include "policies/hit_extent.h"

#include <algorithm>
#include <optional>

#include "parsers/text.h"
#include "policies/expression_cursor.h"
#include "policies/saturating.h"

namespace coldpitch {
namespace {

/// Of one character in UTF-8.
constexpr std::size_t kMostOctets = 4;

constexpr HitExtent kNothing{0, 0};
constexpr HitExtent kAnyCharacter{kMostOctets, 1};
constexpr HitExtent kAnyButBlank{kMostOctets, 0};

/// Reads an expression by recursive descent. Whatever it does not know makes the whole unbounded.
class Reader : private ExpressionCursor {
 public:
  explicit Reader(std::string_view expression) : ExpressionCursor(expression) {}

  HitExtent read() {
    const HitExtent whole = read_alternatives(0);
    return is_known_ && at_end() ? whole : HitExtent{};
  }

 private:
  HitExtent unknown() {
    give_up();
    return {};
  }

  HitExtent read_alternatives(std::size_t depth) {
    HitExtent widest = read_sequence(depth);
    while (peek() == '|') {
      ++at_;
      const HitExtent next = read_sequence(depth);
      widest = {std::max(widest.octets, next.octets), std::max(widest.blanks, next.blanks)};
    }
    return widest;
  }

  HitExtent read_sequence(std::size_t depth) {
    HitExtent whole = kNothing;
    while (!at_end_of_sequence()) {
      const HitExtent piece = read_piece(depth);
      const std::size_t most = read_repeats();
      whole.octets = saturating_add(whole.octets, saturating_multiply(piece.octets, most));
      whole.blanks = saturating_add(whole.blanks, saturating_multiply(piece.blanks, most));
    }
    return whole;
  }

  HitExtent read_piece(std::size_t depth) {
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
        return kNothing;
      case '.':
        ++at_;
        return kAnyCharacter;
      case '{':  // RE2 takes it for a literal, where it is no count
        return unknown();
      default:
        return literal(expression_[at_++]);
    }
  }

  /// An octet of a literal: letters beyond ASCII are read octet by octet. Where the case does not matter any may stand for another letter.
  [[nodiscard]] HitExtent literal(char octet) const {
    const bool is_ascii = static_cast<unsigned char>(octet) < 0x80;
    const bool has_case = !is_ascii || (is_ascii_alnum(octet) && !is_ascii_digit(octet));
    return {ignores_case_ && has_case ? kMostOctets : 1, octet == ' ' ? 1U : 0U};
  }

  HitExtent read_group(std::size_t depth) {
    const bool ignored_case = ignores_case_;
    if (at_flags()) {
      if (depth == kMaxDepth || !read_flags()) return unknown();
      // Without a group they hold to the end of the one around them.
      if (leave_group()) return kNothing;
      ++at_;
    } else if (!enter_group(depth)) {
      return unknown();
    }
    const HitExtent group = read_alternatives(depth + 1);
    ignores_case_ = ignored_case;
    return leave_group() ? group : unknown();
  }

  /// How often the piece before is repeated at most.
  std::size_t read_repeats() {
    std::size_t most = 1;
    while (!at_end()) {
      const char mark = peek();
      if (mark == '*' || mark == '+') {
        most = kUnbounded;
      } else if (mark == '{') {
        most = saturating_multiply(most, read_counts());
        continue;
      } else if (mark != '?') {
        break;
      }
      ++at_;
    }
    return most;
  }

  /// The most of "{2}", "{2,}" or "{2,5}".
  std::size_t read_counts() {
    ++at_;
    const std::optional<std::size_t> least = read_number();
    std::optional<std::size_t> most = least;
    if (least && peek() == ',') {
      ++at_;
      most = peek() == '}' ? kUnbounded : read_number();
    }
    if (!most || peek() != '}') {
      unknown();
      return kUnbounded;
    }
    ++at_;
    return *most;
  }

  std::optional<std::size_t> read_number() {
    if (!is_ascii_digit(peek())) return std::nullopt;
    std::size_t value = 0;
    while (is_ascii_digit(peek()))
      value =
          saturating_add(saturating_multiply(value, 10), static_cast<std::size_t>(expression_[at_++] - '0'));
    return value;
  }

  HitExtent read_class() {
    ++at_;
    const bool negated = at("^");
    if (negated) ++at_;
    HitExtent widest = kNothing;
    bool has_plain_blank = false;
    for (bool is_first = true; is_first || peek() != ']'; is_first = false) {
      if (at_end()) return unknown();
      if (at("[:")) {
        if (!skip_named_class()) return unknown();
        widest = kAnyCharacter;
        continue;
      }
      has_plain_blank = has_plain_blank || peek() == ' ' || at("\\s");
      const bool is_ascii = static_cast<unsigned char>(peek()) < 0x80;
      HitExtent member = peek() == '\\' ? read_escape() : literal(expression_[at_++]);
      if (!is_ascii) member.octets = kMostOctets;
      widest = {std::max(widest.octets, member.octets), std::max(widest.blanks, member.blanks)};
    }
    ++at_;
    if (ignores_case_) widest.octets = kMostOctets;  // a range may hold a letter that stands for a longer one
    if (!negated) return widest;
    return has_plain_blank ? kAnyButBlank : kAnyCharacter;
  }

  HitExtent read_quotation() {
    const std::optional<std::string_view> quoted = read_quoted();
    if (!quoted) return unknown();
    HitExtent whole = kNothing;
    for (const char octet : *quoted) {
      const HitExtent one = literal(octet);
      whole = {saturating_add(whole.octets, one.octets), whole.blanks + one.blanks};
    }
    return whole;
  }

  HitExtent read_escape() {
    const char kind = peek(1);
    if (kind == 'Q') return read_quotation();
    at_ = std::min(at_ + 2, expression_.size());
    switch (kind) {
      case 'A':
      case 'b':
      case 'B':
      case 'z':
        return kNothing;
      case 'd':
      case 'w':
        return {ignores_case_ ? kMostOctets : 1, 0};
      case 's':
        return {1, 1};
      case 'S':
        return kAnyButBlank;
      case 'D':
      case 'W':
        return kAnyCharacter;
      case 'p':
      case 'P':
        return read_property(kind);
      case 'x':
        return read_hexadecimal() ? kAnyCharacter : unknown();
      default:
        // "\123" and what is to come
        return is_ascii_alnum(kind) || kind == '\0' ? unknown() : literal(kind);
    }
  }

  /// Behind "\p" or "\P".
  HitExtent read_property(char kind) {
    const bool is_long = at("{");
    const char initial = peek(is_long ? 1 : 0);
    at_ = is_long ? expression_.find('}', at_) : at_;
    if (at_ >= expression_.size()) return unknown();
    ++at_;
    // Letters and numbers, by category or by script: none has the blank.
    const bool has_blank = kind == 'P' || (initial != 'L' && initial != 'N');
    return has_blank ? kAnyCharacter : kAnyButBlank;
  }
};

}  // namespace

HitExtent hit_extent(std::string_view expression) { return Reader(expression).read(); }

}  // namespace coldpitch
