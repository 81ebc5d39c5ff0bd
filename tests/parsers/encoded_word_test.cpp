// SPDX-License-Identifier: MIT
#include "parsers/encoded_word.h"

#include <string>
#include <vector>

#include "parsers/text.h"
#include "tests/support/catch.h"

namespace {

using coldpitch::Problems;
using Names = std::vector<std::string>;

struct Case {
  const char* name;
  std::string in;
  std::string out;
  Names problems = {};
};

void check(const Case& c) {
  CAPTURE(c.name);
  Problems problems;
  CHECK(coldpitch::decode_encoded_words(c.in, problems) == c.out);
  CHECK(problems.names() == c.problems);
}

TEST_CASE("encoded-words are decoded") {
  const Case kCases[] = {
      {"empty", "", ""},
      {"none", "Plain subject", "Plain subject"},
      {"Q", "=?utf-8?Q?Z=C3=BCrich_calling?=", "Z\xC3\xBCrich calling"},
      {"B", "=?utf-8?B?WsO8cmljaA==?=", "Z\xC3\xBCrich"},
      {"lower case encodings", "=?UTF-8?q?a?= b =?UTF-8?b?Yw==?=", "a b c"},
      {"latin 1", "=?ISO-8859-1?Q?Z=FCrich?=", "Z\xC3\xBCrich"},
      {"language suffix", "=?us-ascii*en?Q?hello?=", "hello"},
      {"language without charset", "=?*en?Q?hello?=", "hello"},
      {"no text", "a =?utf-8?Q?\?= b", "a  b"},
      {"only an equals sign", "=?utf-8?Q?=?=", ""},
      {"starts with an escape", "=?utf-8?Q?=41?=", "A"},
      {"padding before the end", "=?utf-8?B?QQ==?=", "A"},
      {"blanks outside stay", "  a  =?utf-8?Q?b?=  c  ", "  a  b  c  "},
      {"blank behind the last stays", "=?utf-8?Q?b?= ", "b "},
      {"inside a quoted string", "\"=?utf-8?Q?b?=\" <x>", "\"b\" <x>"},
      {"not set off", "Re:=?utf-8?Q?b?=!", "Re:b!"},
      {"blank inside the text", "=?utf-8?Q?a b?=", "a b"},
      {"question mark inside the text", "=?utf-8?Q?a?b?=", "a?b"},
      {"question marks in plain text", "why?=no =? =?? ?=", "why?=no =? =?? ?="},
      {"folded", "a\r\n\tb\r\n =?utf-8?Q?c?=", "a   b   c"},
      {"line ends, NUL and TAB from inside", "=?utf-8?Q?a=0D=0Ab=00c=09d?=", "a  b c d"},
      {"NUL outside", std::string("a\0b", 3), "a b"},
      {"raw UTF-8", "Z\xC3\xBCrich =?utf-8?Q?=C3=BC?=", "Z\xC3\xBCrich \xC3\xBC"},
      {"raw windows-1252",
       "Z\xFCrich =?utf-8?Q?=C3=BC?= \x80",
       "Z\xC3\xBCrich \xC3\xBC \xE2\x82\xAC",
       {"header-8bit"}},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("neighbouring encoded-words are joined") {
  const Case kCases[] = {
      {"blank between goes", "=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
      {"fold between goes", "=?utf-8?Q?a?=\r\n  =?utf-8?Q?b?=", "ab"},
      {"nothing between", "=?utf-8?Q?a?==?utf-8?Q?b?=", "ab"},
      {"blank inside stays", "=?utf-8?Q?a_?= =?utf-8?Q?b?=", "a b"},
      {"text between stays", "=?utf-8?Q?a?= , =?utf-8?Q?b?=", "a , b"},
      {"charset changes", "=?utf-8?Q?=C3=BC?= =?iso-8859-1?Q?=FC?=", "\xC3\xBC\xC3\xBC"},
      {"encoding changes", "=?utf-8?Q?=E2=82?= =?UTF-8?B?rA==?=", "\xE2\x82\xAC"},
      {"split character", "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "\xE2\x82\xAC"},
      {"split over text is broken",
       "=?utf-8?Q?=E2=82?= x =?utf-8?Q?=AC?=",
       "\xEF\xBF\xBD x \xEF\xBF\xBD",
       {"charset-malformed"}},
      {"split over charsets is broken",
       "=?utf-8?Q?=E2=82?= =?us-ascii?Q?x?=",
       "\xEF\xBF\xBDx",
       {"charset-malformed"}},
      {"Japanese shifts in each",
       "=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJDMbKEI=?=", "\xE3\x81\x93\xE3\x81\x93"},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("broken encoded-words stay and are flagged") {
  const Names kMalformed = {"encoded-word-malformed"};
  const Case kCases[] = {
      {"no end", "=?utf-8?Q?abc", "=?utf-8?Q?abc", kMalformed},
      {"half an end", "=?utf-8?Q?abc?", "=?utf-8?Q?abc?", kMalformed},
      {"unknown encoding", "=?utf-8?X?abc?=", "=?utf-8?X?abc?=", kMalformed},
      {"long encoding", "=?utf-8?QQ?abc?=", "=?utf-8?QQ?abc?=", kMalformed},
      {"cut behind the charset", "=?utf-8?", "=?utf-8?", kMalformed},
      {"cut behind the encoding", "=?utf-8?Q", "=?utf-8?Q", kMalformed},
      {"the next word starts before the end", "=?utf-8?Q?a =?utf-8?Q?b?=", "=?utf-8?Q?a b", kMalformed},
      {"text that is no base64 at all", "=?utf-8?B?QQ==QUJD?=", "A", kMalformed},
      {"bad escape", "=?utf-8?Q?a=ZZ?=", "a=ZZ", kMalformed},
      {"no charset is no word", "=??Q?abc?=", "=??Q?abc?="},
      {"blank in the charset is no word", "=?u 8?Q?abc?=", "=?u 8?Q?abc?="},
      {"unknown charset", "=?nonsense?Q?=E4?=", "\xC3\xA4", {"charset-unknown"}},
      {"longest charset", "=?" + std::string(80, 'c') + "?Q?a?=", "a", {"charset-unknown"}},
      {"charset too long is no word",
       "=?" + std::string(81, 'c') + "?Q?a?=", "=?" + std::string(81, 'c') + "?Q?a?="},
  };
  for (const Case& c : kCases) check(c);
}

TEST_CASE("hostile field bodies take linear time") {
  for (const char* piece :
       {"=?", "=?u?Q?", "=?u?Q?a", "?=", "=?u?Q?\?=", "=?u?Q?a?= ", "\xFF=?u?Q?=FF?=", "=?utf-8?B?/?="}) {
    CAPTURE(piece);
    std::string body;
    while (body.size() < 100'000) body += piece;
    Problems problems;
    const std::string text = coldpitch::decode_encoded_words(body, problems);
    CHECK(coldpitch::is_valid_utf8(text));
    CHECK(text.size() <= 3 * body.size());
  }
}

}  // namespace
