// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/identity.h"
#include "history/store.h"
#include "parsers/envelope.h"
#include "parsers/fold.h"
#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "parsers/outreach.h"
#include "policies/verdict.h"

namespace coldpitch {

/// A built-in fact a rule may name under `signals`.
struct Signal {
  /// More words that show it.
  struct Place {
    std::string where;  ///< as Evidence::where; a text
    Span span;          ///< in that text
  };
  std::string where = "header";  ///< as Evidence::where
  Span span;                     ///< in the text of `where`, or empty
  std::string detail;            ///< words for people; may hold sender text
  double strength = 1;           ///< 0 to 1: how much of it there is, for rules that are `graded`
  std::vector<Place> more{};     ///< beside `span`, by importance
};

/// A text a rule may look at, folded for matching, with the text as people see it.
struct MatchText {
  std::string_view
      seen;  ///< points into the Message or LinkedInMail it was made from; empty for "links", a made text
  std::string where;  ///< as Evidence::where
  std::string folded;
  OffsetMap to_seen;  ///< octets of `folded` -> octets of `seen`
};

/// Everything a policy may look at in one message. Made once per message and shared by all recipients; only
/// `contact` and the signals made from it differ by recipient (see add_contact_signals()).
struct SubjectMatter {
  Channel channel = Channel::direct;
  std::string language;  ///< of the human words
  std::map<std::string, MatchText, std::less<>>
      fields;  ///< "subject", "body" (whole text), "human", "sender", "from", "reply-to", "headline", "links", "hidden"; see make_subject_matter()
  std::map<std::string, Signal, std::less<>> signals;
  const Header* header = nullptr;  ///< for `header X`
};

/// Builds it. The views point into `message` and `linkedin`, which must outlive the result. Pure, linear.
///
/// "human" is the sender's own words: for LinkedIn LinkedInMail::words (absent when there are none), else
/// QuotedText::human; its `where` is "body" and its map leads to Message::text. "subject" is absent for LinkedIn mail whose subject is
/// LinkedIn's. "sender" is the display name, "headline" LinkedIn's, "links" the hosts and paths of all links, "from" and "reply-to" (not of LinkedIn mail) the
/// addresses of these fields, one a line.
/// Of LinkedIn mail nothing but the sender's words, name and headline can be looked at: "body" is "human", "links" are those in the words,
/// "hidden" is absent. LinkedIn's frame, footers and other people's names never reach a rule.
/// Signals: every Trait by its name, `linkedin.<kind>`, `linkedin.no-human-text`, `linkedin.forged`, `authenticated`,
/// `problem.<name>`, `no-links`, `short-text` and so on; listed in kSignalNames (signals.cpp) and by known_signals().
[[nodiscard]] SubjectMatter make_subject_matter(const Message& message, const LinkedInMail& linkedin,
                                                const std::vector<Trait>& traits, Channel channel);

/// Adds `authenticated` when the identity is proved (make_subject_matter() knows it of LinkedIn mail only).
void add_identity_signals(SubjectMatter& matter, const SenderIdentity& identity);

/// When facts of the history are signals.
struct ContactSettings {
  std::chrono::seconds accepted =
      std::chrono::hours(24 * 30);  ///< an invitation was accepted so short a time ago
  std::chrono::seconds return_after =
      std::chrono::hours(24);            ///< a message that crossed a refusal on its way is no return
  std::size_t same_text_recipients = 3;  ///< so many local people are many

  bool operator==(const ContactSettings&) const = default;
};

/// Adds what history knows: `first-contact`, `known-contact` (we wrote to them, or cleared), `told-to-stop` (this sender, under any name),
/// `organisation-told-to-stop` (somebody of the same organisation or brand), `returned-after-stop` (either, `return_after` ago), `reported-as-pitch`,
/// `unanswered-follow-up` (at least one earlier unanswered message), `unanswered-pitch` (one judged pitch), `in-our-thread`,
/// `accepted-recently`, `same-text-to-many`, `never-answered-here` (wrote here before, and nobody here wrote to them), `history-unknown` when
/// `facts` is absent. Their details are dates and counts, in fixed words: reasons may show them (Rule::reason).
void add_contact_signals(SubjectMatter& matter, const std::optional<ContactFacts>& facts, TimePoint now,
                         const ContactSettings& settings = {});

/// Names a rule may use, sorted; names ending in "." are prefixes (`problem.`). For the loader's checks.
[[nodiscard]] const std::vector<std::string>& known_signals();

}  // namespace coldpitch
