// SPDX-License-Identifier: MIT
#include "parsers/fold_look_alikes.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

#include "parsers/text.h"
#include "parsers/utf8.h"

namespace coldpitch {
namespace {

struct LookAlike {
  char32_t letter;
  char latin;
};

/// Folded letters by what either case of them looks like, and capitals that look like something else.
constexpr std::array kLookAlikes{
    LookAlike{0x0397, 'h'}, LookAlike{0x039C, 'm'}, LookAlike{0x039D, 'n'}, LookAlike{0x03A5, 'y'},
    LookAlike{0x03B1, 'a'}, LookAlike{0x03B2, 'b'}, LookAlike{0x03B3, 'y'}, LookAlike{0x03B5, 'e'},
    LookAlike{0x03B6, 'z'}, LookAlike{0x03B7, 'n'}, LookAlike{0x03B9, 'i'}, LookAlike{0x03BA, 'k'},
    LookAlike{0x03BD, 'v'}, LookAlike{0x03BF, 'o'}, LookAlike{0x03C1, 'p'}, LookAlike{0x03C3, 'o'},
    LookAlike{0x03C4, 't'}, LookAlike{0x03C5, 'u'}, LookAlike{0x03C7, 'x'}, LookAlike{0x03C9, 'w'},
    LookAlike{0x03F3, 'j'}, LookAlike{0x0430, 'a'}, LookAlike{0x0432, 'b'}, LookAlike{0x0433, 'r'},
    LookAlike{0x0435, 'e'}, LookAlike{0x043A, 'k'}, LookAlike{0x043C, 'm'}, LookAlike{0x043D, 'h'},
    LookAlike{0x043E, 'o'}, LookAlike{0x043F, 'n'}, LookAlike{0x0440, 'p'}, LookAlike{0x0441, 'c'},
    LookAlike{0x0442, 't'}, LookAlike{0x0443, 'y'}, LookAlike{0x0445, 'x'}, LookAlike{0x044C, 'b'},
    LookAlike{0x0451, 'e'}, LookAlike{0x0455, 's'}, LookAlike{0x0456, 'i'}, LookAlike{0x0457, 'i'},
    LookAlike{0x0458, 'j'}, LookAlike{0x0461, 'w'}, LookAlike{0x0475, 'v'}, LookAlike{0x04AF, 'y'},
    LookAlike{0x04BB, 'h'}, LookAlike{0x04CF, 'l'}, LookAlike{0x0501, 'd'}, LookAlike{0x050D, 'g'},
    LookAlike{0x051B, 'q'}, LookAlike{0x051D, 'w'},
};

/// The Latin letter `letter` looks like, or NUL.
char latin_look_alike(char32_t letter) {
  if (!is_of_look_alike_script(letter)) return '\0';
  const auto* const found =
      std::lower_bound(kLookAlikes.begin(), kLookAlikes.end(), letter,
                       [](const LookAlike& row, char32_t value) { return row.letter < value; });
  return found != kLookAlikes.end() && found->letter == letter ? found->latin : '\0';
}

bool is_word_character(char32_t value) {
  if (value < 0x80) return is_ascii_alnum(static_cast<char>(value));
  const auto c = static_cast<UChar32>(value);
  return u_isalnum(c) != 0 || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0;
}

class Replacer {
 public:
  Replacer(FoldedText folded, std::string_view original) : folded_(std::move(folded)), original_(original) {}

  FoldedText run() {
    out_.reserve(folded_.text.size());
    for (std::size_t at = 0; at < folded_.text.size();) at = take_word(at);
    if (!replaced_) return std::move(folded_);
    return {std::move(out_), map_.then(folded_.source)};
  }

 private:
  /// Takes the word at `begin`, or the one character there that is of no word. Returns the octet behind.
  std::size_t take_word(std::size_t begin) {
    bool has_latin = false;
    bool has_other = false;
    std::size_t end = begin;
    while (end < folded_.text.size()) {
      const CodePoint c = code_point_at(folded_.text, end);
      if (!is_word_character(c.value)) break;
      has_latin = has_latin || is_latin_letter(c.value);
      has_other = has_other || is_of_look_alike_script(c.value);
      end += c.octets;
    }
    if (end == begin) end += code_point_at(folded_.text, begin).octets;
    if (has_latin && has_other) {
      replace_in({begin, end});
    } else {
      copy({begin, end});
    }
    return end;
  }

  void replace_in(Span word) {
    for (std::size_t at = word.begin; at < word.end;) {
      const CodePoint c = code_point_at(folded_.text, at);
      const char latin = look_up(c.value, at);
      if (latin == '\0') {
        copy({at, at + c.octets});
      } else {
        map_.add_block(out_.size(), {at, at + c.octets});
        out_ += latin;
        replaced_ = true;
      }
      at += c.octets;
    }
  }

  /// Some Greek capitals look like another letter than their folded form does, so those are asked first.
  char look_up(char32_t folded, std::size_t at) const {
    if (!is_of_look_alike_script(folded)) return '\0';
    const std::size_t source = folded_.source.source_of(at);
    const char32_t written = source < original_.size() ? code_point_at(original_, source).value : folded;
    const char latin = latin_look_alike(written);
    return latin != '\0' ? latin : latin_look_alike(folded);
  }

  void copy(Span span) {
    map_.add(out_.size(), span.begin);
    out_.append(folded_.text, span.begin, span.size());
  }

  FoldedText folded_;
  std::string_view original_;
  std::string out_;
  OffsetMap map_;
  bool replaced_ = false;
};

}  // namespace

FoldedText replace_look_alikes(FoldedText folded, std::string_view original) {
  return Replacer(std::move(folded), original).run();
}

}  // namespace coldpitch
