// SPDX-License-Identifier: MIT
#include "cli/replay.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/explain.h"
#include "cli/html_page.h"
#include "cli/judgement_json.h"
#include "cli/output_file.h"
#include "cli/progress.h"
#include "cli/replay_state.h"
#include "cli/replay_summary.h"
#include "cli/since.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kRowsOnTerminal = 10;

/// Keys of a replay never leave it, and two replays of one archive shall say the same.
Keyring replay_keyring() {
  return Keyring(std::array<std::uint8_t, Keyring::kSecretOctets>{'r', 'e', 'p', 'l', 'a', 'y'});
}

std::shared_ptr<const Snapshot> load_side(const std::string& file, const std::vector<std::string>& trusted) {
  std::vector<Diagnostic> diagnostics;
  const std::shared_ptr<const Snapshot> loaded = load_snapshot(file, diagnostics);
  std::cerr << format(diagnostics);
  if (loaded == nullptr) return nullptr;
  auto snapshot = std::make_shared<Snapshot>(*loaded);
  std::vector<std::string>& ids = snapshot->config.trusted_authserv_ids;
  for (const std::string& id : trusted) ids.push_back(to_ascii_lower(id));
  return snapshot;
}

std::string name_of(const Snapshot& snapshot) {
  return snapshot.config.file.empty() ? "built-in defaults" : snapshot.config.file;
}

/// One line of `--json`: the object of check, with what only a replay knows.
std::string json_of(const ReplayedMessage& message, const ReplayRow& row) {
  Json json = judgement_object(message.sides.front()->judgement(), row.path);
  json["date"] = format_rfc3339(row.date);
  json["folder"] = row.folder;
  if (message.sides.size() == 2) {
    json["changed"] = row.is_changed();
    json["cause"] = to_string(row.cause);
    json["against"] = judgement_object(message.sides.back()->judgement(), row.path);
  }
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// Takes what comes out of a replay to where the options want it.
class Reporter {
 public:
  Reporter(const ReplayOptions& options, const MailIndex& index, std::vector<ReplaySide>& sides)
      : options_(options),
        index_(index),
        sides_(sides),
        progress_("replayed", index.size(), beside(options)) {
    summary_.sides = sides.size();
    summary_.before = name_of(*sides.front().snapshot);
    if (sides.size() == 2) summary_.after = name_of(*sides.back().snapshot);
  }

  /// What is told of a judged message, and kept for going on.
  ReplayRecord record_of(ReplayedMessage& message) {
    ReplayRecord record;
    record.row = row_of(message, index_);
    record.error = message.error;
    record.is_told = !options_.since || record.row.date >= *options_.since;
    if (!record.is_told) return record;
    if (message.sides.empty()) {
      if (options_.json) record.json = unreadable_to_json(record.row.path, message.error);
      return record;
    }
    if (options_.json && (sides_.size() == 1 || options_.all || record.row.is_changed())) {
      record.json = json_of(message, record.row);
    }
    explain(message, record.row);
    return record;
  }

  void tell(const ReplayRecord& record) {
    if (record.is_told) {
      if (!record.json.empty() || !record.error.empty()) progress_.hide();
      if (!record.json.empty()) std::cout << record.json << '\n';
      if (!record.error.empty()) {
        std::cerr << "coldpitch: " << printable(record.row.path, 4096) << ": " << record.error << '\n';
      }
      if (!record.row.page.empty()) pages_ = std::max(pages_, page_number(record.row.page));
      summary_.add(record.row);
    }
    progress_.advance();
  }

  void note_unreadable(const std::string& path, const std::string& reason) {
    progress_.hide();
    ++summary_.unreadable;
    if (options_.json) std::cout << unreadable_to_json(path, reason) << '\n';
    std::cerr << "coldpitch: " << printable(path, 4096) << ": " << reason << '\n';
  }

  int finish() {
    progress_.hide();
    if (!options_.json) {
      std::cout << summary_as_text(summary_, Terminal::of_standard_output(), kRowsOnTerminal) << std::flush;
    }
    Result<void> written;
    if (!options_.html.empty()) written = write_output(options_.html, summary_as_html(summary_));
    if (written && !page_fault_.empty()) written = tl::unexpected(Error{Code::permanent, 0, page_fault_});
    if (!written) {
      std::cerr << "coldpitch: --html: " << written.error().detail << '\n';
      return kExitUsage;
    }
    if (options_.fail_on_new_pitch && summary_.new_pitches > 0) return kExitFound;
    return summary_.unreadable > 0 ? kExitUnreadable : kExitDone;
  }

 private:
  static Progress::Beside beside(const ReplayOptions& options) {
    return options.json ? Progress::Beside::results : Progress::Beside::nothing;
  }

  static std::size_t page_number(const std::string& page) {
    return static_cast<std::size_t>(std::strtoul(fs::path(page).stem().c_str(), nullptr, 10));
  }

  /// Writes the page of a message the report lists, into a folder beside the report.
  void explain(ReplayedMessage& message, ReplayRow& row) {
    const bool listed = sides_.size() == 2 ? row.is_changed() : row.sides.back().is_pitch();
    if (options_.html.empty() || options_.html == "-" || !listed || pages_ >= options_.explanations) return;
    const fs::path report(options_.html);
    const fs::path folder = report.stem().string() + "-messages";
    std::error_code error;
    fs::create_directories(report.parent_path() / folder, error);
    const fs::path page = folder / (std::to_string(pages_ + 1) + ".html");
    const Explanation explanation = explain_message(*message.sides.back(), *sides_.back().snapshot, row.path);
    std::string body = "<p class=\"small\"><a href=\"../" + html_text(report.filename().string()) +
                       "\">Back to the report</a></p>\n";
    if (sides_.size() == 2) body += comparison(row);
    body += explanation_as_html(explanation);
    const Result<void> written =
        write_output((report.parent_path() / page).string(), html_page("coldpitch: why", body));
    if (!written && page_fault_.empty()) page_fault_ = written.error().detail;
    if (written) row.page = page.string();
  }

  static std::string comparison(const ReplayRow& row) {
    HtmlTable table({"", "Verdict", "Rules that count"});
    for (std::size_t i = 0; i < row.sides.size(); ++i) {
      const SideResult& side = row.sides[i];
      std::string rules;
      for (const auto& [rule, weight] : side.rules)
        rules += html_text(rule) + ' ' + Json(weight).dump() + "<br>";
      table.add({i == 0 ? "Before" : "After",
                 side.exempt.empty() ? verdict_chip(to_string(side.level)) + ' ' + Json(side.score).dump()
                                     : "not judged (" + html_text(side.exempt) + ')',
                 rules});
    }
    return table.html();
  }

  const ReplayOptions& options_;
  const MailIndex& index_;
  std::vector<ReplaySide>& sides_;
  Progress progress_;
  ReplaySummary summary_;
  std::size_t pages_ = 0;
  std::string page_fault_;
};

/// The messages from the first that the state does not hold on.
Result<void> run_from_state(ReplayRun& run, Reporter& reporter, ReplayState* state,
                            const std::vector<JournalStore*>& journals) {
  std::size_t first = 0;
  if (state != nullptr) {
    const Result<std::size_t> restored =
        state->restore([&](const ReplayRecord& record, const std::vector<std::vector<Event>>& events) {
          for (std::size_t side = 0; side < std::min(journals.size(), events.size()); ++side) {
            for (const Event& event : events[side]) (void)journals[side]->record(event);
            (void)journals[side]->take_journal();
          }
          reporter.tell(record);
        });
    if (!restored) return tl::unexpected(restored.error());
    first = *restored;
  }
  Result<void> outcome;
  run.run(first, [&](ReplayedMessage& message) {
    const ReplayRecord record = reporter.record_of(message);
    reporter.tell(record);
    std::vector<std::vector<Event>> events;
    events.reserve(journals.size());
    for (JournalStore* journal : journals) events.push_back(journal->take_journal());
    if (state == nullptr || !outcome) return;
    outcome = state->append(record, events);
  });
  return outcome;
}

MailIndex find_mail(const ReplayOptions& options, const Limits& limits,
                    std::vector<std::pair<std::string, std::string>>& unreadable) {
  Progress progress("found", std::size_t{0}, Progress::Beside::nothing);
  return MailIndex::build(
      {options.archives, options.sent, options.max_unpacked, limits},
      {[&](const std::string& path, const std::string& reason) { unreadable.emplace_back(path, reason); },
       [&] { progress.advance(); }});
}

}  // namespace

int run_replay(const ReplayOptions& options) {
  std::vector<ReplaySide> sides;
  std::vector<JournalStore*> journals;
  const auto add_side = [&](const std::string& file) {
    auto store = std::make_unique<JournalStore>(open_memory_store());
    journals.push_back(store.get());
    sides.push_back({load_side(file, options.authserv_ids), std::move(store)});
    return sides.back().snapshot != nullptr;
  };
  if (!add_side(options.config_file) || (!options.against.empty() && !add_side(options.against)))
    return kExitUsage;
  std::vector<std::pair<std::string, std::string>> unreadable;
  const MailIndex index = find_mail(options, sides.front().snapshot->config.limits, unreadable);
  std::optional<ReplayState> state;
  if (!options.state.empty()) {
    Result<ReplayState> opened = ReplayState::open(options.state, replay_fingerprint(options, sides, index));
    if (!opened) {
      std::cerr << "coldpitch: --state: " << opened.error().detail << '\n';
      return kExitUsage;
    }
    state = std::move(*opened);
  }
  const Keyring keyring = replay_keyring();
  ReplayRun run(index, options, sides, keyring);
  Reporter reporter(options, index, sides);
  for (const auto& [path, reason] : unreadable) reporter.note_unreadable(path, reason);
  if (const Result<void> done = run_from_state(run, reporter, state ? &*state : nullptr, journals); !done) {
    std::cerr << "coldpitch: --state: " << done.error().detail << '\n';
    return kExitUsage;
  }
  return reporter.finish();
}

namespace {

struct Arguments {
  ReplayOptions options;
  std::string since;
};

/// What is run.
void add_sources(CLI::App& command, Arguments& arguments) {
  ReplayOptions& options = arguments.options;
  command.add_option("archive", options.archives, "what to replay")->required();
  command
      .add_option("--sent", options.sent,
                  "archive of mail our users sent; repeatable (folders named Sent are known)")
      ->type_name("ARCHIVE")
      ->allow_extra_args(false);
  command
      .add_option("--rcpt", options.recipients,
                  "whom all mail came in for (default: Delivered-To, else To and Cc); repeatable")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command.add_option("-c,--config", options.config_file, kConfigHelp)->type_name("FILE");
  command
      .add_option("--authserv-id", options.authserv_ids,
                  "trust what this server says in Authentication-Results, too; repeatable")
      ->type_name("HOST")
      ->allow_extra_args(false);
  command
      .add_option("--since", arguments.since,
                  "tell of messages from then on (2026-10-05, or 30d ago); earlier ones only make history")
      ->type_name("TIME");
}

/// What is told of it.
void add_results(CLI::App& command, ReplayOptions& options) {
  CLI::Option* against =
      command.add_option("--against", options.against, "another configuration file: what would it change?")
          ->type_name("FILE");
  CLI::Option* json = command.add_flag("--json", options.json, "one JSON object a line");
  command.add_flag("--all", options.all, "with --against and --json: unchanged messages too")
      ->needs(against)
      ->needs(json);
  command
      .add_option("--html", options.html,
                  "write a report to this file, and its messages' explanations into a folder beside it")
      ->type_name("FILE")
      ->excludes(json);
  command.add_option("--explanations", options.explanations, "most explanations to write")
      ->capture_default_str();
  command
      .add_flag("--fail-on-new-pitch", options.fail_on_new_pitch,
                "exit with 1 when --against makes a pitch of a message that was none")
      ->needs(against);
}

/// How it is run.
void add_means(CLI::App& command, ReplayOptions& options) {
  command
      .add_option("--state", options.state,
                  "keep what was done in this file, and go on from there when the replay was broken off")
      ->type_name("FILE");
  command.add_option("-j,--jobs", options.jobs, "threads that read mail (default: one a core)")
      ->type_name("NUMBER");
  command
      .add_option("--max-unpacked", options.max_unpacked, "octets a packed archive may grow to, such as 64GB")
      ->type_name("SIZE")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("16GB");
}

}  // namespace

void add_replay(CLI::App& app, int& status) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = app.add_subcommand(
      "replay", "Run archives as the milter would have, and show what another configuration would change");
  command->footer(
      "Archives are files, folders, Maildirs and mbox files, packed or not (gzip, xz, zstd, bzip2, tar, "
      "zip). Messages\n"
      "run in the order of their dates, each with the history of those before it; nothing is recorded. With "
      "--against\n"
      "--json lists the messages that would be judged otherwise. Exit status: 0 done, 1 --fail-on-new-pitch "
      "found one,\n"
      "2 bad usage or configuration, 3 a message could not be read (the others are judged).");
  add_sources(*command, *arguments);
  add_results(*command, arguments->options);
  add_means(*command, arguments->options);
  command->callback([arguments, &status] {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (!arguments->since.empty() && !(arguments->options.since = parse_since(arguments->since, now))) {
      throw CLI::ValidationError("--since", kSinceHelp);
    }
    status = run_replay(arguments->options);
  });
}

}  // namespace coldpitch
