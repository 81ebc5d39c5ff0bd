// SPDX-License-Identifier: MIT
#include "cli/probe.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/mail_source.h"
#include "cli/milter_client.h"
#include "cli/recipients.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

std::string_view kind_name(MilterEdit::Kind kind) {
  switch (kind) {
    case MilterEdit::Kind::add_field:
      return "add-field";
    case MilterEdit::Kind::insert_field:
      return "insert-field";
    case MilterEdit::Kind::change_field:
      return "change-field";
    case MilterEdit::Kind::quarantine:
      return "quarantine";
    case MilterEdit::Kind::replace_body:
      return "replace-body";
    case MilterEdit::Kind::add_recipient:
      return "add-recipient";
    case MilterEdit::Kind::delete_recipient:
      return "delete-recipient";
    case MilterEdit::Kind::other:
      return "other";
  }
  return "other";
}

/// A value on one line, as a reader of the message would take it.
std::string unfolded(std::string_view value) {
  std::string line;
  for (const char octet : trim(value)) {
    if (octet == '\n' || octet == '\r') continue;
    line += octet == '\t' ? ' ' : octet;
  }
  return line;
}

void print_text(const MilterOutcome& outcome, const std::string& path) {
  std::cout << printable(path, 4096) << ": " << to_string(outcome.answer);
  if (!outcome.reply.empty()) std::cout << ' ' << printable(outcome.reply, 500);
  std::cout << '\n';
  // Fields put on top come in from below: the last one inserted stands first.
  std::vector<MilterEdit> edits = outcome.edits;
  std::reverse(edits.begin(), edits.end());
  for (const MilterEdit& edit : edits) {
    if (edit.kind == MilterEdit::Kind::insert_field || edit.kind == MilterEdit::Kind::add_field) {
      std::cout << "  " << printable(edit.name) << ": " << printable(unfolded(edit.value), 1000) << '\n';
    } else if (edit.kind == MilterEdit::Kind::change_field && edit.value.empty()) {
      std::cout << "  (removes " << printable(edit.name) << " no. " << edit.index << ")\n";
    } else {
      std::cout << "  (" << kind_name(edit.kind) << ' ' << printable(edit.name) << ' '
                << printable(unfolded(edit.value), 1000) << ")\n";
    }
  }
}

void print_json(const MilterOutcome& outcome, const std::string& path) {
  Json edits = Json::array();
  for (const MilterEdit& edit : outcome.edits) {
    edits.push_back(
        {{"kind", kind_name(edit.kind)}, {"index", edit.index}, {"name", edit.name}, {"value", edit.value}});
  }
  const Json json{{"path", path},
                  {"answer", to_string(outcome.answer)},
                  {"reply", outcome.reply},
                  {"edits", std::move(edits)}};
  std::cout << json.dump(-1, ' ', false, Json::error_handler_t::replace) << '\n';
}

/// RFC 6531 §3.4: addresses beyond ASCII come with SMTPUTF8 only.
bool needs_smtputf8(const Envelope& envelope) {
  const auto is_beyond_ascii = [](const std::string& address) {
    return std::any_of(address.begin(), address.end(),
                       [](char octet) { return static_cast<unsigned char>(octet) >= 0x80; });
  };
  return is_beyond_ascii(envelope.envelope_sender) ||
         std::any_of(envelope.recipients.begin(), envelope.recipients.end(), is_beyond_ascii);
}

}  // namespace

int run_probe(const ProbeOptions& options) {
  const auto address = parse_listen_address(options.connect, std::filesystem::current_path().string());
  if (!address) {
    std::cerr << "coldpitch: --connect must be unix:/path, inet:host:port or inet:port@host\n";
    return kExitUsage;
  }
  Result<MilterClient> client = MilterClient::connect(*address, options.timeout);
  if (!client) {
    std::cerr << "coldpitch: " << client.error().detail << '\n';
    return kExitFound;
  }
  if (auto begun = client->begin_session(options.envelope); !begun) {
    std::cerr << "coldpitch: " << begun.error().detail << '\n';
    return kExitFound;
  }
  const Limits limits;
  int status = kExitDone;
  const auto probe = [&](const SourceMessage& message) {
    Envelope envelope = options.envelope;
    if (envelope.recipients.empty()) envelope.recipients = recipients_in_header(message.octets, limits);
    if (envelope.recipients.empty()) envelope.recipients = {"postmaster"};
    if (envelope.envelope_sender.empty()) envelope.envelope_sender = sender_in_header(message.octets, limits);
    envelope.smtputf8 = needs_smtputf8(envelope);
    const Result<MilterOutcome> outcome = client->send_message(envelope, message.octets);
    if (!outcome) {
      std::cerr << "coldpitch: " << printable(message.path, 4096) << ": " << outcome.error().detail << '\n';
      status = kExitFound;
      return;
    }
    if (options.json) {
      print_json(*outcome, message.path);
    } else {
      print_text(*outcome, message.path);
    }
  };
  const auto complain = [&](const std::string& path, const std::string& reason) {
    std::cerr << "coldpitch: " << printable(path, 4096) << ": " << reason << '\n';
    status = kExitUnreadable;
  };
  visit_mail(options.paths, static_cast<std::size_t>(1) << 30U, {probe, complain});
  client->quit();
  return status;
}

void add_probe(CLI::App& app, int& status) {
  const auto options = std::make_shared<ProbeOptions>();
  CLI::App* command =
      app.add_subcommand("probe", "Play the MTA against a running milter and show what it would do");
  command->footer(
      "Nothing is delivered. Exit status: 0 answered, 1 no milter there or no answer, 3 a file could not be "
      "read.");
  options->envelope.client_address = "192.0.2.1";
  options->envelope.client_name = "probe.invalid";
  options->envelope.helo = "probe.invalid";
  options->envelope.queue_id = "PROBE";
  command->add_option("path", options->paths, "messages: files, folders, mbox, or -")->required();
  command->add_option("--connect", options->connect, "the milter's socket: unix:/path or inet:host:port")
      ->required();
  command
      ->add_option("--rcpt", options->envelope.recipients,
                   "envelope recipient (default: To and Cc); repeatable")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command->add_option("--sender", options->envelope.envelope_sender,
                      "envelope sender (default: Return-Path, else From)");
  command
      ->add_option("--client-address", options->envelope.client_address,
                   "address the mail is said to come from")
      ->capture_default_str();
  command->add_option("--auth-user", options->envelope.authenticated_user, "login name of the client");
  command->add_flag("--json", options->json, "one JSON object a line");
  command->callback([options, &status] { status = run_probe(*options); });
}

}  // namespace coldpitch
