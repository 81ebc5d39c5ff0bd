// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <cstdint>
#include <string>
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

}  // namespace
}  // namespace coldpitch
