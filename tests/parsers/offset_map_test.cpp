// SPDX-License-Identifier: MIT
#include "parsers/offset_map.h"

#include <cstddef>
#include <ostream>
#include <random>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
std::ostream& operator<<(std::ostream& out, const Span& span) {
  return out << '[' << span.begin << ',' << span.end << ')';
}
}  // namespace coldpitch

namespace {

using coldpitch::OffsetMap;
using coldpitch::Span;

constexpr std::size_t kFar = 1'000'000;

TEST_CASE("an empty map knows nothing") {
  const OffsetMap map;
  CHECK(map.runs() == 0);
  CHECK(map.source_of(0) == 0);
  CHECK(map.source_of(7) == 0);
  CHECK(map.source_of(Span{2, 5}, kFar) == Span{0, 0});
  CHECK(map.then(map).runs() == 0);
}

TEST_CASE("runs advance octet by octet") {
  OffsetMap map;
  map.add(0, 10);
  map.add(5, 20);
  CHECK(map.source_of(0) == 10);
  CHECK(map.source_of(4) == 14);
  CHECK(map.source_of(5) == 20);
  CHECK(map.source_of(9) == 24);
}

TEST_CASE("what stands before the first run comes from its begin") {
  OffsetMap map;
  map.add(3, 10);
  CHECK(map.source_of(0) == 10);
  CHECK(map.source_of(3) == 10);
  CHECK(map.source_of(4) == 11);
}

TEST_CASE("runs that say the same are one") {
  OffsetMap map;
  map.add(0, 10);
  map.add(3, 13);
  map.add(5, 15);
  CHECK(map.runs() == 1);
  map.add(6, 15);
  CHECK(map.runs() == 2);
  map.add(6, 16);  // takes the last one back, and then it continues the first
  CHECK(map.runs() == 1);
  CHECK(map.source_of(6) == 16);
}

TEST_CASE("sources may go back") {
  OffsetMap map;
  map.add(0, 10);
  map.add(2, 0);
  CHECK(map.source_of(1) == 11);
  CHECK(map.source_of(3) == 1);
  CHECK(map.source_of(Span{1, 3}, kFar) == Span{11, 11});
}

TEST_CASE("blocks count as a whole") {
  OffsetMap map;
  map.add(0, 0);
  map.add_block(2, {2, 5});
  map.add_block(3, {2, 5});
  map.add(4, 5);
  CHECK(map.runs() == 3);
  CHECK(map.source_of(1) == 1);
  CHECK(map.source_of(2) == 2);
  CHECK(map.source_of(3) == 2);
  CHECK(map.source_of(4) == 5);
  struct Row {
    Span made;
    Span source;
  };
  const Row kRows[] = {
      {{0, 2}, {0, 2}}, {{0, 3}, {0, 5}}, {{2, 3}, {2, 5}}, {{3, 4}, {2, 5}},
      {{3, 5}, {2, 6}}, {{4, 5}, {5, 6}}, {{2, 2}, {2, 2}}, {{4, 4}, {5, 5}},
  };
  for (const Row& row : kRows) {
    CAPTURE(row.made);
    CHECK(map.source_of(row.made, kFar) == row.source);
  }
}

TEST_CASE("blocks that differ are not one") {
  OffsetMap map;
  map.add_block(0, {0, 2});
  map.add_block(1, {2, 4});
  map.add(2, 4);
  CHECK(map.runs() == 3);
  CHECK(map.source_of(Span{1, 2}, kFar) == Span{2, 4});
}

TEST_CASE("spans are bounded by the source") {
  OffsetMap map;
  map.add(0, 10);
  CHECK(map.source_of(Span{0, 5}, 15) == Span{10, 15});
  CHECK(map.source_of(Span{0, 5}, 14) == Span{10, 14});
  CHECK(map.source_of(Span{0, 5}, 9) == Span{9, 9});
  CHECK(map.source_of(Span{5, 3}, kFar) == Span{15, 15});
}

TEST_CASE("what was dropped inside a span is covered, what was dropped around it not") {
  OffsetMap map;
  map.add(0, 3);
  map.add(2, 8);
  map.add(4, 12);
  CHECK(map.source_of(Span{0, 4}, kFar) == Span{3, 10});
  CHECK(map.source_of(Span{0, 2}, kFar) == Span{3, 5});
  CHECK(map.source_of(Span{2, 4}, kFar) == Span{8, 10});
}

TEST_CASE("a block over joined runs covers their sources") {
  OffsetMap folded;
  folded.add(0, 0);
  folded.add_block(1, {1, 4});
  folded.add(2, 4);
  OffsetMap cut;
  cut.add(0, 100);
  cut.add(2, 200);
  const OffsetMap joined = folded.then(cut);
  CHECK(joined.source_of(Span{0, 1}, kFar) == Span{100, 101});
  CHECK(joined.source_of(Span{1, 2}, kFar) == Span{101, 202});
  CHECK(joined.source_of(Span{2, 3}, kFar) == Span{202, 203});
}

TEST_CASE("runs over a block stay in it") {
  OffsetMap cut;
  cut.add(0, 1);
  OffsetMap folded;
  folded.add_block(0, {0, 3});
  folded.add(4, 3);
  const OffsetMap joined = cut.then(folded);
  CHECK(joined.source_of(Span{0, 1}, kFar) == Span{0, 3});
  CHECK(joined.source_of(Span{2, 3}, kFar) == Span{0, 3});
  CHECK(joined.source_of(Span{3, 4}, kFar) == Span{3, 4});
}

/// A map of rising sources over `octets` made octets.
OffsetMap random_map(std::mt19937& random, std::size_t octets) {
  OffsetMap map;
  std::size_t source = random() % 3;
  for (std::size_t made = 0; made < octets;) {
    const std::size_t length = 1 + random() % 5;
    if (random() % 3 == 0) {
      const std::size_t source_octets = 1 + random() % 4;
      map.add_block(made, {source, source + source_octets});
      source += source_octets;
    } else {
      map.add(made, source);
      source += length;
    }
    made += length;
    source += random() % 2;
  }
  return map;
}

TEST_CASE("a joined map says what the two say one after the other") {
  std::mt19937 random(1);
  for (int round = 0; round < 30; ++round) {
    const OffsetMap first = random_map(random, 40);
    const OffsetMap second = random_map(random, 200);
    const OffsetMap joined = first.then(second);
    for (std::size_t at = 0; at < 40; ++at) {
      CAPTURE(round, at);
      CHECK(joined.source_of(at) == second.source_of(first.source_of(at)));
      const Span whole = first.source_of(Span{at, at + 1}, kFar);
      CHECK(joined.source_of(Span{at, at + 1}, kFar) == second.source_of(whole, kFar));
    }
  }
}

TEST_CASE("joining takes linear time") {
  OffsetMap first;
  OffsetMap second;
  for (std::size_t i = 0; i < 20'000; ++i) {
    first.add(2 * i, 3 * i);
    second.add(2 * i, 3 * i);
  }
  const OffsetMap joined = first.then(second);
  CHECK(joined.runs() <= first.runs() + second.runs());
  CHECK(joined.source_of(4) == second.source_of(6));
}

}  // namespace
