// SPDX-License-Identifier: MIT
#include "cli/digest.h"

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/command_line.h"
#include "cli/sendmail.h"
#include "cli/since.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

/// Messages one mail lists; nobody reads more.
constexpr std::size_t kMostItems = 200;

std::string digest_json(const Digest& digest) {
  Json items = Json::array();
  for (const DigestItem& item : digest.items) {
    items.push_back({{"sender", item.sender},
                     {"subject", item.subject},
                     {"reason", item.reason},
                     {"delivered", format_rfc3339(item.time)}});
  }
  const Json json{{"recipient", digest.recipient},       {"language", digest.language},
                  {"from", format_rfc3339(digest.from)}, {"to", format_rfc3339(digest.to)},
                  {"messages", std::move(items)},        {"more", digest.more}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

class Writer {
 public:
  Writer(const DigestOptions& options, const Snapshot& snapshot)
      : options_(options),
        snapshot_(snapshot),
        now_(std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now())) {}

  void write_for(const std::string& recipient) {
    const DigestSettings& settings = snapshot_.config.digest;
    Digest digest;
    digest.recipient = recipient;
    const std::size_t at = recipient.rfind('@');
    digest.sender = settings.sender.empty() ? "coldpitch@" + recipient.substr(at + 1) : settings.sender;
    digest.language = options_.language.empty()
                          ? snapshot_.config.profile_for(to_ascii_lower(recipient)).language
                          : options_.language;
    digest.note = settings.note;
    digest.to = now_;
    digest.from = options_.since.value_or(now_ - std::chrono::floor<std::chrono::seconds>(settings.since));
    const std::string pattern = options_.maildir.empty() ? settings.maildir : options_.maildir;
    const std::string maildir = maildir_of(pattern, recipient);
    const std::optional<std::size_t> unreadable =
        maildir.empty() ? std::nullopt : collect_digest(maildir, snapshot_, kMostItems, digest);
    if (!unreadable) {
      complain(kExitUnreadable,
               recipient + ": no Maildir folder at " + (maildir.empty() ? pattern : maildir));
      return;
    }
    if (*unreadable > 0)
      complain(kExitUnreadable,
               recipient + ": " + std::to_string(*unreadable) + " messages could not be read");
    put(digest);
  }

  [[nodiscard]] int status() const { return status_; }

 private:
  void put(const Digest& digest) {
    if (options_.json) {
      std::cout << digest_json(digest) << '\n';
    } else if (digest.items.empty()) {
      std::cerr << "coldpitch: " << printable(digest.recipient)
                << ": nothing was put aside, so there is nothing to write\n";
    } else if (!options_.send) {
      std::cout << compose_digest(digest);
    } else if (const Result<void> sent =
                   hand_to_sendmail(snapshot_.config.digest.sendmail.string(), digest.sender,
                                    digest.recipient, compose_digest(digest));
               !sent) {
      complain(kExitFound, digest.recipient + ": " + sent.error().detail);
    } else {
      std::cerr << "coldpitch: " << printable(digest.recipient) << ": sent, "
                << digest.items.size() + digest.more << " messages\n";
    }
  }

  void complain(int status, const std::string& what) {
    status_ = std::max(status_, status);
    std::cerr << "coldpitch: " << printable(what, 4096) << '\n';
  }

  const DigestOptions& options_;
  const Snapshot& snapshot_;
  TimePoint now_;
  int status_ = kExitDone;
};

bool is_address(const std::string& text) {
  const Mailbox mailbox = parse_envelope_address(text);
  return !mailbox.local_part.empty() && !mailbox.domain.empty() && mailbox.address() == text &&
         text.front() != '-';
}

}  // namespace

int run_digest(const DigestOptions& options) {
  std::vector<Diagnostic> diagnostics;
  const std::shared_ptr<const Snapshot> snapshot = load_snapshot(options.config_file, diagnostics);
  std::cerr << format(diagnostics);
  if (snapshot == nullptr) return kExitUsage;
  const DigestSettings& settings = snapshot->config.digest;
  const std::vector<std::string>& recipients =
      options.recipients.empty() ? settings.recipients : options.recipients;
  if (recipients.empty()) {
    std::cerr << "coldpitch: nobody is to get a digest; name somebody with --rcpt, or in digest.recipients "
                 "of the configuration\n";
    return kExitUsage;
  }
  if (options.maildir.empty() && settings.maildir.empty()) {
    std::cerr << "coldpitch: where is the folded mail? Name the folder with --maildir, or in digest.maildir "
                 "of the configuration\n";
    return kExitUsage;
  }
  for (const std::string& recipient : recipients) {
    if (is_address(recipient)) continue;
    std::cerr << "coldpitch: " << printable(recipient) << " is no mail address\n";
    return kExitUsage;
  }
  Writer writer(options, *snapshot);
  for (const std::string& recipient : recipients) writer.write_for(recipient);
  std::cout.flush();
  return writer.status();
}

void add_digest(CLI::App& app, int& status) {
  struct Arguments {
    DigestOptions options;
    std::string since;
  };
  const auto arguments = std::make_shared<Arguments>();
  DigestOptions& options = arguments->options;
  CLI::App* command = app.add_subcommand("digest", "Write users a mail about what was put aside for them");
  command->footer(
      "Reads the Maildir folder that pitches are filed into, and writes a mail (plain text and HTML, in the "
      "language of the\n"
      "recipient's profile) that lists them and says how to keep a sender, or never to see one again. "
      "Without --send it goes\n"
      "to standard output. Nothing is written when nothing was put aside. The timer coldpitch-digest.timer "
      "sends it weekly,\n"
      "once it is enabled. Exit status: 0 done, 1 sendmail failed, 2 bad usage or configuration, 3 a folder "
      "or message could\n"
      "not be read.");
  command
      ->add_option("--rcpt", options.recipients,
                   "whom to write to (default: digest.recipients of the configuration); repeatable")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command
      ->add_option("--maildir", options.maildir,
                   "their folder of folded mail; %u is the part of the address before the @, %d the domain, "
                   "%a all of it")
      ->type_name("FOLDER");
  command
      ->add_option("--since", arguments->since,
                   "list what came since: 2026-10-05, or so long ago, such as 7d (the default)")
      ->type_name("TIME");
  command
      ->add_option("--language", options.language, "of the mail (default: that of the recipient's profile)")
      ->check(CLI::IsMember({"en", "de", "fr", "es", "it", "pt", "nl", "pl"}));
  command->add_option("-c,--config", options.config_file, kConfigHelp)->type_name("FILE");
  CLI::Option* send = command->add_flag("--send", options.send, "hand the mail to sendmail");
  command->add_flag("--json", options.json, "one JSON object a recipient, and no mail")->excludes(send);
  command->callback([arguments, &status] {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (!arguments->since.empty() && !(arguments->options.since = parse_since(arguments->since, now))) {
      throw CLI::ValidationError("--since", kSinceHelp);
    }
    status = run_digest(arguments->options);
  });
}

}  // namespace coldpitch
