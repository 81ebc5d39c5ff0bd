// SPDX-License-Identifier: MIT
#include "milter/operator_commands.h"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <string>

#include "milter/log.h"
#include "milter/version.h"
#include "parsers/date.h"

namespace coldpitch {
namespace {

std::string_view name_of(HistoryBackend backend) {
  switch (backend) {
    case HistoryBackend::none:
      return "none";
    case HistoryBackend::memory:
      return "memory";
    case HistoryBackend::sqlite:
      return "sqlite";
    case HistoryBackend::postgresql:
      return "postgresql";
  }
  return "none";
}

std::string status_of(Service& service, const Reloader& reloader) {
  const std::shared_ptr<const Snapshot> snapshot = service.snapshot();
  const LoadOutcome load = reloader.last();
  std::size_t rules = 0;
  nlohmann::ordered_json policies = nlohmann::ordered_json::array();
  for (const Policy& policy : snapshot->engine->policies()) {
    rules += policy.rules.size();
    policies.push_back(policy.id);
  }
  nlohmann::ordered_json config = {{"file", snapshot->config.file},
                                   {"tried", format_rfc3339(load.time)},
                                   {"load", load.worked ? "ok" : "refused"}};
  if (!load.worked) config["problem"] = load.problem;
  const nlohmann::ordered_json status = {
      {"version", kVersion},
      {"process", ::getpid()},
      {"started", format_rfc3339(service.started())},
      {"state", service.draining() ? "stopping" : "running"},
      {"config", std::move(config)},
      {"policies", std::move(policies)},
      {"rules", rules},
      {"history", service.memory().available() ? name_of(snapshot->config.history.backend) : "none"},
      {"messages", service.metrics().judging().messages()},
      {"open", service.open_transactions()}};
  return "ok " + status.dump(-1, ' ', true, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace

ControlCommands make_operator_commands(Service& service, Reloader& reloader) {
  ControlCommands commands;
  commands["status"] = [&service, &reloader](const ControlRequest&) { return status_of(service, reloader); };
  commands["reload"] = [&reloader](const ControlRequest& request) -> std::string {
    if (!request.user || (*request.user != 0 && *request.user != ::geteuid())) {
      log_warning("event=reload result=refused detail=\"asked for by a user who may not\"");
      return "error only root and the daemon's own user may reload, over a Unix socket";
    }
    const LoadOutcome outcome = reloader.reload();
    return outcome.worked ? "ok" : "error " + outcome.problem;
  };
  return commands;
}

}  // namespace coldpitch
