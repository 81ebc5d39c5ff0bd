// SPDX-License-Identifier: MIT
#include "parsers/address_lexer.h"

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

bool is_special(char octet) { return std::string_view("<>@,;:.").find(octet) != kNone; }

}  // namespace

std::optional<AddressToken> AddressLexer::next() {
  const std::size_t begin = at_;
  while (at_ < body_.size() && is_ascii_space(body_[at_])) ++at_;
  if (at_ == body_.size()) return std::nullopt;
  const bool blank_before = at_ > begin;
  if (auto enclosed = read_enclosed(blank_before)) {
    behind_at_sign_ = behind_at_sign_ && enclosed->kind == Kind::comment;
    return enclosed;
  }
  if (is_special(body_[at_])) {
    behind_at_sign_ = body_[at_] == '@';
    return AddressToken{Kind::special, body_.substr(at_++, 1), blank_before};
  }
  behind_at_sign_ = false;
  return read_atom(blank_before);
}

std::optional<AddressToken> AddressLexer::read_enclosed(bool blank_before) {
  const std::size_t open = at_;
  const char octet = body_[open];
  if (octet == '"' && quotes_close_) {
    const std::size_t closing = find_closing_quote();
    quotes_close_ = closing != kNone;
    if (!quotes_close_) return std::nullopt;
    at_ = closing + 1;
    return AddressToken{Kind::quoted_string, body_.substr(open + 1, closing - open - 1), blank_before};
  }
  if (octet == '(' && parentheses_close_) {
    const std::size_t closing = find_closing_parenthesis();
    parentheses_close_ = closing != kNone;
    if (!parentheses_close_) return std::nullopt;
    at_ = closing + 1;
    return AddressToken{Kind::comment, body_.substr(open + 1, closing - open - 1), blank_before};
  }
  if (octet == '[' && behind_at_sign_ && brackets_close_) {
    const std::size_t closing = body_.find(']', open);
    brackets_close_ = closing != kNone;
    if (!brackets_close_) return std::nullopt;
    at_ = closing + 1;
    return AddressToken{Kind::domain_literal, body_.substr(open, closing + 1 - open), blank_before};
  }
  return std::nullopt;
}

AddressToken AddressLexer::read_atom(bool blank_before) {
  const std::size_t begin = at_;
  do {
    const char octet = body_[at_];
    malformed_ = malformed_ || octet == '"' || octet == '(' || octet == ')';
    const auto word = words_.word_at(at_);
    at_ += word ? word->octets : 1;
  } while (at_ < body_.size() && !ends_atom());
  return AddressToken{Kind::atom, body_.substr(begin, at_ - begin), blank_before};
}

bool AddressLexer::ends_atom() const {
  const char octet = body_[at_];
  return is_ascii_space(octet) || is_special(octet) || (octet == '"' && quotes_close_) ||
         (octet == '(' && parentheses_close_);
}

std::size_t AddressLexer::find_closing_quote() const {
  for (std::size_t i = at_ + 1; i < body_.size(); ++i) {
    if (body_[i] == '"') return i;
    if (body_[i] == '\\') ++i;
  }
  return kNone;
}

std::size_t AddressLexer::find_closing_parenthesis() const {
  std::size_t depth = 0;
  for (std::size_t i = at_; i < body_.size(); ++i) {
    if (body_[i] == '(') ++depth;
    if (body_[i] == ')' && --depth == 0) return i;
    if (body_[i] == '\\') ++i;
  }
  return kNone;
}

}  // namespace coldpitch
