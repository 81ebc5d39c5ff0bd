// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "history/traces.h"
#include "milter/contact.h"
#include "milter/memory.h"
#include "milter/result_fields.h"
#include "milter/snapshot.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxShown = 1'000'000;

struct HistoryOptions {
  std::string config_file, person, recipient;
  bool local = false;
};

/// The store of the configuration, for commands that work on it.
struct OpenStore {
  std::shared_ptr<const Snapshot> snapshot;
  OpenedMemory memory;
};

std::optional<OpenStore> open_store(const std::string& config_file) {
  std::vector<Diagnostic> diagnostics;
  OpenStore opened;
  opened.snapshot = load_snapshot_without_policies(config_file, diagnostics);
  std::cerr << format(diagnostics);
  if (opened.snapshot == nullptr) return std::nullopt;
  const HistorySettings& history = opened.snapshot->config.history;
  const bool is_file = history.backend == HistoryBackend::sqlite;
  if (history.backend == HistoryBackend::none || history.backend == HistoryBackend::memory) {
    std::cerr << "coldpitch: there is no history to look into: history.backend keeps none on this machine\n";
    return std::nullopt;
  }
  if (is_file && !std::filesystem::is_regular_file(history.path)) {
    std::cerr << "coldpitch: no history at " << history.path.string() << '\n';
    return std::nullopt;
  }
  opened.memory = open_memory(history);
  if (!opened.memory.warning.empty()) std::cerr << "coldpitch: " << opened.memory.warning << '\n';
  if (!opened.memory.store) return std::nullopt;
  return opened;
}

int complain(const Error& error) {
  std::cerr << "coldpitch: the history does not answer: " << error.detail << '\n';
  return kExitFound;
}

/// Which events are meant; nullopt, with a complaint, when nobody is.
std::optional<EventFilter> filter_for(const HistoryOptions& options, const OpenStore& opened) {
  const Keyring& keyring = *opened.memory.keyring;
  EventFilter filter;
  if (!options.recipient.empty()) filter.user = user_key(keyring, options.recipient);
  const Mailbox mailbox = parse_envelope_address(trim(options.person));
  if (options.local || opened.snapshot->config.is_local_domain(mailbox.domain)) {
    filter.user = user_key(keyring, mailbox.address());
    return filter;
  }
  const std::string person = person_from(options.person);
  if (person.empty()) {
    std::cerr << "coldpitch: '" << printable(options.person, 200)
              << "' is nobody: write a mail address, or linkedin.com/in/NAME\n";
    return std::nullopt;
  }
  filter.persons.push_back(keyring.key(person));
  if (mailbox.domain.empty() || person.starts_with("linkedin:")) return filter;
  filter.persons.push_back(keyring.key(reply_route(mailbox)));
  filter.persons.push_back(keyring.key("reply:" + to_ascii_lower(mailbox.address())));
  return filter;
}

/// Other names under which a LinkedIn member was met are found in what is known under the profile.
Result<EventFilter> with_other_names(EventFilter filter, const HistoryOptions& options, Store& store) {
  if (!person_from(options.person).starts_with("linkedin:")) return filter;
  const Result<std::vector<Event>> events = store.events(filter, kMaxShown);
  if (!events) return tl::unexpected(events.error());
  constexpr std::size_t kMostNames = 500;
  for (const Event& event : *events) {
    for (const std::string& trace : event.traces) {
      const bool is_new =
          std::find(filter.persons.begin(), filter.persons.end(), trace) == filter.persons.end();
      if (is_new && filter.persons.size() < kMostNames) filter.persons.push_back(trace);
    }
  }
  return filter;
}

void print_line(const Event& event) {
  std::cout << format_rfc3339(event.time) << "  " << to_string(event.kind);
  if (event.kind == EventKind::inbound)
    std::cout << "  " << event.verdict << ' ' << format_score(event.score);
  if (event.source == EventSource::user) std::cout << "  said by the user";
  if (event.authenticated) std::cout << "  proved";
  std::cout << "  user " << event.user.substr(0, 8) << '\n';
}

Json json_of(const Event& event) {
  return Json{{"time", format_rfc3339(event.time)},
              {"kind", to_string(event.kind)},
              {"user", event.user},
              {"person", event.person},
              {"organisation", event.organisation},
              {"message_id", event.message_id},
              {"verdict", event.verdict},
              {"score", event.score},
              {"authenticated", event.authenticated},
              {"source", to_string(event.source)},
              {"traces", event.traces}};
}

enum class Shown : std::uint8_t { lines, json };

int run_show(const HistoryOptions& options, Shown how) {
  const std::optional<OpenStore> opened = open_store(options.config_file);
  if (!opened) return kExitUsage;
  Store& store = *opened->memory.store;
  const std::optional<EventFilter> filter = filter_for(options, *opened);
  if (!filter) return kExitUsage;
  const Result<EventFilter> whole = with_other_names(*filter, options, store);
  if (!whole) return complain(whole.error());
  const Result<std::vector<Event>> events = store.events(*whole, kMaxShown);
  if (!events) return complain(events.error());
  if (how == Shown::json) {
    Json list = Json::array();
    for (const Event& event : *events) list.push_back(json_of(event));
    std::cout << Json{{"asked_for", options.person}, {"events", std::move(list)}}.dump(
                     2, ' ', false, Json::error_handler_t::replace)
              << '\n';
    return kExitDone;
  }
  for (const Event& event : *events) print_line(event);
  std::cout << events->size() << " events\n";
  return kExitDone;
}

int run_erase(const HistoryOptions& options) {
  const std::optional<OpenStore> opened = open_store(options.config_file);
  if (!opened) return kExitUsage;
  Store& store = *opened->memory.store;
  const std::optional<EventFilter> filter = filter_for(options, *opened);
  if (!filter) return kExitUsage;
  const Result<EventFilter> whole = with_other_names(*filter, options, store);
  if (!whole) return complain(whole.error());
  const Result<std::size_t> erased = store.erase(*whole);
  if (!erased) return complain(erased.error());
  std::cout << *erased << " events erased\n";
  return kExitDone;
}

int run_expire(const HistoryOptions& options) {
  const std::optional<OpenStore> opened = open_store(options.config_file);
  if (!opened) return kExitUsage;
  const HistorySettings& settings = opened->snapshot->config.history;
  const TimePoint now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Result<std::size_t> forgotten =
      opened->memory.store->expire(now - settings.retention, now - settings.same_text_window);
  if (!forgotten) return complain(forgotten.error());
  std::cout << *forgotten << " events forgotten, all from before " << format_rfc3339(now - settings.retention)
            << '\n';
  return kExitDone;
}

int run_stats(const HistoryOptions& options) {
  const std::optional<OpenStore> opened = open_store(options.config_file);
  if (!opened) return kExitUsage;
  const Result<StoreStats> stats = opened->memory.store->stats();
  if (!stats) return complain(stats.error());
  for (std::size_t kind = 0; kind < stats->events.size(); ++kind) {
    std::cout << to_string(static_cast<EventKind>(kind)) << '\t' << stats->events[kind] << '\n';
  }
  std::cout << "local addresses\t" << stats->users << "\npersons\t" << stats->persons << '\n';
  if (stats->oldest) std::cout << "oldest\t" << format_rfc3339(*stats->oldest) << '\n';
  if (stats->newest) std::cout << "newest\t" << format_rfc3339(*stats->newest) << '\n';
  if (stats->octets > 0) std::cout << "octets\t" << stats->octets << '\n';
  return kExitDone;
}

}  // namespace

void add_history(CLI::App& app, int& status) {
  const auto options = std::make_shared<HistoryOptions>();
  CLI::App* history = app.add_subcommand("history", "Look into the contact history, answer and erase people");
  history->require_subcommand(1);
  history->footer(
      "PERSON is a mail address, or linkedin.com/in/NAME. Exit status: 0 done, 1 the history does not "
      "answer, 2 bad usage\n"
      "or configuration. See docs/privacy.md.");
  const auto add = [&](const char* name, const char* text, bool of_person, std::function<int()> run) {
    CLI::App* command = history->add_subcommand(name, text);
    command->add_option("-c,--config", options->config_file, kConfigHelp);
    if (of_person) {
      command->add_option("person", options->person, "mail address, or linkedin.com/in/NAME")->required();
      command->add_option("--recipient", options->recipient, "only towards this address of ours");
      command->add_flag("--local", options->local,
                        "PERSON is one of our own (so taken in local_domains anyway)");
    }
    command->callback([run = std::move(run), &status] { status = run(); });
  };
  add("show", "Show what is kept of a person", true, [options] { return run_show(*options, Shown::lines); });
  add("export", "The same as JSON, to hand over", true,
      [options] { return run_show(*options, Shown::json); });
  add("erase", "Erase all that is kept of a person", true, [options] { return run_erase(*options); });
  add("expire", "Forget what is older than history.retention, as the daemon does by itself", false,
      [options] { return run_expire(*options); });
  add("stats", "Count what is kept", false, [options] { return run_stats(*options); });
}

}  // namespace coldpitch
