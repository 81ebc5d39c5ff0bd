// SPDX-License-Identifier: MIT
#include "cli/explain.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/html_page.h"
#include "cli/judgement_json.h"
#include "cli/mail_source.h"
#include "cli/opened_history.h"
#include "cli/output_file.h"
#include "cli/recipients.h"
#include "milter/snapshot.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

/// The object of `check --json` with what only an explanation knows.
std::string explanation_json(const Explanation& explanation, const Judgement& judgement) {
  Json json = judgement_object(judgement, explanation.path);
  Json others = Json::array();
  for (const OtherVerdict& other : explanation.others) {
    others.push_back({{"condition", other.condition},
                      {"verdict", to_string(other.verdict.level)},
                      {"score", other.verdict.score},
                      {"exempt", other.verdict.exempt_because}});
  }
  json["explanation"] = {
      {"history", explanation.history},        {"cut", explanation.cut},     {"hint", explanation.hint},
      {"changes", std::move(others)},          {"links", explanation.links}, {"text", judgement.message.text},
      {"hidden_text", explanation.hidden_text}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Explainer {
 public:
  Explainer(const ExplainOptions& options, const Snapshot& snapshot, Memory memory)
      : options_(options), snapshot_(snapshot), memory_(memory) {}

  void explain(const SourceMessage& source) {
    if (++messages_ > 1 && !options_.html.empty()) return;
    PreparedMessage message(source.octets, envelope_of(source), snapshot_, memory_.keyring);
    message.judge(memory_);
    const Explanation explanation = explain_message(message, snapshot_, source.path);
    if (options_.json) {
      std::cout << explanation_json(explanation, message.judgement()) << '\n';
    } else if (options_.html.empty()) {
      if (messages_ > 1) std::cout << "\n" << std::string(terminal_.columns(), '-') << "\n\n";
      std::cout << explanation_as_text(explanation, terminal_);
    } else {
      page_ = html_page("coldpitch: " + std::string(to_string(explanation.verdict.level)),
                        explanation_as_html(explanation));
    }
  }

  [[nodiscard]] std::size_t messages() const { return messages_; }
  [[nodiscard]] const std::string& page() const { return page_; }

 private:
  /// As of the message's own date: history may hold the message itself.
  [[nodiscard]] Envelope envelope_of(const SourceMessage& source) const {
    Envelope envelope;
    envelope.recipients = options_.recipients.empty()
                              ? recipients_in_header(source.octets, snapshot_.config.limits)
                              : options_.recipients;
    envelope.authenticated_user = options_.authenticated_user;
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    envelope.time =
        options_.at ? *options_.at : date_in_header(source.octets, snapshot_.config.limits).value_or(now);
    return envelope;
  }

  const ExplainOptions& options_;
  const Snapshot& snapshot_;
  Memory memory_;
  Terminal terminal_ = Terminal::of_standard_output();
  std::size_t messages_ = 0;
  std::string page_;
};

}  // namespace

int run_explain(const ExplainOptions& options) {
  const std::optional<OpenedJudge> judge = open_judge(options.config_file, options.history);
  if (!judge) return kExitUsage;
  Explainer explainer(options, *judge->snapshot, judge->memory());
  bool unreadable = false;
  visit_mail({options.path}, judge->snapshot->config.limits.message_octets,
             {[&](const SourceMessage& message) { explainer.explain(message); },
              [&](const std::string& path, const std::string& reason) {
                unreadable = true;
                std::cerr << "coldpitch: " << printable(path, 4096) << ": " << reason << '\n';
              }});
  if (!unreadable && explainer.messages() == 0)
    std::cerr << "coldpitch: " << printable(options.path, 4096) << ": there is no message in it\n";
  std::error_code ignored;
  if (!options.html.empty() && explainer.messages() > 1) {
    std::cerr << "coldpitch: " << printable(options.path, 4096) << " holds " << explainer.messages()
              << " messages and a page shows one; name "
              << (std::filesystem::is_directory(options.path, ignored)
                      ? "a file of them"
                      : "it, such as " + printable(options.path, 4096) + "#1")
              << '\n';
    return kExitUsage;
  }
  if (!explainer.page().empty()) {
    if (const Result<void> written = write_output(options.html, explainer.page()); !written) {
      std::cerr << "coldpitch: --html: " << written.error().detail << '\n';
      return kExitUsage;
    }
  }
  return unreadable || explainer.messages() == 0 ? kExitUnreadable : kExitDone;
}

void add_explain(CLI::App& app, int& status) {
  struct Arguments {
    ExplainOptions options;
    std::string at;
  };
  const auto arguments = std::make_shared<Arguments>();
  ExplainOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand(
      "explain", "Show a message with the words that counted, and what would change the verdict");
  command->footer(
      "Words that counted carry the number of their rule, and the colour of its clause on a terminal "
      "(NO_COLOR\n"
      "turns colours off). Exit status: 0 explained, 2 bad usage or configuration, 3 not readable.");
  command->add_option("path", options.path, "message file, one message of an mbox (inbox.mbox#3), or -")
      ->required();
  CLI::Option* html = command
                          ->add_option("--html", options.html,
                                       "write a self-contained HTML page to this file; - for standard output")
                          ->type_name("FILE");
  command->add_flag("--json", options.json, "one JSON object: that of check, with \"explanation\"")
      ->excludes(html);
  command->add_option("-c,--config", options.config_file, kConfigHelp)->type_name("FILE");
  command
      ->add_option("--rcpt", options.recipients,
                   "envelope recipient (default: Delivered-To, else To and Cc); repeatable")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command->add_option("--auth-user", options.authenticated_user,
                      "login name of the client: the mail is outbound");
  command->add_option("--at", arguments->at, "judge as of this time (default: the message's own date)")
      ->type_name("TIME");
  command
      ->add_option("--history", options.history,
                   "contact history to ask: none (the default) or a store's file")
      ->type_name("FILE");
  command->callback([arguments, &status] {
    if (!arguments->at.empty() && !(arguments->options.at = parse_rfc3339(arguments->at))) {
      throw CLI::ValidationError("--at", "is no time; write 2026-10-05T10:00:00Z");
    }
    status = run_explain(arguments->options);
  });
}

}  // namespace coldpitch
