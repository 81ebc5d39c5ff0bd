// SPDX-License-Identifier: MIT
// Each bomb twice as large takes at most some three times as long, whether limits cut it or not, and within the default limits memory
// stays under four times the message. Times are processor times of this thread, so that other programs matter little.
//
//   bombs_test [NAME]
#include <libxml/xmlmemory.h>
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>
#include <string>

#include "tests/bench/bombs.h"

namespace {

std::size_t live = 0;  ///< octets allocated now
std::size_t peak = 0;

void* counted(void* block) {
  live += malloc_usable_size(block);
  peak = std::max(peak, live);
  return block;
}

void* allocate(std::size_t octets) { return counted(std::malloc(octets)); }

void release(void* block) {
  live -= malloc_usable_size(block);
  std::free(block);
}

void* reallocate(void* block, std::size_t octets) {
  live -= malloc_usable_size(block);
  return counted(std::realloc(block, octets));
}

char* duplicate(const char* text) {
  auto* copy = static_cast<char*>(allocate(std::strlen(text) + 1));
  return copy == nullptr ? nullptr : std::strcpy(copy, text);
}

}  // namespace

void* operator new(std::size_t octets) {
  void* block = allocate(octets);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { release(block); }
void operator delete(void* block, std::size_t /*octets*/) noexcept { release(block); }

namespace {

using namespace coldpitch;
using test::Bomb;

constexpr double kMostGrowth = 3.0;
constexpr double kMostMemory = 4.0;
/// Memory is measured on messages of this size. What is kept of text and header is bounded by their limits, not by the message.
constexpr std::size_t kLargeOctets = 8U << 20U;
/// Times below are too short to tell growth.
constexpr double kLeastMilliseconds = 20;

double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The best of a few runs: others on the machine only slow it down.
double time_of(const std::string& octets, const Limits& limits, int runs) {
  double best = 1e9;
  for (int i = 0; i < runs; ++i) {
    const double begin = milliseconds();
    if (test::read_all(octets, limits) == 0) std::abort();
    best = std::min(best, milliseconds() - begin);
  }
  return best;
}

double memory_of(const std::string& octets, const Limits& limits) {
  const std::size_t before = live;
  peak = live;
  if (test::read_all(octets, limits) == 0) std::abort();
  return static_cast<double>(peak - before) / static_cast<double>(octets.size());
}

struct Growth {
  double once = 0;
  double twice = 0;

  [[nodiscard]] bool is_linear() const { return twice < kLeastMilliseconds || twice < kMostGrowth * once; }
};

Growth growth_of(const std::string& once, const std::string& twice, const Limits& limits) {
  Growth growth{time_of(once, limits, 1), time_of(twice, limits, 1)};
  if (!growth.is_linear()) growth = {time_of(once, limits, 3), time_of(twice, limits, 3)};
  return growth;
}

bool check(const Bomb& bomb) {
  const std::string once = bomb.make(bomb.times / 2);
  const std::string twice = bomb.make(bomb.times);
  const Growth wide = growth_of(once, twice, test::wide_limits());
  const Growth limited = growth_of(once, twice, Limits{});
  const std::size_t larger = std::max<std::size_t>(kLargeOctets / twice.size(), 1);
  const double memory = memory_of(bomb.make(bomb.times * larger), Limits{});
  const bool holds = wide.is_linear() && limited.is_linear() && memory < kMostMemory;
  std::printf("%-28s %6zu KiB  wide %7.1f -> %7.1f ms  limited %7.1f -> %7.1f ms  memory x%.2f%s\n",
              std::string(bomb.name).c_str(), twice.size() / 1024, wide.once, wide.twice, limited.once,
              limited.twice, memory, holds ? "" : "  FAILED");
  std::fflush(stdout);
  return holds;
}

}  // namespace

int main(int argc, char** argv) {
  xmlMemSetup(release, allocate, reallocate, duplicate);
  (void)test::read_all("Subject: warm\r\n\r\nup\r\n", Limits{});
  int failed = 0;
  for (const Bomb& bomb : test::bombs()) {
    if (argc > 1 && bomb.name != argv[1]) continue;
    if (!check(bomb)) ++failed;
  }
  std::printf("%d bombs cost too much\n", failed);
  return failed == 0 ? 0 : 1;
}
