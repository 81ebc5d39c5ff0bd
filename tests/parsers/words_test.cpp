// SPDX-License-Identifier: MIT
#include "parsers/words.h"

#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

/// "wordaa wordab ..." from number `first` on.
std::string numbered_words(int first, int count) {
  std::string out;
  for (int i = first; i < first + count; ++i) {
    out += std::string("word") + static_cast<char>('a' + i / 26) + static_cast<char>('a' + i % 26) + ' ';
  }
  return out;
}

TEST_CASE("has_words", "[words]") {
  struct Case {
    const char* text;
    bool words;
  };
  const Case cases[] = {
      {"", false},
      {" \r\n\t", false},
      {"-- ... !", false},
      {"a", true},
      {" 1", true},
      {"\u00A0\u200C\u034F", false},
      {"\u200B\u00E9", true},
      {"日本", true},
      {"\uFEFF", false},
      {"\uFFFD\uFFFC", false},
      {"\xE2\x80", true},
  };
  for (const Case& c : cases) {
    INFO(c.text);
    CHECK(has_words(c.text) == c.words);
  }
}

TEST_CASE("words_differ", "[words]") {
  struct Case {
    const char* name;
    std::string left;
    std::string right;
    bool differ;
  };
  const Case cases[] = {
      {"same", numbered_words(0, 20), numbered_words(0, 20), false},
      {"one empty", numbered_words(0, 20), "", false},
      {"nothing in common", numbered_words(0, 20), numbered_words(20, 20), true},
      {"a third in common", numbered_words(0, 9), numbered_words(6, 9), false},
      {"less than a third", numbered_words(0, 9), numbered_words(7, 9), true},
      {"seven words are too few", numbered_words(0, 7), numbered_words(20, 20), false},
      {"eight are enough", numbered_words(20, 20), numbered_words(0, 8), true},
      {"seven distinct ones are not", numbered_words(0, 7) + numbered_words(0, 7), numbered_words(20, 20),
       false},
      {"the shorter one is within the longer", numbered_words(0, 8), numbered_words(0, 200), false},
      {"case and line ends", "Some WORDS that\nTell\nWhich Thing Comes First Then Next",
       "some words that tell which thing comes first then next", false},
      {"line ends and blanks of all kinds",
       numbered_words(0, 4) + "\r\n\t\v\u00A0\u2028" + numbered_words(4, 8), numbered_words(0, 12), false},
      {"look-alike letters", "w\u043Ern worn b\u043Ened zoned toned honed phoned stoned t\u043Eld",
       "worn boned zoned toned honed phoned stoned told", false},
      {"one long line and many short ones", numbered_words(0, 300) + numbered_words(900, 200),
       "a\n\nb\n" + numbered_words(200, 100), false},
      {"short words do not count", "aaa bbb ccc ddd eee fff ggg hhh iii", numbered_words(0, 20), false},
      {"letters, not octets", "äöü ßäö üäö ößä äüß öäß üßö ßüä äßö", numbered_words(0, 20), false},
      {"addresses do not count", "http://aaaa.example/bbbb/cccc/dddd/eeee/ffff/gggg/hhhh/iiii see",
       numbered_words(0, 20), false},
      {"punctuation", "(worda), wordb; wordc. wordd! worde? wordf: wordg-wordh",
       "worda wordb wordc wordd worde wordf wordg wordh", false},
  };
  for (const Case& c : cases) {
    INFO(c.name);
    CHECK(words_differ(c.left, c.right) == c.differ);
    CHECK(words_differ(c.right, c.left) == c.differ);
  }
}

}  // namespace
}  // namespace coldpitch
