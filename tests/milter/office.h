// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/learning.h"
#include "parsers/date.h"
#include "tests/support/catch.h"
#include "tests/support/linkedin_mail.h"
#include "tests/support/mail.h"

/// A mail server with a history and a clock that the test sets, the shipped policies, and some mail for it.
namespace coldpitch::test {

inline constexpr const char* kAlex = "alex@example.net";
inline constexpr const char* kSeller = "marcus@getbluefin.example";

inline const std::string kPitch =
    "Hi Alex,\n\nI came across your website and was impressed by your growth. We are a full-service agency "
    "and help "
    "companies like yours cut cloud costs by 30%. Our clients save hours every week.\n\nAre you open to a "
    "quick "
    "15-minute call next Tuesday?\n\nBest regards,\nMarcus";
inline const std::string kInMailPitch =
    "Hi Alex,\n\nI came across your profile and was impressed by your growth. We help companies like yours "
    "cut cloud "
    "costs by 30%.\n\nAre you open to a quick virtual coffee chat next week?\n\nJane";
inline const std::string kFollowUp =
    "Hi Alex,\n\njust following back up with you. Is cutting cloud costs still something you would like to "
    "talk "
    "about?\n\nBest,\nMarcus";
inline const std::string kHarmless =
    "Hello,\n\nthe minutes of the meeting are below. See you in the office.\n\nMarcus";

inline TimePoint day(std::string_view date) {
  const std::optional<TimePoint> time = parse_rfc3339(std::string(date) + "T10:00:00Z");
  REQUIRE(time.has_value());
  return *time;
}

/// A message as our edge hands it on, with the sender's domain proved.
inline std::string from(const std::string& author, const std::string& body, const std::string& more = "") {
  const std::string domain = author.substr(author.find('@') + 1, author.find('>') - author.find('@') - 1);
  return "Authentication-Results: mx.example.net; dmarc=pass header.from=" + domain + "\r\n" +
         plain_mail(author, "Idea", body, more);
}

inline bool has_clause(const Verdict& verdict, std::string_view id) {
  for (const ClauseScore& clause : verdict.clauses) {
    if (clause.id == id) return true;
  }
  return false;
}

/// Compiled once: it is the same for most tests.
inline std::shared_ptr<const Snapshot> shipped() {
  static const std::shared_ptr<const Snapshot> snapshot = shipped_snapshot();
  return snapshot;
}

/// A mail server of example.net with its history.
class Office {
 public:
  Office() : snapshot_(shipped()) {}
  explicit Office(const std::string& configuration) : snapshot_(shipped_snapshot(configuration)) {}

  Office& on(std::string_view date) {
    now_ = day(date);
    return *this;
  }
  void wait(std::chrono::seconds time) { now_ += time; }

  Judgement receive(const std::string& octets, std::vector<std::string> recipients = {kAlex}) {
    Envelope envelope;
    envelope.known = true;
    envelope.client_address = "192.0.2.44";
    envelope.envelope_sender = "bounce@outside.example";
    envelope.recipients = std::move(recipients);
    return pass(octets, envelope);
  }

  /// Alex writes through the milter. `answers`: the Message-ID that is answered.
  Judgement write(const std::string& to, const std::string& body, const std::string& answers = "",
                  const std::string& more = "", std::vector<std::string> recipients = {}) {
    Envelope envelope;
    envelope.known = true;
    envelope.client_address = "192.0.2.44";
    envelope.authenticated_user = "alex";
    envelope.envelope_sender = kAlex;
    envelope.recipients = recipients.empty() ? std::vector<std::string>{to} : std::move(recipients);
    std::string octets = "From: Alex <alex@example.net>\r\nTo: " + to + "\r\nMessage-ID: <reply-" +
                         std::to_string(++written_) + "@example.net>\r\nSubject: Re: Idea\r\n";
    if (!answers.empty()) octets += "In-Reply-To: <" + answers + ">\r\nReferences: <" + answers + ">\r\n";
    return pass(octets + more + "\r\n" + body + "\r\n", envelope);
  }

  Result<Event> say(Lesson lesson, const std::string& octets, const std::string& who = kAlex) {
    return learn(octets, lesson, who, now_, *snapshot_, memory());
  }

  /// As `receive`, but nothing is remembered.
  Verdict look(const std::string& octets, const std::string& recipient = kAlex) {
    Envelope envelope;
    envelope.recipients = {recipient};
    envelope.client_address = "192.0.2.44";
    envelope.time = now_;
    return judge_message(octets, envelope, *snapshot_, memory()).verdict();
  }

  [[nodiscard]] Memory memory() const { return {store_.get(), &keyring_}; }
  [[nodiscard]] const Keyring& keyring() const { return keyring_; }

 private:
  Judgement pass(const std::string& octets, Envelope& envelope) {
    envelope.time = now_;
    Judgement judgement = judge_message(octets, envelope, *snapshot_, memory());
    REQUIRE(remember(judgement, envelope, *snapshot_, memory()));
    return judgement;
  }

  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<Store> store_ = open_memory_store();
  Keyring keyring_{std::array<std::uint8_t, 32>{7}};
  TimePoint now_ = day("2022-02-08");
  int written_ = 0;
};

/// An InMail that is answered by `route`.
inline std::string inmail(const std::string& text, unsigned serial, const std::string& route,
                          const std::string& vanity = "jane-doe-42",
                          LinkedInLayout layout = LinkedInLayout::inmail_2026) {
  LinkedInMailOptions options;
  options.layout = layout;
  options.text = text;
  options.serial = serial;
  options.vanity = vanity;
  options.recipient = kAlex;
  std::string octets = linkedin_mail(options);
  return octets.insert(octets.find("Subject: "), "Reply-To: Jane Doe <" + route + "@reply.linkedin.com>\r\n");
}

}  // namespace coldpitch::test
