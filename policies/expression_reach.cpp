// SPDX-License-Identifier: MIT
#include "policies/expression_reach.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "parsers/text.h"
#include "policies/diagnostic.h"
#include "policies/expression_cursor.h"

namespace coldpitch {
namespace {

/// What a piece of an expression begins and ends with, as far as the checks ask.
struct Piece {
  bool may_be_empty = true;
  bool begins_foreign = false;  ///< it may begin with a letter beyond ASCII
  bool ends_foreign = false;
  bool ends_at_end = false;                         ///< it may end with "$"
  bool begins_border = false, ends_border = false;  ///< with "\b"
  bool is_space = false;                            ///< one white space
  std::string foreign;                              ///< the letter, for the message
};

/// Reads an expression that RE2 has accepted, by recursive descent.
class Reader : private ExpressionCursor {
 public:
  explicit Reader(std::string_view expression) : ExpressionCursor(expression) {}

  std::vector<std::string> read() {
    const bool multi_line = expression_.find("(?m") != std::string_view::npos;
    check_anchors_ = !multi_line;
    read_alternatives(/*behind_characters=*/false);
    return std::move(faults_);
  }

 private:
  void tell(std::string fault) {
    if (std::find(faults_.begin(), faults_.end(), fault) == faults_.end())
      faults_.push_back(std::move(fault));
  }

  void tell_border(const std::string& letter) {
    tell("has '\\b' beside " + quote(letter) +
         ", where RE2 sees no border of a word (write '(?:^|\\PL)' before it, '(?:\\PL|$)' behind it, or "
         "nothing)");
  }

  Piece read_alternatives(bool behind_characters) {
    Piece all = read_sequence(behind_characters);
    while (peek() == '|' && !at_end()) {
      ++at_;
      const Piece next = read_sequence(behind_characters);
      all.may_be_empty = all.may_be_empty || next.may_be_empty;
      all.begins_foreign = all.begins_foreign || next.begins_foreign;
      all.ends_foreign = all.ends_foreign || next.ends_foreign;
      all.ends_at_end = all.ends_at_end || next.ends_at_end;
      all.begins_border = all.begins_border || next.begins_border;
      all.ends_border = all.ends_border || next.ends_border;
      all.is_space = all.is_space && next.is_space;
      if (all.foreign.empty()) all.foreign = next.foreign;
    }
    return all;
  }

  Piece read_sequence(bool behind_characters) {
    Piece whole;
    Piece before;
    bool is_first = true;
    while (!at_end_of_sequence()) {
      const Piece piece = read_piece(behind_characters || !whole.may_be_empty);
      check_neighbours(before, piece, is_first);
      if (whole.may_be_empty) {
        whole.begins_foreign = whole.begins_foreign || piece.begins_foreign;
        if (whole.foreign.empty()) whole.foreign = piece.foreign;
      }
      if (is_first) whole.begins_border = piece.begins_border;
      if (!piece.may_be_empty || is_first) {
        whole.ends_foreign = piece.ends_foreign;
        whole.ends_border = piece.ends_border;
        whole.ends_at_end = piece.ends_at_end;
      } else {
        whole.ends_foreign = whole.ends_foreign || piece.ends_foreign;
        whole.ends_border = piece.ends_border;
        whole.ends_at_end = whole.ends_at_end || piece.ends_at_end;
      }
      if (piece.ends_foreign && !piece.foreign.empty()) whole.foreign = piece.foreign;
      whole.is_space = is_first && piece.is_space;
      whole.may_be_empty = whole.may_be_empty && piece.may_be_empty;
      before = piece;
      is_first = false;
    }
    return whole;
  }

  void check_neighbours(const Piece& before, const Piece& piece, bool is_first) {
    if (is_first) return;
    if (check_anchors_ && before.ends_at_end && !piece.may_be_empty) {
      tell("can never hit: characters stand behind '$'");
    }
    if (before.ends_border && piece.begins_foreign) tell_border(piece.foreign);
    if (piece.begins_border && before.ends_foreign) tell_border(before.foreign);
    if (before.is_space && piece.is_space) tell_two_spaces();
  }

  void tell_two_spaces() {
    tell("asks for two white spaces in a row, which folded text never holds (it has single blanks)");
  }

  Piece read_piece(bool behind_characters) {
    Piece piece = read_atom(behind_characters);
    read_repeats(piece);
    return piece;
  }

  void read_repeats(Piece& piece) {
    for (;;) {
      const char mark = peek();
      if (at_end() || (mark != '*' && mark != '+' && mark != '?' && mark != '{')) return;
      if (mark == '{') {
        const std::size_t end = expression_.find('}', at_);
        if (end == std::string_view::npos || !is_ascii_digit(peek(1))) return;
        const bool is_zero = peek(1) == '0' && !is_ascii_digit(peek(2));
        const bool is_one = peek(1) == '1' && !is_ascii_digit(peek(2));
        if (is_zero) piece.may_be_empty = true;
        if (piece.is_space && !is_zero && !is_one) tell_two_spaces();
        if (is_zero || !is_one) piece.is_space = false;
        at_ = end + 1;
        continue;
      }
      if (mark != '+') piece.may_be_empty = true;
      if (mark != '+') piece.is_space = false;
      ++at_;
    }
  }

  Piece read_atom(bool behind_characters) {
    switch (peek()) {
      case '(':
        return read_group(behind_characters);
      case '[':
        return read_class();
      case '\\':
        return read_escape(behind_characters);
      case '^':
        ++at_;
        return start_anchor(behind_characters);
      case '$':
        ++at_;
        return end_anchor();
      case '.':
        ++at_;
        return character();
      default:
        return read_literal();
    }
  }

  static Piece character() {
    Piece piece;
    piece.may_be_empty = false;
    return piece;
  }

  Piece start_anchor(bool behind_characters) {
    if (check_anchors_ && behind_characters) tell("can never hit: '^' stands behind characters");
    return {};
  }

  static Piece end_anchor() {
    Piece piece;
    piece.ends_at_end = true;
    return piece;
  }

  Piece read_group(bool behind_characters) {
    ++at_;
    if (peek() == '?') {
      const std::size_t end = std::min(expression_.find_first_of(":>)", at_), expression_.size());
      const bool is_flags_only = end < expression_.size() && expression_[end] == ')';
      at_ = std::min(end + 1, expression_.size());
      if (is_flags_only) return {};
    }
    Piece piece = read_alternatives(behind_characters);
    if (!at_end()) ++at_;
    return piece;
  }

  /// A letter beyond ASCII, as far as RE2's "\b" is concerned: all but ASCII, but signs such as dashes hardly stand beside "\b".
  static bool is_foreign(std::string_view letter) {
    return static_cast<unsigned char>(letter.front()) >= 0xC3;
  }

  std::string_view take_letter() {
    std::size_t size = 1;
    while (at_ + size < expression_.size() &&
           (static_cast<unsigned char>(expression_[at_ + size]) & 0xC0U) == 0x80U) {
      ++size;
    }
    const std::string_view letter = expression_.substr(at_, size);
    at_ += size;
    return letter;
  }

  Piece read_literal() {
    const std::string_view letter = take_letter();
    Piece piece = character();
    piece.begins_foreign = piece.ends_foreign = is_foreign(letter);
    piece.is_space = letter == " ";
    if (piece.begins_foreign) piece.foreign = letter;
    return piece;
  }

  Piece read_class() {
    ++at_;
    const bool negated = peek() == '^';
    if (negated) ++at_;
    Piece piece = character();
    bool first = true;
    while (!at_end() && (first || peek() != ']')) {
      first = false;
      if (peek() == '\\') {
        at_ = std::min(at_ + 2, expression_.size());
        continue;
      }
      if (peek() == '[' && peek(1) == ':') {
        at_ = std::min(expression_.find(":]", at_), expression_.size() - 2) + 2;
        continue;
      }
      const std::string_view letter = take_letter();
      if (!negated && is_foreign(letter)) {
        piece.begins_foreign = piece.ends_foreign = true;
        piece.foreign = letter;
      }
    }
    if (!at_end()) ++at_;
    return piece;
  }

  Piece read_escape(bool behind_characters) {
    const char kind = peek(1);
    at_ = std::min(at_ + 2, expression_.size());
    Piece piece;
    switch (kind) {
      case 'b':
        piece.begins_border = piece.ends_border = true;
        return piece;
      case 'B':
        return piece;
      case 'A':
        return start_anchor(behind_characters);
      case 'z':
        return end_anchor();
      case 'Q':
        at_ = std::min(expression_.find("\\E", at_), expression_.size() - 2) + 2;
        return character();
      case 'n':
      case 't':
      case 'r':
      case 'f':
      case 'v':
        tell(std::string("holds '\\") + kind +
             "', which folded text never holds (white space is a single blank)");
        return character();
      case 's':
        piece = character();
        piece.is_space = true;
        return piece;
      case 'p':
      case 'P':
      case 'x':
        skip_name(kind);
        return character();
      default:
        return character();
    }
  }

  void skip_name(char kind) {
    if (peek() == '{') {
      at_ = std::min(expression_.find('}', at_), expression_.size() - 1) + 1;
    } else {
      at_ = std::min(at_ + (kind == 'x' ? 2U : 1U), expression_.size());
    }
  }

  bool check_anchors_ = true;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> reach_faults(std::string_view expression) { return Reader(expression).read(); }

}  // namespace coldpitch
