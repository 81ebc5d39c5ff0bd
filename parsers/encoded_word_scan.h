// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace coldpitch {

/// An encoded-word where it stands: "=?" charset ["*" language] "?" encoding "?" text "?=".
struct EncodedWordParts {
  std::string_view charset;  ///< without the language
  char encoding = 'q';       ///< 'b' or 'q'
  std::string_view text;
  std::size_t octets = 0;  ///< of the whole word
};

/// Reads encoded-words off one field body, from front to back.
///
/// The positions asked for must rise; then all questions together cost linear time. `body` must outlive
/// the scanner and what it returns. Blanks and single "?" inside the text are accepted, as mail
/// programs do; another "=?" is not.
class EncodedWordScanner {
 public:
  explicit EncodedWordScanner(std::string_view body) : body_(body) {}

  /// The word that starts at octet `at`, if a whole one does.
  [[nodiscard]] std::optional<EncodedWordParts> word_at(std::size_t at);

  /// True when something meant as a word starts at `at`, whole or broken: "=?" charset "?".
  [[nodiscard]] bool resembles_word(std::size_t at) const;

 private:
  std::size_t find_closing(std::size_t from);

  std::string_view body_;
  std::size_t closing_ = 0;  ///< the first "?=" at or after some octet asked for before
};

}  // namespace coldpitch
