// SPDX-License-Identifier: MIT
#include "policies/atom_finder.h"

#include <algorithm>
#include <string>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

std::vector<int> found(const AtomFinder& finder, std::string_view text) {
  std::vector<int> indices = finder.find(text);
  std::sort(indices.begin(), indices.end());
  return indices;
}

TEST_CASE("texts are found wherever they stand, each once", "[atom]") {
  const AtomFinder finder({"seo", "quick call", "call", "über", "calls"});
  CHECK(found(finder, "") == std::vector<int>{});
  CHECK(found(finder, "se") == std::vector<int>{});
  CHECK(found(finder, "seo") == std::vector<int>{0});
  CHECK(found(finder, "call") == std::vector<int>{2});
  CHECK(found(finder, "calls") == std::vector<int>{2, 4});
  CHECK(found(finder, "a quick call, a quick call: über seo") == std::vector<int>{0, 1, 2, 3});
  CHECK(found(finder, "quick calm cal l uber se o") == std::vector<int>{});
  CHECK(found(AtomFinder({}), "anything") == std::vector<int>{});
}

TEST_CASE("texts that share their octets are told apart", "[atom]") {
  std::vector<std::string> atoms;
  for (char first = 'a'; first <= 'z'; ++first) {
    for (char last = 'a'; last <= 'z'; ++last) atoms.push_back(std::string(1, first) + "same" + last);
  }
  const AtomFinder finder(atoms);
  for (std::size_t index = 0; index < atoms.size(); ++index) {
    CAPTURE(atoms[index]);
    REQUIRE(found(finder, "x" + atoms[index] + "x") == std::vector<int>{static_cast<int>(index)});
  }
}

}  // namespace
}  // namespace coldpitch
