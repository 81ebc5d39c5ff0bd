// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

AtomFinder finder_of(const std::vector<std::string>& texts) {
  std::vector<AtomFinder::Atom> atoms;
  for (const std::string& text : texts) atoms.push_back({text});
  return AtomFinder(atoms);
}

std::vector<int> found(const AtomFinder& finder, std::string_view text) {
  std::vector<int> indices;
  for (const AtomFinder::Found& one : finder.find(text).atoms) indices.push_back(static_cast<int>(one.atom));
  std::sort(indices.begin(), indices.end());
  return indices;
}

TEST_CASE("texts are found wherever they stand, each once", "[atom]") {
  const AtomFinder finder = finder_of({"seo", "quick call", "call", "über", "calls", "hr"});
  CHECK(found(finder, "") == std::vector<int>{});
  CHECK(found(finder, "se") == std::vector<int>{});
  CHECK(found(finder, "seo") == std::vector<int>{0});
  CHECK(found(finder, "call") == std::vector<int>{2});
  CHECK(found(finder, "calls") == std::vector<int>{2, 4});
  CHECK(found(finder, "a quick call, a quick call: über seo") == std::vector<int>{0, 1, 2, 3});
  CHECK(found(finder, "quick calm cal l uber se o") == std::vector<int>{});
  CHECK(found(finder, "the hr") == std::vector<int>{5});
  CHECK(found(finder, "a quick call, hr") == std::vector<int>{1, 2, 5});
  CHECK(found(AtomFinder({}), "anything") == std::vector<int>{});
}

/// Where atom `atom` stands; nothing where it stands in too many places.
std::vector<std::uint32_t> places(const AtomFinder& finder, std::size_t atom, std::string_view text) {
  const AtomFinder::Finds finds = finder.find(text);
  for (const AtomFinder::Found& one : finds.atoms) {
    if (one.atom != atom) continue;
    CHECK(one.has_more == (one.begin == one.end));
    std::vector<std::uint32_t> places(finds.places.begin() + static_cast<std::ptrdiff_t>(one.begin),
                                      finds.places.begin() + static_cast<std::ptrdiff_t>(one.end));
    std::sort(places.begin(), places.end());
    return places;
  }
  return {};
}

TEST_CASE("the places of a text are told, if they are few", "[atom]") {
  const AtomFinder finder = finder_of({"aaa", "aaaa", "a quick call"});
  CHECK(places(finder, 0, "aaaaa aaa") == std::vector<std::uint32_t>{0, 1, 2, 6});
  CHECK(places(finder, 1, "aaaaa aaa") == std::vector<std::uint32_t>{0, 1});
  CHECK(places(finder, 2, "a quick call, a quick calm, a quick call") == std::vector<std::uint32_t>{0, 28});
  CHECK(places(finder, 2, "aaa").empty());
  CHECK(places(finder, 0, std::string(AtomFinder::kMaxPlaces + 2, 'a')).size() == AtomFinder::kMaxPlaces);
  CHECK(places(finder, 0, std::string(AtomFinder::kMaxPlaces + 3, 'a')).empty());
  CHECK(found(finder, std::string(1000, 'a')) == std::vector<int>{0, 1});
}

TEST_CASE("borders of words are those of RE2", "[atom]") {
  const AtomFinder finder(
      {{"call", true, false}, {"call", false, true}, {"call", true, true}, {"über", true, false}});
  CHECK(found(finder, "call") == std::vector<int>{0, 1, 2});
  CHECK(found(finder, "a call!") == std::vector<int>{0, 1, 2});
  CHECK(found(finder, "recall") == std::vector<int>{1});
  CHECK(found(finder, "calls recall") == std::vector<int>{0, 1});
  CHECK(found(finder, "call_ 1call") == std::vector<int>{0, 1});
  CHECK(found(finder, "ücallü") == std::vector<int>{0, 1, 2});
  CHECK(found(finder, "recalls") == std::vector<int>{});
  // "ü" is no letter of a word: a border stands before it where one is before.
  CHECK(found(finder, "über") == std::vector<int>{});
  CHECK(found(finder, "xüber") == std::vector<int>{3});
}

TEST_CASE("of thousands of texts each is found, at the end of a text as well", "[atom]") {
  std::vector<std::string> atoms;
  for (int number = 1000; number < 6000; ++number)
    atoms.push_back(std::to_string(number * 7919) + (number % 2 == 0 ? "" : " and more"));
  const AtomFinder finder = finder_of(atoms);
  for (std::size_t index = 0; index < atoms.size(); index += 7) {
    CAPTURE(atoms[index]);
    const std::vector<int> indices = found(finder, "x " + atoms[index]);
    REQUIRE(std::count(indices.begin(), indices.end(), static_cast<int>(index)) == 1);
    REQUIRE(found(finder, atoms[index].substr(1)).empty());
  }
}

TEST_CASE("texts that share their octets are told apart", "[atom]") {
  std::vector<std::string> atoms;
  for (char first = 'a'; first <= 'z'; ++first) {
    for (char last = 'a'; last <= 'z'; ++last) atoms.push_back(std::string(1, first) + "same" + last);
  }
  const AtomFinder finder = finder_of(atoms);
  for (std::size_t index = 0; index < atoms.size(); ++index) {
    CAPTURE(atoms[index]);
    REQUIRE(found(finder, "x" + atoms[index] + "x") == std::vector<int>{static_cast<int>(index)});
  }
}

TEST_CASE("an atom is found across any boundary of the finder's own", "[atom]") {
  const std::string longest(600, 'q');
  const AtomFinder finder(
      {{"kürzer", true, true}, {"ab", false, false}, {"abc", false, false}, {"zu den preisen"}, {longest}});
  for (std::size_t before = 480; before < 530; ++before) {
    CAPTURE(before);
    const std::string text = std::string(before, ' ') + "kürzer abc zu den preisen " + longest;
    REQUIRE(found(finder, text) == std::vector<int>{0, 1, 2, 3, 4});
    REQUIRE(places(finder, 3, text) == std::vector<std::uint32_t>{static_cast<std::uint32_t>(before + 12)});
    REQUIRE(found(finder, text.substr(0, text.size() - 1)) == std::vector<int>{0, 1, 2, 3});
  }
}

/// Looked for at each place by itself.
bool stands_somewhere(const AtomFinder::Atom& atom, std::string_view text) {
  const auto is_word = [](char octet) { return (octet >= 'a' && octet <= 'z') || octet == '_'; };
  const auto is_border = [&](std::size_t at) {
    return (at > 0 && is_word(text[at - 1])) != (at < text.size() && is_word(text[at]));
  };
  for (std::size_t at = text.find(atom.text); at != std::string_view::npos;
       at = text.find(atom.text, at + 1)) {
    if ((!atom.border_before || is_border(at)) && (!atom.border_behind || is_border(at + atom.text.size())))
      return true;
  }
  return false;
}

TEST_CASE("what is found is what stands there, however words and borders lie", "[atom]") {
  std::mt19937 numbers(5);
  const auto text_of = [&](std::size_t octets) {
    constexpr auto kLetters =
        std::to_array<std::string_view>({"a", "b", "a", "b", " ", "_", "'", "\xC3\xBC", "-"});
    std::string text;
    while (text.size() < octets) text += kLetters[numbers() % kLetters.size()];
    return text;
  };
  std::set<AtomFinder::Atom> distinct;
  while (distinct.size() < 400)
    distinct.insert({text_of(2 + numbers() % 12), numbers() % 2 == 0, numbers() % 2 == 0});
  const std::vector<AtomFinder::Atom> atoms(distinct.begin(), distinct.end());
  const AtomFinder finder(atoms);
  for (int round = 0; round < 60; ++round) {
    const std::string text = text_of(numbers() % 1200);
    CAPTURE(text);
    std::vector<int> expected;
    for (std::size_t atom = 0; atom < atoms.size(); ++atom) {
      if (stands_somewhere(atoms[atom], text)) expected.push_back(static_cast<int>(atom));
    }
    REQUIRE(found(finder, text) == expected);
  }
}

}  // namespace
}  // namespace coldpitch
