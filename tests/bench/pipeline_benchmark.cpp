// SPDX-License-Identifier: MIT
// Octets per second of the whole pipeline and of its first stage, over the sample messages and messages grown from them.
#include <benchmark/benchmark.h>

#include <string>

#include "milter/pipeline.h"
#include "tests/support/mail.h"

namespace coldpitch {
namespace {

/// The sample with its body said `times` over, numbered so that no two paragraphs are the same.
std::string grown_sample(int times) {
  const std::string sample = test::sample_mail("2-direct-pitch.eml");
  const std::size_t body = sample.find("\r\n\r\n") + 4;
  std::string grown = sample.substr(0, body);
  for (int i = 0; i < times; ++i) grown += "Point " + std::to_string(i) + ". " + sample.substr(body);
  return grown;
}

void parse(benchmark::State& state) {
  const std::string octets = grown_sample(static_cast<int>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(parse_message(octets, Limits{}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(octets.size()));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(parse)->RangeMultiplier(4)->Range(1, 64)->Complexity();

void judge(benchmark::State& state) {
  const auto snapshot = test::shipped_snapshot();
  const std::string octets = grown_sample(static_cast<int>(state.range(0)));
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  for (auto _ : state) benchmark::DoNotOptimize(judge_message(octets, envelope, *snapshot, {}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(octets.size()));
  state.SetComplexityN(state.range(0));
}
BENCHMARK(judge)->RangeMultiplier(4)->Range(1, 64)->Complexity();

void judge_inmail(benchmark::State& state) {
  const auto snapshot = test::shipped_snapshot();
  const std::string octets = test::sample_mail("1-linkedin-inmail.eml");
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  for (auto _ : state) benchmark::DoNotOptimize(judge_message(octets, envelope, *snapshot, {}));
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) *
                          static_cast<std::int64_t>(octets.size()));
}
BENCHMARK(judge_inmail);

}  // namespace
}  // namespace coldpitch
