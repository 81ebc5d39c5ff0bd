// SPDX-License-Identifier: MIT
#include "policies/automata.h"

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

bool hits(const Automata::Expression& expression, std::string_view text) {
  const Span whole{0, text.size()};
  return expression.hits(text, {&whole, 1});
}

std::vector<Span> spans(const Automata::Expression& expression, std::string_view text, std::size_t most) {
  const Span whole{0, text.size()};
  return expression.spans(text, {&whole, 1}, most);
}

/// Words without end, none of which hits.
std::string filling(std::size_t octets) {
  std::string text;
  while (text.size() < octets) text += "meet us at two o'clock by the well ";
  text.resize(octets);
  return text;
}

TEST_CASE("who reads little has no automaton, who reads much has one", "[automata]") {
  Automata automata;
  const Automata::Expression& seldom = automata.add("demos*");
  const Automata::Expression& often = automata.add("calls*");
  CHECK(seldom.refusal().empty());
  CHECK_FALSE(hits(seldom, filling(Automata::kWorth - 1)));
  CHECK(automata.kept() == 0);
  CHECK_FALSE(hits(often, filling(Automata::kWorth)));
  CHECK(automata.kept() == 1);
  CHECK_FALSE(hits(seldom, "!"));
  CHECK(automata.kept() == 2);
}

TEST_CASE("an automaton with nothing to read is given back", "[automata]") {
  Automata automata;
  const Automata::Expression& passing = automata.add("demos*");
  const Automata::Expression& steady = automata.add("calls*");
  CHECK_FALSE(hits(passing, filling(Automata::kWorth)));
  const std::string much = filling(Automata::kRound / 2);
  for (int round = 0; round < 4; ++round) {
    CHECK_FALSE(hits(steady, much));
    CHECK_FALSE(hits(steady, much));
  }
  CHECK(automata.kept() == 1);
  CHECK(hits(passing, "a demo"));
  CHECK(automata.kept() == 1);
}

TEST_CASE("no more than so many have an automaton", "[automata]") {
  Automata automata;
  std::vector<const Automata::Expression*> expressions;
  for (std::size_t i = 0; i < Automata::kMost + 2; ++i) {
    expressions.push_back(&automata.add("demo" + std::to_string(i) + "!+"));
  }
  const std::string text = filling(Automata::kWorth);
  for (std::size_t i = 0; i < expressions.size(); ++i) {
    CHECK_FALSE(hits(*expressions[i], text));
    CHECK(hits(*expressions[i], text + "demo" + std::to_string(i) + "!"));
  }
  CHECK(automata.kept() == Automata::kMost);
}

TEST_CASE("the same is found with an automaton as without", "[automata]") {
  for (const char* text : {"(?:^|\\PL)(?:rappel|appel)(?:\\PL|$)", "\\bcall\\b|call us+", "b.{0,8}c",
                           "(?:us|c)$", "^call", "(a+)(b+)?"}) {
    Automata automata;
    const Automata::Expression& plain = automata.add(text);
    const Automata::Expression& quick = automata.add(text);
    CHECK_FALSE(hits(quick, std::string(Automata::kWorth, '-') + "\n"));
    REQUIRE(automata.kept() == 1);
    for (const char* mail : {"call us, un rappel, ab cd aab", "à l'appel", "back", "", "call", "rappel"}) {
      INFO(text << " in " << mail);
      CHECK(hits(plain, mail) == hits(quick, mail));
      CHECK(spans(plain, mail, 3) == spans(quick, mail, 3));
      CHECK(spans(plain, mail, 1) == spans(quick, mail, 1));
    }
    CHECK(automata.kept() == 1);
  }
}

TEST_CASE("an expression may need much memory, and one that needs too much is refused", "[automata]") {
  Automata automata;
  const Automata::Expression& large = automata.add("(?:\\pL{1,6} ){1,3}\\PL");
  CHECK(large.refusal().empty());
  CHECK(hits(large, "una casa grande !"));
  CHECK_THAT(automata.add("(?:\\pL{1,500} ){1,2}").refusal(), ContainsSubstring("pattern too large"));
  CHECK_THAT(automata.add("(").refusal(), ContainsSubstring("missing )"));
}

}  // namespace
}  // namespace coldpitch
