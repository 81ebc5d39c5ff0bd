// SPDX-License-Identifier: MIT
// Replays an archive on one thread and on all cores with the shipped policies: the results must be the same, and memory may grow only by what
// history keeps of a message. Prints rate, cores in use (processor time over time passed) and memory of both.
//
//   replay_benchmark [messages]      20,000 without a number
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "cli/mail_index.h"
#include "cli/replay.h"
#include "cli/replay_summary.h"
#include "tests/support/mail.h"

using namespace coldpitch;

namespace {

/// Events, sketches and keys of a message in the store in memory.
constexpr double kMostOctetsKept = 4096;

std::string field_date(std::size_t number) {
  const std::chrono::sys_seconds time{std::chrono::hours(24 * 365 * 55) + std::chrono::seconds(number * 90)};
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S +0000", &parts);
  return text.data();
}

/// An mbox of messages of some thousand senders, most of whom write again.
void write_archive(const std::filesystem::path& file, std::size_t messages) {
  std::vector<std::string> bodies;
  for (const char* const name :
       {"2-direct-pitch.eml", "3-follow-up.eml", "4-prospect-question.eml", "5-colleague.eml"}) {
    const std::string sample = test::sample_mail(name);
    bodies.push_back(sample.substr(sample.find("\r\n\r\n") + 4));
  }
  std::ofstream out(file, std::ios::binary);
  for (std::size_t i = 0; i < messages; ++i) {
    const std::string number = std::to_string(i);
    const std::string sender =
        "jane" + std::to_string(i * 7 % 5003) + "@shop" + std::to_string(i * 7 % 401) + ".example";
    out << "From " << sender << " Mon Oct  5 09:00:00 2026\nFrom: Jane <" << sender << ">\nTo: user" << i % 50
        << "@example.net\nSubject: Idea " << number << "\nDate: " << field_date(i) << "\nMessage-ID: <"
        << number << "@shop.example>\nContent-Type: text/plain; charset=utf-8\n\n"
        << bodies[i % bodies.size()] << "\nReference " << number << ".\n\n";
  }
}

double resident_octets() {
  std::ifstream status("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  status >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double seconds_of(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

struct Outcome {
  std::vector<std::size_t> rows;  ///< a hash of each
  double octets_kept = 0;         ///< by a message, from the first quarter to the end
};

std::size_t hash_of(const ReplayRow& row) {
  std::string all = row.path + '\n' + row.sender + '\n' + row.subject + '\n' + format_rfc3339(row.date);
  for (const SideResult& side : row.sides) {
    all += '\n' + std::string(to_string(side.level)) + ' ' + std::to_string(side.score) + ' ' + side.exempt +
           ' ' + side.reason;
    for (const auto& [rule, weight] : side.rules) all += ' ' + rule + ' ' + std::to_string(weight);
  }
  return std::hash<std::string>()(all);
}

Outcome replay(const MailIndex& index, std::size_t jobs) {
  ReplayOptions options;
  options.jobs = jobs;
  std::vector<ReplaySide> sides;
  sides.push_back({test::shipped_snapshot(), open_memory_store()});
  const Keyring keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{1});
  ReplayRun run(index, options, sides, keyring);
  Outcome outcome;
  outcome.rows.reserve(index.size());
  double at_quarter = 0;
  const double wall = seconds_of(CLOCK_MONOTONIC);
  const double processor = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
  run.run(0, [&](ReplayedMessage& message) {
    outcome.rows.push_back(hash_of(row_of(message, index)));
    if (outcome.rows.size() == index.size() / 4) at_quarter = resident_octets();
  });
  const double passed = seconds_of(CLOCK_MONOTONIC) - wall;
  const double at_end = resident_octets();
  outcome.octets_kept = (at_end - at_quarter) / (static_cast<double>(index.size()) * 0.75);
  std::printf(
      "%2zu threads: %7.0f messages/s, %.2f cores in use, %.0f MiB at a quarter, %.0f MiB at the end\n", jobs,
      static_cast<double>(index.size()) / passed, (seconds_of(CLOCK_PROCESS_CPUTIME_ID) - processor) / passed,
      at_quarter / 1048576, at_end / 1048576);
  return outcome;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t messages = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20'000;
  const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("coldpitch-replay-" + std::to_string(::getpid()) + ".mbox");
  write_archive(file, messages);
  const MailIndex index = MailIndex::build({{file.string()}, {}, kMaxUnpackedOctets, {}}, {});
  const Outcome serial = replay(index, 1);
  const Outcome parallel = replay(index, std::max(2U, std::thread::hardware_concurrency()));
  std::filesystem::remove(file);
  std::printf("%zu messages, results %s, at most %.0f octets kept of each\n", serial.rows.size(),
              serial.rows == parallel.rows ? "equal" : "DIFFER",
              std::max(serial.octets_kept, parallel.octets_kept));
  const bool is_flat = serial.octets_kept < kMostOctetsKept && parallel.octets_kept < kMostOctetsKept;
  return serial.rows.size() == messages && serial.rows == parallel.rows && is_flat ? 0 : 1;
}
