// SPDX-License-Identifier: MIT
#include "cli/report.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/opened_history.h"
#include "cli/output_file.h"
#include "cli/since.h"
#include "milter/snapshot.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

int complain(const std::string& what) {
  std::cerr << "coldpitch: " << what << '\n';
  return kExitUsage;
}

/// The store the options or the configuration name; null when there is none to read.
Result<std::unique_ptr<Store>> store_of(const ReportOptions& options, const Config& config) {
  if (options.history == "none") return nullptr;
  std::error_code error;
  if (!options.history) {
    const bool is_file = config.history.backend == HistoryBackend::sqlite;
    if (config.history.backend == HistoryBackend::memory || config.history.backend == HistoryBackend::none)
      return nullptr;
    if (is_file && !std::filesystem::is_regular_file(config.history.path, error)) return nullptr;
    return open_store_to_read(config.history);
  }
  HistorySettings settings;
  settings.backend = HistoryBackend::sqlite;
  settings.path = *options.history;
  if (!std::filesystem::is_regular_file(settings.path, error)) {
    return tl::unexpected(Error{Code::permanent, 0, "no history store at " + *options.history});
  }
  return open_store_to_read(settings);
}

/// One name a line; "#" begins a comment.
Result<std::vector<std::string>> read_names(const std::string& path) {
  std::ifstream file(path);
  if (!file) return tl::unexpected(Error{Code::permanent, 0, "cannot be read: " + path});
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    if (const std::string_view name = trim(line); !name.empty() && name.front() != '#')
      names.emplace_back(name);
  }
  return names;
}

Result<void> read_logs(const ReportOptions& options, const Engine& engine, Report& report) {
  for (const std::string& path : options.logs) {
    if (path == "-") {
      read_log(std::cin, &engine, report);
      continue;
    }
    std::ifstream file(path);
    if (!file) return tl::unexpected(Error{Code::permanent, 0, "cannot be read: " + path});
    read_log(file, &engine, report);
  }
  return {};
}

Result<void> name_with_secret(const ReportOptions& options, Report& report) {
  if (options.names.empty()) return {};
  std::error_code error;
  // Opening would make a secret where there is none.
  if (!std::filesystem::is_regular_file(options.secret, error)) {
    return tl::unexpected(Error{Code::permanent, 0, "no secret at " + options.secret});
  }
  const Result<Keyring> keyring = Keyring::open(options.secret);
  if (!keyring) return tl::unexpected(keyring.error());
  const Result<std::vector<std::string>> names = read_names(options.names);
  if (!names) return tl::unexpected(names.error());
  name_senders(*names, *keyring, report);
  return {};
}

}  // namespace

int run_report(const ReportOptions& options) {
  std::vector<Diagnostic> diagnostics;
  const std::shared_ptr<const Snapshot> snapshot = load_snapshot(options.config_file, diagnostics);
  std::cerr << format(diagnostics);
  if (snapshot == nullptr) return kExitUsage;
  Report report;
  report.until = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  report.since = options.since.value_or(report.until - std::chrono::days(7));
  const Result<std::unique_ptr<Store>> store = store_of(options, snapshot->config);
  if (!store) return complain("--history: " + store.error().detail);
  if (*store == nullptr && options.logs.empty()) {
    return complain(
        "nothing to report from: there is no history store at " + snapshot->config.history.path.string() +
        ". Name one with --history FILE, or the milter's log with --log FILE (journalctl -o short-iso -u "
        "coldpitch-milter | coldpitch report --log -)");
  }
  if (*store != nullptr) {
    if (const Result<void> done = read_store(**store, report); !done)
      return complain("--history: " + done.error().detail);
  }
  if (const Result<void> done = read_logs(options, *snapshot->engine, report); !done) {
    return complain("--log: " + done.error().detail);
  }
  if (const Result<void> done = name_with_secret(options, report); !done)
    return complain("--names: " + done.error().detail);
  if (!options.html.empty()) {
    const Result<void> written = write_output(options.html, report_as_html(report));
    return written ? kExitDone : complain("--html: " + written.error().detail);
  }
  std::cout << (options.json ? report_as_json(report) + '\n'
                             : report_as_text(report, Terminal::of_standard_output()))
            << std::flush;
  return kExitDone;
}

void add_report(CLI::App& app, int& status) {
  struct Arguments {
    ReportOptions options;
    std::string since;
  };
  const auto arguments = std::make_shared<Arguments>();
  ReportOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("report", "Tell what was judged since a time");
  command->footer(
      "Pitches over time, by clause, channel, kind of offer, sending network and rule come from the milter's "
      "log; senders\n"
      "who pitch most, and what users said of verdicts, from the contact history. Senders are short hashes: "
      "the store\n"
      "holds no names. With --secret those among --names are known again. Exit status: 0 done, 2 bad usage "
      "or\n"
      "configuration, or nothing to report from.");
  command->add_option("--since", arguments->since, "2026-10-05, or so long ago: 7d (the default), 4w, 12h")
      ->type_name("TIME");
  command->add_option("--log", options.logs, "the milter's log: a file, or - for standard input; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      ->add_option("--history", options.history,
                   "contact history: none, or a store's file (default: the configured one)")
      ->type_name("FILE");
  command->add_option("-c,--config", options.config_file, kConfigHelp)->type_name("FILE");
  CLI::Option* names = command
                           ->add_option("--names", options.names,
                                        "file of addresses and LinkedIn profiles to know again, one a line")
                           ->type_name("FILE");
  CLI::Option* secret =
      command->add_option("--secret", options.secret, "the key of the store's hashes (history.secret)")
          ->type_name("FILE");
  names->needs(secret);
  secret->needs(names);
  CLI::Option* json = command->add_flag("--json", options.json, "one JSON object");
  command
      ->add_option("--html", options.html, "write a self-contained page to this file; - for standard output")
      ->type_name("FILE")
      ->excludes(json);
  command->callback([arguments, &status] {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (!arguments->since.empty() && !(arguments->options.since = parse_since(arguments->since, now))) {
      throw CLI::ValidationError("--since", kSinceHelp);
    }
    status = run_report(arguments->options);
  });
}

}  // namespace coldpitch
