// SPDX-License-Identifier: MIT
#include "parsers/fold.h"

#include <cstddef>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace {

using coldpitch::fold_text;
using coldpitch::FoldedText;
using coldpitch::Span;

struct Case {
  const char* name;
  std::string in;
  std::string out;
};

void check(const Case& c) {
  CAPTURE(c.name);
  CHECK(fold_text(c.in).text == c.out);
}

/// The source of the first occurrence of `needle` in the folded text.
std::string source_of(std::string_view in, std::string_view needle) {
  const FoldedText folded = fold_text(in);
  const std::size_t at = folded.text.find(needle);
  if (at == std::string::npos) return "(not found)";
  const Span span = folded.source.source_of(Span{at, at + needle.size()}, in.size());
  return std::string(in.substr(span.begin, span.size()));
}

TEST_CASE("text is folded") {
  const Case kCases[] = {
      {"empty", "", ""},
      {"lower case", "Quick CALL? 123", "quick call? 123"},
      {"controls stay", std::string("a\0b\x7F", 4), std::string("a\0b\x7F", 4)},
      {"Latin letters", "\xC3\x84RGER \xC5\x81\xC3\xB3\xC4\x8F\xC5\xBA",
       "\xC3\xA4rger \xC5\x82\xC3\xB3\xC4\x8F\xC5\xBA"},
      {"sharp s",
       "Stra\xC3\x9F"
       "e",
       "strasse"},
      {"Cyrillic", "\xD0\x9F\xD1\x80\xD0\x98\xD0\x92\xD0\x95\xD1\x82",
       "\xD0\xBF\xD1\x80\xD0\xB8\xD0\xB2\xD0\xB5\xD1\x82"},
      {"Greek with final sigma", "\xCE\x9B\xCF\x8C\xCE\xB3\xCE\xBF\xCF\x82",
       "\xCE\xBB\xCF\x8C\xCE\xB3\xCE\xBF\xCF\x83"},
      {"composed", "e\xCC\x81t", "\xC3\xA9t"},
      {"capital composed", "E\xCC\x81t", "\xC3\xA9t"},
      {"two marks, in either order", "a\xCC\x81\xCC\xA3 a\xCC\xA3\xCC\x81",
       "\xE1\xBA\xA1\xCC\x81 \xE1\xBA\xA1\xCC\x81"},
      {"a mark behind a blank stays alone", "a \xCC\x81", "a \xCC\x81"},
      {"full-width", "\xEF\xBC\xA6\xEF\xBD\x92\xEF\xBD\x85\xEF\xBD\x85\xEF\xBC\x81", "free!"},
      {"mathematical", "\xF0\x9D\x90\x85\xF0\x9D\x91\x9F\xF0\x9D\x96\x8A\xF0\x9D\x9A\x8E", "free"},
      {"circled", "\xE2\x92\xBB\xE2\x93\xA1", "fr"},
      {"ligatures",
       "o\xEF\xAC\x83"
       "ce",
       "office"},
      {"ellipsis", "so\xE2\x80\xA6", "so..."},
      {"zero width inside a word",
       "li\xE2\x80\x8Bn\xE2\x80\x8Dk\xE2\x81\xA0"
       "ed\xEF\xBB\xBFin",
       "linkedin"},
      {"soft hyphen, joiner, variation selector", "li\xC2\xADn\xCD\x8Fk\xEF\xB8\x8F", "link"},
      {"bidi controls",
       "\xE2\x80\xAE"
       "ab\xE2\x80\xAC\xE2\x81\xA6"
       "c\xE2\x81\xA9\xD8\x9C",
       "abc"},
      {"only dropped characters", "\xE2\x80\x8B\xC2\xAD", ""},
      {"Chinese, Japanese, Korean", "\xE4\xBD\xA0\xE3\x81\x93\xEA\xB0\x80",
       "\xE4\xBD\xA0\xE3\x81\x93\xEA\xB0\x80"},
      {"half-width kana", "\xEF\xBD\xB6\xEF\xBE\x9E", "\xE3\x82\xAC"},
      {"jamo", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8", "\xEA\xB0\x81"},
      {"syllable and jamo", "\xEA\xB0\x80\xE1\x86\xA8", "\xEA\xB0\x81"},
      {"emoji", "\xF0\x9F\x9A\x80 Go", "\xF0\x9F\x9A\x80 go"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("quotes and dashes are those of ASCII") {
  const Case kCases[] = {
      {"single",
       "\xE2\x80\x98"
       "a\xE2\x80\x99 \xE2\x80\x9A"
       "b\xE2\x80\x9B",
       "'a' 'b'"},
      {"apostrophes", "I\xE2\x80\x99m I\xCA\xBCm I\xC2\xB4m I\xE2\x80\xB2m I\xEF\xBC\x87m",
       "i'm i'm i'm i'm i'm"},
      {"accent with a mark behind", "I\xC2\xB4\xCC\xA3m", "i'\xCC\xA3m"},
      {"double",
       "\xE2\x80\x9C"
       "a\xE2\x80\x9D \xE2\x80\x9E"
       "b\xE2\x80\x9F \xEF\xBC\x82",
       "\"a\" \"b\" \""},
      {"guillemets",
       "\xC2\xAB"
       "a\xC2\xBB \xE2\x80\xB9"
       "b\xE2\x80\xBA",
       "\"a\" 'b'"},
      {"dashes",
       "\xE2\x80\x90\xE2\x80\x91\xE2\x80\x92\xE2\x80\x93\xE2\x80\x94\xE2\x80\x95\xE2\x88\x92\xEF\xBC\x8D",
       "--------"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("runs of white space are one blank, and none at the ends") {
  const Case kCases[] = {
      {"blanks", "  a   b  ", "a b"},
      {"line ends", "a\r\nb\nc\rd\r\n\r\n", "a b c d"},
      {"all of ASCII", "a \t\v\f\r\nb", "a b"},
      {"no-break",
       "a\xC2\xA0"
       "b\xE2\x80\xAF"
       "c",
       "a b c"},
      {"mixed run",
       "a \xC2\xA0 \xE3\x80\x80\n\xE2\x80\x83"
       "b",
       "a b"},
      {"separators",
       "a\xE2\x80\xA8"
       "b\xE2\x80\xA9"
       "c\xC2\x85"
       "d",
       "a b c d"},
      {"around dropped characters", " \xE2\x80\x8B a \xE2\x80\x8B b\xE2\x80\x8B \xC2\xA0", "a b"},
      {"only white space", " \n\t\xC2\xA0\xE3\x80\x80", ""},
      {"ends with no-break", "a\xC2\xA0", "a"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("look-alikes become Latin in words that mix scripts") {
  const Case kCases[] = {
      {"Cyrillic in a Latin word",
       "l\xD1\x96nk\xD0\xB5"
       "din",
       "linkedin"},
      {"Cyrillic first",
       "\xD0\xA1"
       "all",
       "call"},
      {"Cyrillic capitals",
       "\xD0\xA1\xD0\x90LL \xD0\x9D"
       "ere \xD0\x92"
       "est",
       "call here best"},
      {"Cyrillic last", "cal\xD3\x8F", "call"},
      {"Greek", "c\xCE\xB1ll d\xCE\xB5m\xCE\xBF", "call demo"},
      {"Greek small nu is v, capital is N",
       "sa\xCE\xBD"
       "e \xCE\x9D"
       "ew",
       "save new"},
      {"Greek capital eta is H",
       "\xCE\x97"
       "ello",
       "hello"},
      {"all letters but one", "\xD1\x81\xD0\xB0\xD1\x81h", "cach"},
      {"full-width Latin beside", "\xEF\xBD\x83\xD0\xB0ll", "call"},
      {"accented Latin beside", "\xD1\x81\xC3\xA9", "c\xC3\xA9"},
      {"zero width between", "c\xE2\x80\x8B\xD0\xB0ll", "call"},
      {"a mark between", "c\xCC\xA5\xD0\xB0",
       "c\xCC\xA5"
       "a"},
      {"a digit between", "c1\xD0\xB0", "c1a"},
      {"letters without a Latin likeness stay",
       "\xD0\xB6"
       "abc\xD0\xB0",
       "\xD0\xB6"
       "abca"},
      {"pure words stay", "call \xD1\x81\xD0\xB0\xD1\x81 now", "call \xD1\x81\xD0\xB0\xD1\x81 now"},
      {"pure words stay beside mixed ones", "\xD1\x81\xD0\xB0\xD1\x81 c\xD0\xB0ll",
       "\xD1\x81\xD0\xB0\xD1\x81 call"},
      {"a hyphen parts words", "IT-\xD0\xBE\xD1\x82\xD0\xB4\xD0\xB5\xD0\xBB",
       "it-\xD0\xBE\xD1\x82\xD0\xB4\xD0\xB5\xD0\xBB"},
      {"micro sign stays", "5 \xC2\xB5m", "5 \xCE\xBCm"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("offsets lead back to the source") {
  struct Row {
    const char* name;
    std::string in;
    std::string needle;
    std::string source;
  };
  const Row kRows[] = {
      {"ASCII", "A Quick Call", "quick", "Quick"},
      {"behind a run of blanks", "A  \r\n Quick Call", "quick call", "Quick Call"},
      {"over a run of blanks", "A quick \r\n  Call", "quick call", "quick \r\n  Call"},
      {"behind leading blanks", "\r\n  Quick", "quick", "Quick"},
      {"one letter of other size",
       "Stra\xC3\x9F"
       "en",
       "ss", "\xC3\x9F"},
      {"half of a letter",
       "Stra\xC3\x9F"
       "en",
       "as", "a\xC3\x9F"},
      {"behind a letter of other size",
       "Stra\xC3\x9F"
       "en",
       "en", "en"},
      {"quotes", "he said \xE2\x80\x9CNo\xE2\x80\x9D twice", "\"no\"", "\xE2\x80\x9CNo\xE2\x80\x9D"},
      {"full-width", "x \xEF\xBC\xA6\xEF\xBD\x92\xEF\xBD\x85\xEF\xBD\x85 y", "free",
       "\xEF\xBC\xA6\xEF\xBD\x92\xEF\xBD\x85\xEF\xBD\x85"},
      {"dropped inside", "a li\xE2\x80\x8Bn\xC2\xADk b", "link", "li\xE2\x80\x8Bn\xC2\xADk"},
      {"dropped behind is of the letter before", "a link\xE2\x80\x8B b", "link", "link\xE2\x80\x8B"},
      {"composed", "un caf\x65\xCC\x81 noir", "caf\xC3\xA9", "caf\x65\xCC\x81"},
      {"ligature",
       "an o\xEF\xAC\x83"
       "ce",
       "ffi", "\xEF\xAC\x83"},
      {"Cyrillic", "\xD0\x9C\xD0\x98\xD0\xA0 one", "\xD0\xB8", "\xD0\x98"},
      {"look-alikes", "a C\xD0\x90LL now", "call", "C\xD0\x90LL"},
      {"behind look-alikes", "a C\xD0\x90LL now", "now", "now"},
      {"full-width in a look-alike word", "a \xEF\xBC\xA3\xD0\x90LL now", "call", "\xEF\xBC\xA3\xD0\x90LL"},
      {"ill-formed",
       "a\xFF\xE2\x82"
       "b",
       "\xEF\xBF\xBD\xEF\xBF\xBD", "\xFF\xE2\x82"},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.name);
    CHECK(source_of(row.in, row.needle) == row.source);
  }
}

TEST_CASE("ill-formed input is read as U+FFFD") {
  const std::string mark = "\xEF\xBF\xBD";
  const Case kCases[] = {
      {"lone octets",
       "a\xFF\x80"
       "b",
       "a" + mark + mark + "b"},
      {"cut off", "a\xE2\x82", "a" + mark},
      {"surrogate", "\xED\xA0\x80", mark + mark + mark},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("long runs of marks are cut, not sorted as a whole") {
  std::string in = "a";
  for (int i = 0; i < 15; ++i) in += "\xCC\x81\xCC\xA3";
  in += "\xCC\x81";
  std::string out = "\xE1\xBA\xA1";  // 1 + 31 code points: one segment, sorted
  for (int i = 0; i < 14; ++i) out += "\xCC\xA3";
  for (int i = 0; i < 16; ++i) out += "\xCC\x81";
  check({"at the limit", in, out});
  check({"above the limit", in + "\xCC\xA3", out + "\xCC\xA3"});
}

/// Octets and sequences that meet each other badly.
std::string random_text(std::mt19937& random, std::size_t pieces) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "B",
                                                   " ",
                                                   "\r\n",
                                                   "\t",
                                                   "\xC3\x84",
                                                   "\xCC\x81",
                                                   "\xCC\xA3",
                                                   "\xE2\x80\x8B",
                                                   "\xC2\xAD",
                                                   "\xD0\xB0",
                                                   "\xD0\x96",
                                                   "\xCE\x9D",
                                                   "\xEF\xBD\x81",
                                                   "\xEF\xAC\x83",
                                                   "\xEF\xB7\xBA",
                                                   "\xF0\x9D\x90\x85",
                                                   "\xF0\x9F\x98\x80",
                                                   "\xFF",
                                                   "\xE2\x82",
                                                   "\xC2\xA0",
                                                   "\xC2\xB4",
                                                   "\xE4\xBD\xA0",
                                                   "\xEA\xB0\x80",
                                                   "\xE1\x86\xA8",
                                                   "\xE1\x85\xA1",
                                                   "\xE2\x80\x99",
                                                   "-",
                                                   "7",
                                                   std::string(1, '\0')};
  std::string text;
  for (std::size_t i = 0; i < pieces; ++i) text += kPieces[random() % kPieces.size()];
  return text;
}

TEST_CASE("any text folds to valid UTF-8 with rising offsets, and folded text stays") {
  std::mt19937 random(7);
  for (int round = 0; round < 300; ++round) {
    const std::string in = random_text(random, 1 + random() % 60);
    const FoldedText folded = fold_text(in);
    CAPTURE(coldpitch::printable(in, 1000));
    CHECK(coldpitch::is_valid_utf8(folded.text));
    CHECK(folded.text.find("  ") == std::string::npos);
    CHECK(coldpitch::trim(folded.text).size() == folded.text.size());
    std::size_t last = 0;
    bool rises = true;
    for (std::size_t i = 0; i < folded.text.size(); ++i) {
      const Span span = folded.source.source_of(Span{i, i + 1}, in.size());
      rises = rises && span.begin >= last && span.end > span.begin && span.end <= in.size();
      last = span.begin;
    }
    CHECK(rises);
  }
}

TEST_CASE("ASCII folds alike wherever its octets stand") {
  std::string all;
  for (char octet = 0x01; octet < 0x7F; ++octet) all += octet;
  for (std::size_t before = 0; before <= 17; ++before) {
    for (const std::size_t blanks : std::initializer_list<std::size_t>{0, 1, 2, 3, 8, 9, 20}) {
      const std::string in = std::string(before, 'Z') + std::string(blanks, ' ') + all + "\r\n" + all;
      std::string folded;
      std::vector<std::size_t> sources;
      for (std::size_t i = 0; i < in.size(); ++i) {
        const char octet = coldpitch::is_ascii_space(in[i]) ? ' ' : coldpitch::ascii_lower(in[i]);
        if (octet == ' ' && (folded.empty() || folded.back() == ' ')) continue;
        folded += octet;
        sources.push_back(i);
      }
      const FoldedText made = fold_text(in);
      CAPTURE(before, blanks);
      CHECK(made.text == folded);
      bool leads_back = true;
      for (std::size_t i = 0; i < sources.size(); ++i)
        leads_back = leads_back && made.source.source_of(i) == sources[i];
      CHECK(leads_back);
    }
  }
}

TEST_CASE("hostile texts are folded in linear time") {
  for (const char* piece : {"\xCC\x81\xCC\x96", "\xE2\x80\x8B", "a\xD0\xB0", "\xEF\xB7\xBA", "\xFF",
                            " \xC2\xA0", "\xE1\x84\x80\xE1\x85\xA1"}) {
    std::string in;
    while (in.size() < 30'000) in += piece;
    CAPTURE(piece);
    CHECK(fold_text(in).text.size() <= 12 * in.size());
  }
}

}  // namespace
