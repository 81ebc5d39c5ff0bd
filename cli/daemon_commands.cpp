// SPDX-License-Identifier: MIT
// `coldpitch status` and `coldpitch reload`: what an operator asks the running daemon over its control socket.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "milter/config.h"
#include "milter/control.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// A reload compiles all policies.
constexpr std::chrono::seconds kPatience{60};

struct DaemonCommandOptions {
  std::string config_file, connect;
  bool json = false;
};

/// Where the documented configuration puts it.
constexpr const char* kUsualSocket = "/run/coldpitch/control.sock";

/// Where the daemon listens; nullopt after a complaint.
std::optional<ListenAddress> control_address(const DaemonCommandOptions& options) {
  if (!options.connect.empty()) {
    std::optional<ListenAddress> address = parse_listen_address(options.connect, "");
    if (!address) std::cerr << "coldpitch: --connect: write unix:/path or inet:host:port\n";
    return address;
  }
  std::vector<Diagnostic> diagnostics;
  const std::optional<Config> config = load_config(options.config_file, diagnostics);
  if (!config) {
    // The daemon runs on with the configuration before, and can be asked all the same.
    std::cerr << format(diagnostics);
    if (std::filesystem::exists(kUsualSocket))
      return parse_listen_address(std::string("unix:") + kUsualSocket, "");
    std::cerr << "coldpitch: name the daemon's control socket with --connect, or mend the configuration\n";
    return std::nullopt;
  }
  if (config->control_listen) return config->control_listen;
  std::cerr << "coldpitch: no control socket is configured; write `control: { listen: unix:" << kUsualSocket
            << " }` and restart the daemon\n";
  return std::nullopt;
}

/// The answer without its "ok"; nullopt after a complaint.
std::optional<std::string> asked(const ListenAddress& address, const std::string& command) {
  const Result<std::string> answer = ask_control(address, command, "", kPatience);
  if (!answer) {
    std::cerr << "coldpitch: " << answer.error().detail << "; is coldpitch-milter running?\n";
    return std::nullopt;
  }
  if (answer->starts_with("ok")) return answer->substr(std::min<std::size_t>(answer->size(), 3));
  std::cerr << "coldpitch: " << printable(answer->starts_with("error ") ? answer->substr(6) : *answer, 4096)
            << '\n';
  return std::nullopt;
}

std::string text_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "?";
  return printable(found->is_string() ? found->get<std::string>() : found->dump(), 4096);
}

void print_status(const nlohmann::json& status) {
  const nlohmann::json config = status.value("config", nlohmann::json::object());
  std::string policies;
  for (const nlohmann::json& policy : status.value("policies", nlohmann::json::array()))
    policies += (policies.empty() ? "" : ", ") + policy.get<std::string>();
  const std::string file = text_of(config, "file");
  std::cout << "coldpitch-milter " << text_of(status, "version") << ": " << text_of(status, "state")
            << ", process " << text_of(status, "process") << ", since " << text_of(status, "started") << '\n'
            << "configuration  " << (file.empty() ? "none: the defaults" : file) << ", last read "
            << text_of(config, "tried") << ": " << text_of(config, "load") << '\n';
  if (config.contains("problem"))
    std::cout << "               " << text_of(config, "problem")
              << "\n               the one before is in force\n";
  std::cout << "policies       " << printable(policies, 4096) << " (" << text_of(status, "rules")
            << " rules)\n"
            << "history        " << text_of(status, "history") << '\n'
            << "messages       " << text_of(status, "messages") << " judged since it started, "
            << text_of(status, "open") << " under way\n";
}

int run_status(const DaemonCommandOptions& options) {
  const std::optional<ListenAddress> address = control_address(options);
  if (!address) return kExitUsage;
  const std::optional<std::string> answer = asked(*address, "status");
  if (!answer) return kExitFound;
  const nlohmann::json status = nlohmann::json::parse(*answer, nullptr, false);
  if (!status.is_object()) {
    std::cerr << "coldpitch: that is no answer of a coldpitch-milter\n";
    return kExitFound;
  }
  if (options.json) {
    std::cout << *answer << '\n';
  } else {
    print_status(status);
  }
  const bool refused = text_of(status.value("config", nlohmann::json::object()), "load") != "ok";
  return refused || text_of(status, "state") != "running" ? kExitFound : kExitDone;
}

int run_reload(const DaemonCommandOptions& options) {
  const std::optional<ListenAddress> address = control_address(options);
  if (!address) return kExitUsage;
  if (!asked(*address, "reload")) return kExitFound;
  std::cout << "The configuration was read again and is in force.\n";
  return kExitDone;
}

void add_where(CLI::App& command, DaemonCommandOptions& options) {
  command.add_option("-c,--config", options.config_file, kConfigHelp);
  command.add_option("--connect", options.connect,
                     "the daemon's control socket: unix:/path or inet:host:port");
}

}  // namespace

void add_status(CLI::App& app, int& status) {
  const auto options = std::make_shared<DaemonCommandOptions>();
  CLI::App* command = app.add_subcommand("status", "Say how the running daemon is");
  command->footer(
      "Asks over the control socket: `control: { listen: unix:/run/coldpitch/control.sock }` in the "
      "configuration.\n"
      "Exit status: 0 it runs with the configuration that was read last, 1 it does not answer, is stopping, "
      "or "
      "refused\n"
      "the last configuration, 2 bad usage or configuration.");
  add_where(*command, *options);
  command->add_flag("--json", options->json, "one JSON object");
  command->callback([options, &status] { status = run_status(*options); });
}

void add_reload(CLI::App& app, int& status) {
  const auto options = std::make_shared<DaemonCommandOptions>();
  CLI::App* command = app.add_subcommand("reload", "Have the running daemon read its configuration again");
  command->footer(
      "Asks over the control socket and waits for the result; root and the daemon's own user may. A bad "
      "configuration is\n"
      "refused, with file, line and column, and the one before stays in force. Exit status: 0 the new one is "
      "in "
      "force,\n"
      "1 it was refused or nobody answers, 2 bad usage or configuration.");
  add_where(*command, *options);
  command->callback([options, &status] { status = run_reload(*options); });
}

}  // namespace coldpitch
