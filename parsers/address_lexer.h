// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "parsers/encoded_word_scan.h"

namespace coldpitch {

/// A lexical piece of an address field body (RFC 5322 §3.2). Views point into the body.
struct AddressToken {
  enum class Kind : std::uint8_t { atom, quoted_string, comment, domain_literal, special };

  Kind kind = Kind::atom;
  std::string_view text;  ///< as written, without the quotes or the outer parentheses; literals with brackets
  bool blank_before = false;

  [[nodiscard]] bool is(char special) const { return kind == Kind::special && text.front() == special; }
};

/// Cuts an address field body into tokens, whatever octets it holds.
///
/// Specials are < > @ , ; : and the dot. A quote, parenthesis or bracket that is not closed, or closes
/// nothing, is part of an atom; so are whole encoded-words with all they hold. The body must outlive the
/// lexer. Linear over the whole body.
class AddressLexer {
 public:
  explicit AddressLexer(std::string_view body) : body_(body), words_(body) {}

  /// nullopt at the end.
  [[nodiscard]] std::optional<AddressToken> next();

  /// True when something was not closed, or closed without being open.
  [[nodiscard]] bool malformed() const { return malformed_; }

 private:
  using Kind = AddressToken::Kind;

  std::optional<AddressToken> read_enclosed(bool blank_before);
  AddressToken read_atom(bool blank_before);
  bool ends_atom() const;
  std::size_t find_closing_quote() const;
  std::size_t find_closing_parenthesis() const;

  std::string_view body_;
  EncodedWordScanner words_;
  std::size_t at_ = 0;
  bool behind_at_sign_ = false;
  // Once one of a kind is found unclosed, the rest is not searched again for each of its likes.
  bool quotes_close_ = true;
  bool parentheses_close_ = true;
  bool brackets_close_ = true;
  bool malformed_ = false;
};

}  // namespace coldpitch
