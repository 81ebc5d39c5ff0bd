// SPDX-License-Identifier: MIT
#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "cli/command_line.h"
#include "cli/mail_source.h"
#include "milter/control.h"
#include "milter/learning.h"
#include "milter/memory.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::chrono::seconds kPatience{30};

struct LearnOptions {
  std::string as, recipient, config_file, connect, at;
  std::vector<std::string> paths;
};

/// Says it to the running daemon, or into the store itself.
class Teacher {
 public:
  Teacher(const LearnOptions& options, std::shared_ptr<const Snapshot> snapshot)
      : options_(options), snapshot_(std::move(snapshot)), lesson_(*lesson_from(options.as)) {}

  /// False with a complaint on standard error.
  bool choose_way() {
    if (!options_.connect.empty()) {
      daemon_ = parse_listen_address(options_.connect, "");
      if (!daemon_) std::cerr << "coldpitch: --connect: write unix:/path or inet:host:port\n";
      return daemon_.has_value();
    }
    // A time of one's own cannot be told to a daemon, which has its clock.
    if (options_.at.empty()) daemon_ = snapshot_->config.control_listen;
    return true;
  }

  /// Exit status.
  int teach(const SourceMessage& message) {
    Result<std::string> answer = daemon_ ? tell_daemon(message.octets) : write_down(message.octets);
    if (!answer && daemon_ && options_.connect.empty()) answer = write_down(message.octets);
    if (!answer) {
      std::cerr << "coldpitch: " << printable(message.path, 4096) << ": " << answer.error().detail << '\n';
      return answer.error().code == Code::syntax ? kExitUnreadable : kExitFound;
    }
    std::cout << printable(message.path, 4096) << ": " << *answer << '\n';
    return kExitDone;
  }

 private:
  [[nodiscard]] std::string told() const {
    constexpr std::string_view kConsequences[] = {"the next message of this sender is a pitch",
                                                  "the next message of this sender is none",
                                                  "this sender was told to stop"};
    return "learned " + options_.as + ": " + std::string(kConsequences[static_cast<std::size_t>(lesson_)]);
  }

  Result<std::string> tell_daemon(const std::string& octets) {
    const std::string_view seen = std::string_view(octets).substr(0, snapshot_->config.limits.message_octets);
    Result<std::string> answer = ask_control(
        *daemon_, "learn as=" + options_.as + " recipient=" + options_.recipient, seen, kPatience);
    if (!answer) return answer;
    if (answer->starts_with("ok")) return told();
    return tl::unexpected(
        Error{Code::syntax, 0, answer->starts_with("error ") ? answer->substr(6) : *answer});
  }

  Result<std::string> write_down(const std::string& octets) {
    if (!memory_) {
      const HistorySettings& history = snapshot_->config.history;
      if (history.backend == HistoryBackend::memory || history.backend == HistoryBackend::none) {
        return tl::unexpected(
            Error{Code::permanent, 0,
                  "there is no history to learn into (history.backend), and no daemon answers"});
      }
      memory_ = std::make_unique<OpenedMemory>(open_memory(history));
      if (!memory_->store) return tl::unexpected(Error{Code::permanent, 0, memory_->warning});
    }
    const TimePoint now = options_.at.empty()
                              ? std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())
                              : *parse_rfc3339(options_.at);
    const Result<Event> learned = learn(octets, lesson_, options_.recipient, now, *snapshot_,
                                        {memory_->store.get(), memory_->keyring.get()});
    if (!learned) return tl::unexpected(learned.error());
    return told();
  }

  const LearnOptions& options_;
  std::shared_ptr<const Snapshot> snapshot_;
  Lesson lesson_;
  std::optional<ListenAddress> daemon_;
  std::unique_ptr<OpenedMemory> memory_;
};

int run_learn(const LearnOptions& options) {
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Snapshot> snapshot = load_snapshot_without_policies(options.config_file, diagnostics);
  std::cerr << format(diagnostics);
  if (snapshot == nullptr) return kExitUsage;
  const std::size_t most = snapshot->config.limits.message_octets;
  Teacher teacher(options, std::move(snapshot));
  if (!teacher.choose_way()) return kExitUsage;
  int status = kExitDone;
  const auto keep_worst = [&status](int one) { status = std::max(status, one); };
  visit_mail(options.paths, most,
             {[&](const SourceMessage& message) { keep_worst(teacher.teach(message)); },
              [&](const std::string& path, const std::string& reason) {
                std::cerr << "coldpitch: " << printable(path, 4096) << ": " << reason << '\n';
                keep_worst(kExitUnreadable);
              }});
  std::cout.flush();
  return status;
}

}  // namespace

void add_learn(CLI::App& app, int& status) {
  const auto options = std::make_shared<LearnOptions>();
  CLI::App* command = app.add_subcommand("learn", "Take a user's word about the sender of a message");
  command->footer(
      "pitch: the sender's next message is a pitch. wanted: it is none, and a stop ends. stop: the user "
      "wants no more, so\n"
      "it is a repeat-pitch. The word beats every score, for this recipient, until the next word; pitch and "
      "stop end as well\n"
      "when the user writes to the sender. It goes to the daemon where the configuration has a control "
      "socket that answers,\n"
      "else into the store. Exit status: 0 learned, 1 the history is away, 2 bad usage or configuration, 3 a "
      "message could\n"
      "not be read or names no sender.");
  command->add_option("path", options->paths, "the message: a file, or - (the default) for standard input");
  command->add_option("--as", options->as, "pitch, wanted or stop")->required();
  command->add_option("--recipient", options->recipient, "address of the user who says so")->required();
  command->add_option("-c,--config", options->config_file, kConfigHelp);
  command->add_option("--connect", options->connect,
                      "the daemon's control socket: unix:/path or inet:host:port");
  command->add_option("--at", options->at,
                      "said at this time, such as 2026-10-05T10:00:00Z; only into a store");
  command->callback([options, &status] {
    if (!lesson_from(options->as)) throw CLI::ValidationError("--as", "must be pitch, wanted or stop");
    const Mailbox recipient = parse_envelope_address(options->recipient);
    const bool has_blank = options->recipient.find_first_of(" \t\r\n") != std::string::npos;
    if (recipient.local_part.empty() || recipient.domain.empty() || has_blank) {
      throw CLI::ValidationError("--recipient", "must be a mail address, such as user@example.net");
    }
    if (!options->at.empty() && !parse_rfc3339(options->at)) {
      throw CLI::ValidationError("--at", "is no time; write 2026-10-05T10:00:00Z");
    }
    if (!options->at.empty() && !options->connect.empty()) {
      throw CLI::ValidationError("--at", "goes into a store, not with --connect");
    }
    if (options->paths.empty()) options->paths.emplace_back("-");
    status = run_learn(*options);
  });
}

}  // namespace coldpitch
