// SPDX-License-Identifier: MIT
// Plays a busy MTA against a milter and says what that cost: see `milter-load --help`.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/bench/load.h"
#include "tests/bench/process_usage.h"

using namespace coldpitch;
using namespace coldpitch::test;

namespace {

using Json = nlohmann::ordered_json;

constexpr int kExitDone = 0;
constexpr int kExitFailed = 1;
constexpr int kExitUsage = 2;

struct Options {
  std::string socket;
  std::string program, config, program_log = "/dev/null";
  std::vector<std::string> arguments;
  std::vector<pid_t> pids;
  std::size_t messages = 2000;
  double seconds = 0;
  std::size_t warm_up = 200;
  double timeout = 30;
  double start_limit = 30;
  std::string corpus;
  std::string texts = COLDPITCH_SOURCE "/tests/data/quality";
  std::size_t set = 1000;
  std::uint32_t seed = 1;
  bool json = false;
  LoadOptions load;
};

struct Measured {
  LoadResult load;
  double mean_octets = 0;
  std::map<std::string, std::size_t> kinds;
  bool has_usage = false;
  ProcessUsage before, after;
  std::optional<double> start_seconds;

  [[nodiscard]] double cpu_milliseconds() const {
    const auto messages = static_cast<double>(std::max<std::size_t>(load.messages, 1));
    return (after.cpu_seconds - before.cpu_seconds) * 1000 / messages;
  }
};

/// Connects until the program answers the milter protocol. Throws when it ends or the time is up.
double wait_until_ready(const Options& options, StartedProgram& program,
                        std::chrono::steady_clock::time_point start) {
  std::string last;
  for (;;) {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
    Result<MilterClient> client = MilterClient::connect(options.load.socket, options.load.timeout);
    if (client) {
      client->quit();
      return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    }
    last = client.error().detail;
    if (!program.is_running())
      throw std::runtime_error(options.program + " ended; --program-log FILE keeps what it said");
    if (passed.count() > options.start_limit)
      throw std::runtime_error(options.program + " does not answer: " + last);
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

Measured measure(Options options) {
  Measured measured;
  const std::vector<LoadMail> mail =
      options.corpus.empty() ? mixed_mail(options.texts, options.set, options.seed) : mail_of(options.corpus);
  measured.mean_octets = mean_size(mail);
  for (const LoadMail& each : mail) ++measured.kinds[each.kind];
  std::unique_ptr<StartedProgram> program;
  if (!options.program.empty()) {
    std::vector<std::string> words = {options.program};
    if (!options.config.empty()) words.insert(words.end(), {"--config", options.config});
    words.insert(words.end(), options.arguments.begin(), options.arguments.end());
    const auto start = std::chrono::steady_clock::now();
    program = std::make_unique<StartedProgram>(words, options.program_log);
    measured.start_seconds = wait_until_ready(options, *program, start);
    options.pids.push_back(program->pid());
  }
  measured.has_usage = !options.pids.empty();
  Load load(options.load, mail);
  if (options.warm_up > 0) {
    const LoadResult warm = load.run(options.warm_up, std::nullopt);
    if (warm.messages == 0) throw std::runtime_error("no message was answered: " + warm.failure);
  }
  if (measured.has_usage) measured.before = usage_of(options.pids);
  const std::optional<double> seconds = options.seconds > 0 ? std::optional(options.seconds) : std::nullopt;
  measured.load = load.run(options.messages, seconds);
  if (measured.has_usage) measured.after = usage_of(options.pids);
  return measured;
}

Json latencies_json(const Latencies& latencies) {
  return {{"p50_ms", latencies.percentile(0.5) * 1000},
          {"p90_ms", latencies.percentile(0.9) * 1000},
          {"p99_ms", latencies.percentile(0.99) * 1000},
          {"p999_ms", latencies.percentile(0.999) * 1000},
          {"max_ms", latencies.percentile(1) * 1000}};
}

void print_json(const Options& options, const Measured& measured) {
  const LoadResult& load = measured.load;
  Json json{{"connections", options.load.connections},
            {"messages", load.messages},
            {"failures", load.failures},
            {"mean_octets", measured.mean_octets},
            {"kinds", measured.kinds},
            {"seconds", load.seconds},
            {"messages_per_second", static_cast<double>(load.messages) / load.seconds},
            {"octets_per_second", load.octets / load.seconds},
            {"whole", latencies_json(load.whole)},
            {"end_of_message", latencies_json(load.end)},
            {"answers", load.answers},
            {"edits", load.edits}};
  if (measured.has_usage) {
    json["cpu_ms_per_message"] = measured.cpu_milliseconds();
    json["resident_octets"] = measured.after.resident_octets;
    json["peak_octets"] = measured.after.peak_octets;
    json["threads"] = measured.after.threads;
    json["processes"] = measured.after.processes;
  }
  if (measured.start_seconds) json["start_seconds"] = *measured.start_seconds;
  if (!load.failure.empty()) json["failure"] = load.failure;
  std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

void print_latencies(const char* name, const Latencies& latencies) {
  std::printf("%-16s p50 %.2f ms, p90 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms\n", name,
              latencies.percentile(0.5) * 1000, latencies.percentile(0.9) * 1000,
              latencies.percentile(0.99) * 1000, latencies.percentile(0.999) * 1000,
              latencies.percentile(1) * 1000);
}

void print_text(const Options& options, const Measured& measured) {
  const LoadResult& load = measured.load;
  std::printf("%zu messages over %zu connections in %.2f s; the set: %.1f KB a message in the mean,",
              load.messages, options.load.connections, load.seconds, measured.mean_octets / 1000);
  for (const auto& [kind, count] : measured.kinds) std::printf(" %s %zu", kind.c_str(), count);
  std::printf("\n%-16s %.0f messages/s, %.1f MB/s\n", "throughput",
              static_cast<double>(load.messages) / load.seconds, load.octets / load.seconds / 1e6);
  print_latencies("whole message", load.whole);
  print_latencies("end of message", load.end);
  if (measured.has_usage) {
    std::printf("%-16s %.3f ms a message\n", "processor", measured.cpu_milliseconds());
    std::printf("%-16s %.1f MB resident, %.1f MB at most, %zu threads in %zu processes\n", "memory",
                measured.after.resident_octets / 1e6, measured.after.peak_octets / 1e6,
                measured.after.threads, measured.after.processes);
  }
  if (measured.start_seconds) std::printf("%-16s %.3f s\n", "start-up", *measured.start_seconds);
  std::printf("%-16s", "answers");
  for (const auto& [answer, count] : load.answers) std::printf(" %s %zu", answer.c_str(), count);
  std::printf("; %zu edits\n", load.edits);
  if (load.failures > 0) std::printf("%-16s %zu: %s\n", "FAILED", load.failures, load.failure.c_str());
}

void add_options(CLI::App& app, Options& options) {
  app.add_option("-s,--socket", options.socket,
                 "the milter's socket: unix:/path, inet:host:port or inet:port@host")
      ->required();
  app.add_option("--start", options.program, "start this program first, measure it, and stop it again");
  app.add_option("--config", options.config, "given to that program as --config FILE");
  app.add_option("--argument", options.arguments, "given to that program; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--program-log", options.program_log, "where what it prints goes (default: nowhere)");
  app.add_option("--start-limit", options.start_limit, "seconds it may take until it answers (default: 30)");
  app.add_option("--pid", options.pids, "measure this running process and its children; may be repeated")
      ->allow_extra_args(false);
  app.add_option("-c,--connections", options.load.connections, "connections at a time (default: 4)")
      ->check(CLI::Range(1, 5000));
  app.add_option("-m,--messages", options.messages,
                 "messages to send (default: 2000; with --seconds, as many as can be)")
      ->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds, "send for so long at most")->check(CLI::PositiveNumber);
  app.add_option("--rate", options.load.rate, "messages a second; without it, as fast as answers come")
      ->check(CLI::PositiveNumber);
  app.add_option("--per-connection", options.load.per_connection,
                 "messages before a connection is made anew (default: all)");
  app.add_option("--warm-up", options.warm_up, "messages sent before measuring (default: 200)");
  app.add_option("--timeout", options.timeout, "seconds an answer may take (default: 30)")
      ->check(CLI::PositiveNumber);
  app.add_option("--corpus", options.corpus, "send the mail of this file or folder instead of the mixed set");
  app.add_option("--texts", options.texts,
                 "fixtures the mixed set takes its words from (default: tests/data/quality)");
  app.add_option("--set", options.set, "different messages in the mixed set (default: 1000)")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options.seed, "of the mixed set (default: 1)");
  app.add_flag("--json", options.json, "print JSON");
}

int run(int argc, char** argv) {
  CLI::App app(
      "milter-load: plays a busy MTA against a milter; prints throughput, latency, processor time and "
      "memory.\n"
      "Percentiles are of single messages; the processor time is the milter's, so give --start or --pid.");
  app.footer(
      "Exit status: 0 all answered, 1 some were not, or nothing could be measured, 2 wrong arguments.");
  Options options;
  add_options(app, options);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? kExitDone : kExitUsage;
  }
  const auto socket = parse_listen_address(options.socket, std::filesystem::current_path().string());
  if (!socket) {
    std::cerr << "milter-load: --socket must be unix:/path, inet:host:port or inet:port@host\n";
    return kExitUsage;
  }
  options.load.socket = *socket;
  const bool for_a_time = options.seconds > 0 && app.count("--messages") == 0;
  if (for_a_time) options.messages = std::numeric_limits<std::size_t>::max() / 2;
  options.load.timeout = std::chrono::milliseconds(static_cast<long>(options.timeout * 1000));
  const Measured measured = measure(options);
  options.json ? print_json(options, measured) : print_text(options, measured);
  return measured.load.failures == 0 ? kExitDone : kExitFailed;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& fault) {
    std::cerr << "milter-load: " << fault.what() << '\n';
    return kExitFailed;
  }
}
