// SPDX-License-Identifier: MIT
#include "cli/check.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <memory>

#include "cli/command_line.h"
#include "cli/judgement_json.h"
#include "cli/mail_source.h"
#include "cli/opened_history.h"
#include "cli/progress.h"
#include "cli/recipients.h"
#include "milter/pipeline.h"
#include "milter/result_fields.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

void print_text(const Judgement& judgement, const std::string& path) {
  const Verdict& verdict = judgement.verdict();
  std::cout << to_string(verdict.level) << '\t' << format_score(verdict.score) << '\t'
            << to_string(judgement.channel) << '\t' << printable(path, 4096) << '\n';
  if (!verdict.reason.empty()) std::cout << "  why: " << verdict.reason << '\n';
  if (!verdict.exempt_because.empty()) std::cout << "  not judged: " << verdict.exempt_because << '\n';
  for (const Evidence& evidence : verdict.evidence) {
    std::cout << "  " << evidence.rule << ' '
              << (evidence.shadow ? "(shadow)" : format_score(evidence.weight));
    if (!evidence.clause.empty()) std::cout << " [" << evidence.clause << ']';
    if (!evidence.text.empty()) std::cout << ": \"" << printable(evidence.text, 120) << '"';
    std::cout << '\n';
  }
}

class Checker {
 public:
  Checker(const CheckOptions& options, const Snapshot& snapshot, Memory memory, Progress& progress)
      : options_(options), snapshot_(snapshot), memory_(memory), progress_(progress) {}

  void judge(const SourceMessage& source) {
    found_ = true;
    Envelope envelope;
    envelope.recipients = options_.recipients.empty()
                              ? recipients_in_header(source.octets, snapshot_.config.limits)
                              : options_.recipients;
    envelope.authenticated_user = options_.authenticated_user;
    envelope.time =
        options_.at.value_or(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
    const Judgement judgement = judge_message(source.octets, envelope, snapshot_, memory_);
    progress_.hide();
    if (options_.json) {
      std::cout << to_json(judgement, source.path) << '\n';
    } else {
      print_text(judgement, source.path);
    }
    const Level level = judgement.verdict().level;
    if (options_.fail_on && level >= *options_.fail_on) reached_ = true;
    progress_.advance();
  }

  void complain(const std::string& path, const std::string& reason) {
    found_ = unreadable_ = true;
    progress_.hide();
    if (options_.json) std::cout << unreadable_to_json(path, reason) << '\n';
    std::cerr << "coldpitch: " << printable(path, 4096) << ": " << reason << '\n';
    progress_.advance();
  }

  [[nodiscard]] bool found() const { return found_; }
  [[nodiscard]] int status() const {
    if (unreadable_) return kExitUnreadable;
    return reached_ ? kExitFound : kExitDone;
  }

 private:
  const CheckOptions& options_;
  const Snapshot& snapshot_;
  Memory memory_;
  Progress& progress_;
  bool found_ = false;  ///< a message, readable or not
  bool reached_ = false;
  bool unreadable_ = false;
};

}  // namespace

int run_check(const CheckOptions& options) {
  const std::optional<OpenedJudge> judge = open_judge(options.config_file, options.history);
  if (!judge) return kExitUsage;
  Progress progress("judged", options.paths);
  Checker checker(options, *judge->snapshot, judge->memory(), progress);
  visit_mail(options.paths, judge->snapshot->config.limits.message_octets,
             {[&](const SourceMessage& message) { checker.judge(message); },
              [&](const std::string& path, const std::string& reason) { checker.complain(path, reason); }});
  progress.hide();
  std::cout.flush();
  if (!checker.found()) std::cerr << "coldpitch: there is no message in what was named\n";
  return checker.status();
}

void add_check(CLI::App& app, int& status) {
  struct Arguments {
    CheckOptions options;
    std::string at, fail_on;
  };
  const auto arguments = std::make_shared<Arguments>();
  CheckOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("check", "Judge messages as the milter would");
  command->footer(
      "Paths are message files, folders, Maildirs, mbox files, or - for standard input.\n"
      "Exit status: 0 judged, 1 --fail-on was reached, 2 bad usage or configuration, 3 a message could not "
      "be\n"
      "read (the others are judged).");
  command->add_option("path", options.paths, "what to judge")->required();
  command->add_flag("--json", options.json, "one JSON object a line");
  command->add_option("-c,--config", options.config_file, kConfigHelp)->type_name("FILE");
  command
      ->add_option("--rcpt", options.recipients,
                   "envelope recipient (default: Delivered-To, else To and Cc); repeatable")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command->add_option("--auth-user", options.authenticated_user,
                      "login name of the client: the mail is outbound");
  command->add_option("--at", arguments->at, "judge as of this time, such as 2026-10-05T10:00:00Z")
      ->type_name("TIME");
  command
      ->add_option("--history", options.history,
                   "contact history to ask: none (the default) or a store's file")
      ->type_name("FILE");
  command->add_option("--fail-on", arguments->fail_on, "exit with 1 when a verdict reaches this one")
      ->check(CLI::IsMember({"suspect", "pitch", "repeat-pitch"}));
  command->callback([arguments, &status] {
    CheckOptions& checked = arguments->options;
    if (!arguments->at.empty() && !(checked.at = parse_rfc3339(arguments->at))) {
      throw CLI::ValidationError("--at", "is no time; write 2026-10-05T10:00:00Z");
    }
    checked.fail_on = level_from(arguments->fail_on);
    status = run_check(checked);
  });
}

}  // namespace coldpitch
