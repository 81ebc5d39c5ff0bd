// SPDX-License-Identifier: MIT
#include "policies/word_lists.h"

#include "parsers/fold.h"
#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using Kind = WordList::Kind;

/// The pieces of the folded `text` in which a list of `entries` is found.
std::vector<std::string> found(Kind kind, const std::vector<std::string>& entries, const std::string& text,
                               std::size_t most = 50) {
  WordList list;
  list.kind = kind;
  list.entries = entries;
  const ListFinder finder({{7, "human", &list}});
  CHECK(finder.find("subject", text, most).empty());
  const std::string folded = fold_text(text).text;
  std::vector<std::string> pieces;
  for (const ListFinder::Found& one : finder.find("human", folded, most)) {
    CHECK(one.index == 7);
    for (const Span span : one.spans) pieces.push_back(folded.substr(span.begin, span.size()));
  }
  return pieces;
}

using Pieces = std::vector<std::string>;

TEST_CASE("word lists: whole words, whatever parts them") {
  const struct {
    const char* name;
    std::vector<std::string> entries;
    std::string text;
    Pieces expected;
  } kRows[] = {
      {"a word", {"acme"}, "we at Acme, sell", {"acme"}},
      {"part of a word", {"acme"}, "acmeology pacme", {}},
      {"two words", {"acme tools"}, "ACME-Tools! acme. tools", {"acme-tools", "acme. tools"}},
      {"entry with signs", {"acme-tools, inc."}, "acme tools inc", {"acme tools inc"}},
      {"the longer one is kept apart", {"acme", "acme tools"}, "acme tools", {"acme"}},
      {"letters beyond ASCII", {"Übernahme"}, "zur übernahme.", {"übernahme"}},
      {"not at the end", {"acme tools"}, "acme", {}},
      {"first word again and again", {"a a b"}, "a a a b", {"a a b"}},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(found(Kind::words, row.entries, row.text) == row.expected);
  }
}

TEST_CASE("word lists: domains, and those below them") {
  const struct {
    const char* name;
    std::vector<std::string> entries;
    std::string text;
    Pieces expected;
  } kRows[] = {
      {"a link",
       {"shop.example"},
       "www.shop.example/path shop.example",
       {"www.shop.example", "shop.example"}},
      {"an address", {"shop.example"}, "jo.shop.example@mail.shop.example", {"mail.shop.example"}},
      {"with an at sign", {"@Shop.Example"}, "jo@shop.example", {"shop.example"}},
      {"not another domain", {"shop.example"}, "notshop.example shop.example.org", {}},
      {"not in a path", {"shop.example"}, "cdn.other.example/x/shop.example next.example", {}},
      {"behind a path", {"shop.example"}, "cdn.other.example/x shop.example", {"shop.example"}},
      {"full stop", {"shop.example"}, "see https://shop.example.", {"shop.example"}},
      {"international",
       {"bücher.example"},
       "xn--bcher-kva.example bücher.example",
       {"xn--bcher-kva.example", "bücher.example"}},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(found(Kind::domains, row.entries, row.text) == row.expected);
  }
}

TEST_CASE("word lists: what is no entry") {
  CHECK(list_entry_fault(Kind::words, "acme").empty());
  CHECK(list_entry_fault(Kind::words, "--") == "'--' holds no word");
  CHECK(list_entry_fault(Kind::domains, "Shop.Example").empty());
  CHECK(list_entry_fault(Kind::domains, "@shop.example").empty());
  for (const char* entry : {"example", "a b.example", "192.0.2.1", "jo@shop.example", "shop.example/x"}) {
    CHECK(list_entry_fault(Kind::domains, entry) ==
          "'" + std::string(entry) + "' is no domain (write shop.example)");
  }
}

TEST_CASE("word lists: two lists in one field, and how many places are told") {
  WordList words, more;
  words.entries = {"acme"};
  more.entries = {"acme", "globex"};
  const ListFinder finder({{1, "human", &words}, {4, "human", &more}});
  const auto places = finder.find("human", "acme globex acme acme", 2);
  REQUIRE(places.size() == 2);
  CHECK(places[0].index == 1);
  CHECK(places[0].spans.size() == 2);
  CHECK(places[1].index == 4);
  CHECK(places[1].spans.size() == 2);
  CHECK(places[1].spans[1].begin == 5);
}

}  // namespace
}  // namespace coldpitch
