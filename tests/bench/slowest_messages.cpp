// SPDX-License-Identifier: MIT
// Judges each message of the corpus with the shipped policies and lists the ten that took longest. One over a second is a failure.
//
//   slowest_messages      the folder is $COLDPITCH_CORPUS, else shared/corpus beside the checkout; exit status 77: there is none
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "milter/pipeline.h"
#include "tests/support/mail.h"

using namespace coldpitch;

namespace {

constexpr int kSkipped = 77;
constexpr std::size_t kListed = 10;
constexpr double kMostMilliseconds = 1000;

struct Timing {
  double milliseconds = 0;
  std::uintmax_t octets = 0;
  std::string path;
};

/// Processor time of this thread, so that other programs matter little.
double milliseconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

std::filesystem::path corpus_folder() {
  const char* const named = std::getenv("COLDPITCH_CORPUS");
  if (named != nullptr) return named;
  return std::filesystem::path(COLDPITCH_SOURCE).parent_path() / "shared" / "corpus";
}

Timing judge(const std::filesystem::path& path, const Snapshot& snapshot) {
  std::ifstream file(path, std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  Envelope envelope;
  envelope.recipients = {"alex@example.net"};
  const double begin = milliseconds();
  const Judgement judgement = judge_message(octets, envelope, snapshot, {});
  const double taken = milliseconds() - begin;
  if (judgement.recipients.empty()) std::abort();
  return {taken, octets.size(), path.string()};
}

}  // namespace

int main() {
  const std::filesystem::path corpus = corpus_folder();
  if (!std::filesystem::is_directory(corpus)) {
    std::printf("SKIPPED: there is no corpus at %s; set COLDPITCH_CORPUS to run this test\n", corpus.c_str());
    return kSkipped;
  }
  const auto snapshot = test::shipped_snapshot();
  std::vector<Timing> timings;
  double sum = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(corpus)) {
    if (!entry.is_regular_file() || entry.path().parent_path() == corpus) continue;
    timings.push_back(judge(entry.path(), *snapshot));
    sum += timings.back().milliseconds;
  }
  if (timings.empty()) return 1;
  std::sort(timings.begin(), timings.end(),
            [](const Timing& left, const Timing& right) { return left.milliseconds > right.milliseconds; });
  std::printf("%zu messages, %.2f ms each; the slowest:\n", timings.size(),
              sum / static_cast<double>(timings.size()));
  for (std::size_t i = 0; i < std::min(kListed, timings.size()); ++i) {
    std::printf("%8.1f ms %7ju KiB  %s\n", timings[i].milliseconds, timings[i].octets / 1024,
                timings[i].path.substr(corpus.string().size() + 1).c_str());
  }
  return timings.front().milliseconds > kMostMilliseconds ? 1 : 0;
}
