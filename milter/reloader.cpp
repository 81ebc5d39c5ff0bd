// SPDX-License-Identifier: MIT
#include "milter/reloader.h"

#include <algorithm>
#include <exception>
#include <tuple>
#include <utility>
#include <vector>

#include "milter/heap.h"
#include "milter/log.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// systemd shows the status on one line.
constexpr std::size_t kStatusOctets = 300;

std::string place_of(const Diagnostic& diagnostic) {
  const SourceLocation& place = diagnostic.location;
  if (place.line == 0) return place.file;
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// As `config check` orders them.
void sort_by_place(std::vector<Diagnostic>& diagnostics) {
  std::stable_sort(diagnostics.begin(), diagnostics.end(),
                   [](const Diagnostic& left, const Diagnostic& right) {
                     return std::tie(left.location.file, left.location.line, left.location.column) <
                            std::tie(right.location.file, right.location.line, right.location.column);
                   });
}

void log_diagnostics(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    const std::string text =
        "event=config at=" + log_value(place_of(diagnostic)) + " detail=" + log_value(diagnostic.message);
    if (diagnostic.severity == Diagnostic::Severity::error) {
      log_error(text);
    } else {
      log_warning(text);
    }
  }
}

std::string first_error(const std::vector<Diagnostic>& diagnostics) {
  for (const Diagnostic& diagnostic : diagnostics) {
    if (diagnostic.severity == Diagnostic::Severity::error)
      return place_of(diagnostic) + ": " + diagnostic.message;
  }
  return "it could not be loaded";
}

/// What a reload cannot change, since the objects made from it live on.
bool needs_restart(const Config& before, const Config& after) {
  return before.listen != after.listen || before.history.backend != after.history.backend ||
         before.history.path != after.history.path || before.history.uri != after.history.uri ||
         before.metrics_listen != after.metrics_listen || before.control_listen != after.control_listen;
}

}  // namespace

Reloader::Reloader(Service& service, std::string config_file, std::function<void(const std::string&)> notify)
    : service_(service), config_file_(std::move(config_file)), notify_(std::move(notify)) {
  last_.time = service.started();
}

LoadOutcome Reloader::last() const {
  const Lock lock(mutex_);
  return last_;
}

LoadOutcome Reloader::reload() {
  const Lock one_at_a_time(reloading_);
  LoadOutcome outcome{false, service_.now(), "out of memory"};
  try {
    notify_("RELOADING=1");
    outcome = load();
  } catch (const std::exception& fault) {
    service_.note_exception(fault.what());
  }
  try {
    tell(outcome);
  } catch (const std::exception& fault) {
    service_.note_exception(fault.what());
  }
  return outcome;
}

void Reloader::tell(const LoadOutcome& outcome) {
  service_.metrics().count_reload(outcome.worked);
  service_.metrics().set_load(outcome.worked, outcome.time);
  {
    const Lock lock(mutex_);
    last_ = outcome;
  }
  notify_("READY=1\nSTATUS=" + (outcome.worked
                                    ? "running"
                                    : "the new configuration was refused, the one before is in force: " +
                                          printable(outcome.problem, kStatusOctets)));
}

LoadOutcome Reloader::load() {
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Snapshot> snapshot = load_snapshot(config_file_, diagnostics);
  if (snapshot == nullptr) trim_heap();  // what was loaded of it is gone
  sort_by_place(diagnostics);
  log_diagnostics(diagnostics);
  if (snapshot == nullptr) {
    log_error("event=reload result=refused detail=\"the configuration before stays in force\"");
    return {false, service_.now(), first_error(diagnostics)};
  }
  if (needs_restart(service_.snapshot()->config, snapshot->config)) {
    log_warning("event=reload detail=\"listen, history, control and metrics change only at a restart\"");
  }
  set_log_level(snapshot->config.log_level);
  service_.replace_snapshot(std::move(snapshot));
  trim_heap();
  log_info("event=reload result=ok");
  return {true, service_.now(), ""};
}

}  // namespace coldpitch
