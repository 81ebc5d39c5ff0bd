// SPDX-License-Identifier: MIT
#include "policies/hit_extent.h"

#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

constexpr std::size_t kUnbounded = HitExtent::kUnbounded;

TEST_CASE("what a hit takes at most", "[extent]") {
  CHECK(hit_extent("call") == HitExtent{4, 0});
  CHECK(hit_extent("a call") == HitExtent{6, 1});
  CHECK(hit_extent("über") == HitExtent{5, 0});
  CHECK(hit_extent("") == HitExtent{0, 0});
  CHECK(hit_extent(R"(^\bcall\b$)") == HitExtent{4, 0});
  CHECK(hit_extent(R"(\A\Bcall\z)") == HitExtent{4, 0});
  CHECK(hit_extent("(?:a quick |brief )?call") == HitExtent{12, 2});
  CHECK(hit_extent("(?P<what>demo|call)s?") == HitExtent{5, 0});
  CHECK(hit_extent("call|demo call|") == HitExtent{9, 1});
  CHECK(hit_extent("(?:ab? ){2,3}c{4}") == HitExtent{13, 3});
  CHECK(hit_extent("(?:a{2}){3}") == HitExtent{6, 0});
  CHECK(hit_extent("a?b??c{0,2}?") == HitExtent{4, 0});
}

TEST_CASE("classes take their longest character", "[extent]") {
  CHECK(hit_extent("[a-z]") == HitExtent{1, 0});
  CHECK(hit_extent("[]a-]") == HitExtent{1, 0});
  CHECK(hit_extent("[a ]") == HitExtent{1, 1});
  CHECK(hit_extent("[a-zà-ž]").octets >= 2);
  CHECK(hit_extent("[a-zà-ž]").blanks == 0);
  CHECK(hit_extent("[^a]") == HitExtent{4, 1});
  CHECK(hit_extent("[^ ,]") == HitExtent{4, 0});
  CHECK(hit_extent(R"([^\s,])") == HitExtent{4, 0});
  CHECK(hit_extent("[[:alpha:]]").octets >= 1);
  CHECK(hit_extent(R"([\d.,]{1,6}\w\s)") == HitExtent{8, 1});
  CHECK(hit_extent(R"(.\W\D\S)") == HitExtent{16, 3});
  CHECK(hit_extent(R"(\pL\PL\p{Latin}\p{^L}\.)") == HitExtent{17, 2});
}

TEST_CASE("flags, quotations and characters by their number have an extent", "[extent]") {
  CHECK(hit_extent("(?i)k 1") == HitExtent{6, 1});
  CHECK(hit_extent("(?i:k)k(?-i)k") == HitExtent{6, 0});
  CHECK(hit_extent("(?:(?i)k)k") == HitExtent{5, 0});
  CHECK(hit_extent(R"((?i)[!-~]\w)") == HitExtent{8, 0});
  CHECK(hit_extent("(?s).") == HitExtent{4, 1});
  CHECK(hit_extent(R"(\x41\x{1f600})") == HitExtent{8, 2});
  CHECK(hit_extent(R"(\Qa b*\Ec)") == HitExtent{5, 1});
}

TEST_CASE("what is repeated without end takes everything, but perhaps no blank", "[extent]") {
  CHECK(hit_extent("a*") == HitExtent{kUnbounded, 0});
  CHECK(hit_extent(R"(call \w+ now)") == HitExtent{kUnbounded, 2});
  CHECK(hit_extent(R"(\S{2,})") == HitExtent{kUnbounded, 0});
  CHECK(hit_extent("(?:a b)+") == HitExtent{kUnbounded, kUnbounded});
  CHECK(hit_extent(".*") == HitExtent{kUnbounded, kUnbounded});
  CHECK(hit_extent("(?:a*){0}b") == HitExtent{1, 0});
}

TEST_CASE("what is not known is taken for everything", "[extent]") {
  for (const char* const unsure : {"(?x)k", R"(\x4)", R"(\141{9})", R"(\Qa\E{9})", R"(\C)", "a{,5}", "a{x",
                                   "(", ")", "[a", R"(\)", "[[:alpha:]", R"(\p{L)", "(?P<a"}) {
    CAPTURE(unsure);
    CHECK(hit_extent(unsure) == HitExtent{});
  }
  CHECK(hit_extent(std::string(100, '(') + "a" + std::string(100, ')')) == HitExtent{1, 0});
  CHECK(hit_extent(std::string(101, '(') + "a" + std::string(101, ')')) == HitExtent{});
}

}  // namespace
}  // namespace coldpitch
