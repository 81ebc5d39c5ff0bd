// SPDX-License-Identifier: MIT
#include "parsers/flowed_text.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

TEST_CASE("flowed lines are joined as mail programs show them") {
  struct Row {
    const char* name;
    const char* in;
    const char* out;
    const char* out_without_space;
  };
  const Row rows[] = {
      {"nothing", "", "", ""},
      {"fixed lines", "one\ntwo\n", "one\ntwo\n", "one\ntwo\n"},
      {"a paragraph", "one \ntwo \nthree\nfour", "one two three\nfour", "onetwothree\nfour"},
      {"a word the line end cut", "unsub \nscribe  \nnow\n", "unsub scribe  now\n", "unsubscribe now\n"},
      {"empty lines end it", "one \n\ntwo\n", "one \ntwo\n", "one\ntwo\n"},
      {"the end ends it", "one ", "one ", "one "},
      {"signature mark", "one \n-- \nAnn\n", "one \n-- \nAnn\n", "one \n-- \nAnn\n"},
      {"quotes of one depth", "> one \n> two\n", "> one two\n", "> onetwo\n"},
      {"quotes of other depths", "> one \n>> two \nthree\n", "> one \n>> two \nthree\n",
       "> one \n>> two \nthree\n"},
      {"quotes without a blank", ">one\n>\n", "> one\n>\n", "> one\n>\n"},
      {"stuffed blanks", " one\n  two\n", "one\n two\n", "one\n two\n"},
      {"blanks that keep a line from being another thing", " > one\n From two\n", " > one\n From two\n",
       " > one\n From two\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(join_flowed_lines(row.in, false) == row.out);
    CHECK(join_flowed_lines(row.in, true) == row.out_without_space);
  }
}

}  // namespace
}  // namespace coldpitch
