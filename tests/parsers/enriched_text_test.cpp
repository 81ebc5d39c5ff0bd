// SPDX-License-Identifier: MIT
#include "parsers/enriched_text.h"

#include <chrono>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

constexpr std::size_t kPlenty = 1000;

TEST_CASE("enriched text is read as it is shown") {
  struct Row {
    const char* name;
    std::string in;
    std::string out;
  };
  const std::string longest(60, 'a');
  const Row rows[] = {
      {"nothing", "", ""},
      {"plain", "one two", "one two"},
      {"one line end is a blank", "one\ntwo", "one two"},
      {"of several one is not counted", "one\n\ntwo\n\n\nthree\n\n\n\n\nfour", "one\ntwo\n\nthree\n\nfour"},
      {"commands", "<bold>one</bold> <X-My-Own>two</X-My-Own>", "one two"},
      {"parameters", "<color><param>red</param>one</color><Param>two</PARAM>three", "onethree"},
      {"a parameter that does not end", "one<param>two<param>three", "onetwothree"},
      {"signs", "1 << 2 <<bold>", "1 < 2 <bold>"},
      {"no commands", "a < b, <>, </>, <a b>, <b", "a < b, <>, </>, <a b>, <b"},
      {"the longest name", "<" + longest + ">x</" + longest + ">", "x"},
      {"a longer name", "<" + longest + "a>x", "<" + longest + "a>x"},
      {"lines kept", "<nofill>one\ntwo\n\nthree</nofill>four\nfive", "one\ntwo\n\nthree\nfour five"},
      {"quotes", "one<excerpt>two\n\nthree<excerpt>four</excerpt></excerpt>five",
       "one\n> two\n> three\n> > four\nfive"},
      {"an end without its quote", "</excerpt>one", "one"},
      {"lines of their own", "one<center>two</center>three", "one\ntwo\nthree"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(enriched_to_text(row.in, kPlenty) == row.out);
  }
}

TEST_CASE("enriched text stops at its limit") {
  for (const std::size_t size : {3U, 4U, 5U}) {
    CHECK(enriched_to_text("<bold>" + std::string(size, 'a'), 4) ==
          std::string(std::min<std::size_t>(size, 4), 'a'));
  }
}

TEST_CASE("hostile enriched text costs linear time") {
  std::string commands;
  for (int i = 0; i < 200'000; ++i) commands += "<param>";
  const auto begin = std::chrono::steady_clock::now();
  CHECK(enriched_to_text(commands, kPlenty).empty());
  CHECK(enriched_to_text(std::string(1'000'000, '<'), kPlenty) == std::string(kPlenty, '<'));
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));
}

}  // namespace
}  // namespace coldpitch
