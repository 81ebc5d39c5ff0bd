// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "parsers/outreach_tables.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

/// Fields only Interspire Email Marketer writes.
constexpr auto kInterspireFields =
    std::to_array<std::string_view>({"X-Mailer-Sent-By", "X-Mailer-LID", "X-Mailer-SID", "X-Mailer-RecptId"});

/// Starts of X-Mailer of programs made for mass mailing from a desk.
constexpr auto kMassMailers =
    std::to_array<std::string_view>({"Smart_Send", "Email Sending System", "TurboMailer"});

/// ".../campaigns/<13 letters and digits>/...": MailWizz's page for complaints.
bool names_mailwizz_campaign(std::string_view report_abuse) {
  constexpr std::string_view kFolder = "/campaigns/";
  const std::size_t at = report_abuse.find(kFolder);
  if (at == std::string_view::npos) return false;
  const std::string_view rest = report_abuse.substr(at + kFolder.size());
  return is_mailwizz_id(rest.substr(0, rest.find('/')));
}

bool is_mailwizz_feedback_id(std::string_view feedback_id) {
  const std::vector<std::string_view> ids = split(trim(feedback_id), ':');
  return ids.size() == 4 && std::all_of(ids.begin(), ids.end(), is_mailwizz_id);
}

void find_bulk_mailers(const Header& header, TraitList& traits) {
  for (const std::string_view field : kInterspireFields) {
    if (header.has(field)) return traits.add("bulk-mailer", "header", "Interspire Email Marketer");
  }
  const std::string_view report_abuse = header.get("X-Report-Abuse");
  if (names_mailwizz_campaign(report_abuse) || is_mailwizz_feedback_id(header.get("Feedback-ID"))) {
    return traits.add("bulk-mailer", "header", "MailWizz");
  }
  if (report_abuse.find("/report_abuse.php?mid=") != std::string_view::npos) {
    return traits.add("bulk-mailer", "header", "Oempro");
  }
  const std::string_view mailer = trim(header.get("X-Mailer"));
  for (const std::string_view name : kMassMailers) {
    if (starts_with_ignoring_case(mailer, name)) return traits.add("bulk-mailer", "header", name);
  }
}

/// "<14 digits>-0.1.<word>.<word>.0.<10 letters or digits>": ids made by OpenEMM.
bool is_network_message_id(std::string_view id) {
  constexpr std::size_t kTimeDigits = 14;
  constexpr std::size_t kTokenOctets = 10;
  const std::string_view local = id.substr(0, id.find('@'));
  if (local.size() == id.size() || local.size() <= kTimeDigits || local[kTimeDigits] != '-') return false;
  if (!std::all_of(local.begin(), local.begin() + kTimeDigits, is_ascii_digit)) return false;
  const std::vector<std::string_view> labels = split(local.substr(kTimeDigits + 1), '.');
  const auto is_word = [](std::string_view word) {
    return !word.empty() && std::all_of(word.begin(), word.end(), is_ascii_alnum);
  };
  return labels.size() == 6 && labels[0] == "0" && labels[1] == "1" && is_word(labels[2]) &&
         is_word(labels[3]) && labels[4] == "0" && is_word(labels[5]) && labels[5].size() == kTokenOctets;
}

void find_bulk_network(const OutreachSubject& subject, TraitList& traits) {
  if (!is_network_message_id(subject.message.message_id)) return;
  traits.add("bulk-message-id", "header", subject.message.message_id);
  const std::string_view mailer = trim(subject.message.header().get("X-Mailer"));
  const std::string expected = "mail." + subject.author.domain;
  const bool same = !subject.author.domain.empty() && equals_ignoring_case(mailer, expected);
  if (same) traits.add("bulk-network", "header", mailer);
}

void find_gmail_api(const Header& header, TraitList& traits) {
  for (const std::string_view received : header.all("Received")) {
    if (find_ignoring_case(received, "by gmailapi.google.com with HTTPREST") == std::string_view::npos)
      continue;
    std::string_view project = trim(received);
    if (starts_with_ignoring_case(project, "from ")) project.remove_prefix(5);
    const auto* const end = std::find_if_not(project.begin(), project.end(), is_ascii_digit);
    return traits.add("gmail-api", "header",
                      project.substr(0, static_cast<std::size_t>(end - project.begin())));
  }
}

void find_list_traits(const Header& header, TraitList& traits) {
  const std::string_view precedence = trim(header.get("Precedence"));
  const bool unsubscribe = header.has("List-Unsubscribe");
  if (unsubscribe) traits.add("list-unsubscribe", "header", header.get("List-Unsubscribe"));
  if (header.has("List-Id")) {
    traits.add("list-mail", "header", header.get("List-Id"));
  } else if (header.has("List-Post")) {
    traits.add("list-mail", "header", header.get("List-Post"));
  } else if (equals_ignoring_case(precedence, "list")) {
    traits.add("list-mail", "header", "Precedence: list");
  }
  const bool bulk = equals_ignoring_case(precedence, "bulk") || equals_ignoring_case(precedence, "junk");
  if (unsubscribe && (bulk || header.has("Feedback-ID"))) {
    traits.add("bulk-mail", "header", bulk ? "Precedence" : "Feedback-ID");
  }
}

void find_automatic_traits(const Message& message, TraitList& traits) {
  const Header& header = message.header();
  const std::string_view submitted = trim(header.get("Auto-Submitted"));
  if (!submitted.empty() && !starts_with_ignoring_case(submitted, "no")) {
    traits.add("auto-generated", "header", submitted);
  } else if (header.has("X-Autoreply") || header.has("X-Autorespond") ||
             equals_ignoring_case(trim(header.get("Precedence")), "auto_reply")) {
    traits.add("auto-generated", "header", "auto-reply");
  }
  const ParameterisedValue& type = message.mime.parts.front().content_type;
  const bool report = type.value == "multipart/report" &&
                      equals_ignoring_case(type.parameter("report-type"), "delivery-status");
  const Mailbox author = message.author();
  const bool daemon =
      equals_ignoring_case(author.local_part, "mailer-daemon") ||
      (equals_ignoring_case(author.local_part, "postmaster") && trim(header.get("Return-Path")) == "<>");
  if (report || daemon) traits.add("bounce", "header", report ? "multipart/report" : author.local_part);
}

}  // namespace

void find_transport_traits(const OutreachSubject& subject, TraitList& traits) {
  const Header& header = subject.message.header();
  find_bulk_mailers(header, traits);
  find_bulk_network(subject, traits);
  find_gmail_api(header, traits);
  find_list_traits(header, traits);
  find_automatic_traits(subject.message, traits);
}

}  // namespace coldpitch
