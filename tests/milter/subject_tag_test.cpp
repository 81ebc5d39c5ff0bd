// SPDX-License-Identifier: MIT
#include "milter/subject_tag.h"

#include "milter/encoded_words.h"
#include "parsers/encoded_word.h"
#include "parsers/text.h"
#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

/// As mail programs show a field body.
std::string shown(const std::string& body) {
  std::string unfolded;
  for (const char octet : body) {
    if (octet != '\n') unfolded += octet;
  }
  Problems problems;
  return decode_encoded_words(unfolded, problems);
}

std::string tagged(std::string_view tag, const std::string& raw) {
  return tagged_subject(tag, raw, shown(raw)).value_or("(left)");
}

}  // namespace

TEST_CASE("the tag goes in front and the rest stays octet for octet") {
  CHECK(tagged("[pitch] ", " Idea") == "[pitch] Idea");
  CHECK(tagged("[pitch]", "Idea") == "[pitch] Idea");
  CHECK(tagged("[pitch] ", "=?iso-8859-1?Q?Id=E9e?=\n =?utf-8?b?w6k=?=") ==
        "[pitch] =?iso-8859-1?Q?Id=E9e?=\n =?utf-8?b?w6k=?=");
  CHECK(tagged("[pitch] ", "raw \xC3\xA9 and \xE9") == "[pitch] raw \xC3\xA9 and \xE9");
  CHECK(tagged("[pitch] ", "a\r\n b\r\n") == "[pitch] a\n b");
  CHECK(tagged("[pitch] ", "  ") == "[pitch]");
}

TEST_CASE("a subject that bears the tag is left") {
  for (const std::string raw :
       {"[pitch] Idea", "[PITCH] Idea", "[pitch]", " Re: [pitch] Idea", "AW: Re[2]: Fwd: [pitch]  Idea",
        "=?utf-8?q?=5Bpitch=5D_Idea?=", "Re:\n =?utf-8?b?W3BpdGNoXSBJZGVh?="}) {
    CAPTURE(raw);
    CHECK(tagged("[pitch] ", raw) == "(left)");
  }
  CHECK(tagged("[pitch] ", "About [pitch] tags") == "[pitch] About [pitch] tags");
  CHECK(tagged("[pitch] ", "Re[: [pitch]") == "[pitch] Re[: [pitch]");
}

TEST_CASE("tagging twice is tagging once") {
  for (const std::string tag : {"[pitch] ",
                                "Verkaufsgespr\xC3\xA4"
                                "ch: ",
                                "\xE5\xA3\xB2\xE8\xBE\xBC"}) {
    for (const std::string raw : {"Idea", "=?utf-8?q?Id=C3=A9e?=", ""}) {
      CAPTURE(tag, raw);
      CHECK(tagged(tag, tagged(tag, raw)) == "(left)");
    }
  }
}

TEST_CASE("a tag beyond ASCII is encoded, and one blank is shown behind it") {
  const std::string tag =
      "Verkaufsgespr\xC3\xA4"
      "ch: ";
  CHECK(tagged(tag, "Idea") == "=?utf-8?q?Verkaufsgespr=C3=A4ch=3A?= Idea");
  for (const std::string raw : {"Idea", "=?utf-8?q?Idea?="}) CHECK(shown(tagged(tag, raw)) == tag + "Idea");
  CHECK(shown(tag_alone(tag)) == std::string(trim(tag)));
}

TEST_CASE("the tag makes no line longer than it must be") {
  const std::string raw = std::string(61, 'a') + "\n " + std::string(70, 'b');
  CHECK(tagged("[pitch] ", raw) == "[pitch]\n " + raw);
  CHECK(tagged("[pitch] ", std::string(60, 'a')) == "[pitch] " + std::string(60, 'a'));
  CHECK(tagged("[pitch] ", std::string(61, 'a')) == "[pitch]\n " + std::string(61, 'a'));
}

TEST_CASE("encoded words are short, whole and say what was put in") {
  std::string text;
  for (int i = 0; i < 40; ++i) text += "\xF0\x9F\x98\x80 \xC3\xA9=?_";
  const std::string words = encode_words(text);
  for (std::string_view word : split(words, '\n')) {
    word = trim(word);
    CHECK(word.size() <= 75);
    Problems problems;
    CHECK(decode_encoded_words(word, problems).find("\xEF\xBF\xBD") == std::string::npos);
  }
  CHECK(shown(words) == text);
  CHECK(encode_words("").empty());
  CHECK(shown(encode_words("\xFF")) == "\xEF\xBF\xBD");
}
