// SPDX-License-Identifier: MIT
// Time of each bomb at four sizes, each twice the one before, with limits so wide that they hide nothing.
#include <benchmark/benchmark.h>

#include <string>

#include "tests/bench/bombs.h"

namespace coldpitch {
namespace {

void read_bomb(benchmark::State& state, const test::Bomb& bomb) {
  const std::string octets = bomb.make(static_cast<std::size_t>(state.range(0)));
  const Limits limits = test::wide_limits();
  for (auto _ : state) benchmark::DoNotOptimize(test::read_all(octets, limits));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(octets.size()));
  state.SetComplexityN(state.range(0));
}

}  // namespace
}  // namespace coldpitch

int main(int argc, char** argv) {
  using namespace coldpitch;
  for (const test::Bomb& bomb : test::bombs()) {
    const auto times = static_cast<std::int64_t>(bomb.times);
    benchmark::RegisterBenchmark(std::string(bomb.name).c_str(),
                                 [&bomb](benchmark::State& state) { read_bomb(state, bomb); })
        ->Arg(times / 4)
        ->Arg(times / 2)
        ->Arg(times)
        ->Arg(times * 2)
        ->Unit(benchmark::kMillisecond)
        ->Complexity();
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
