// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "history/identity.h"
#include "history/store.h"
#include "milter/contact.h"
#include "milter/judging_turns.h"
#include "milter/snapshot.h"
#include "milter/stages.h"
#include "parsers/authentication.h"
#include "parsers/envelope.h"
#include "parsers/linkedin.h"
#include "parsers/message.h"
#include "parsers/outreach.h"
#include "policies/subject_matter.h"
#include "policies/verdict.h"

namespace coldpitch {

/// What is remembered between messages: a store and the secret that keys it. Both null: nothing is remembered.
/// The objects are owned by the caller and must outlive the calls they are given to.
struct Memory {
  Store* store = nullptr;
  const Keyring* keyring = nullptr;

  [[nodiscard]] bool available() const { return store != nullptr && keyring != nullptr; }
};

/// The judgement for one recipient.
struct RecipientVerdict {
  std::string address;  ///< as in the envelope; "" when a file was judged without recipients
  Verdict verdict;
  Mode action = Mode::annotate;         ///< what the profile wants done
  std::optional<ContactFacts> contact;  ///< absent: history off or away
  std::string language = "en";          ///< of the words for people
  std::string refusal;                  ///< why it is refused, for its sender; "" unless `action` is reject
  bool visible = false;                 ///< stands in To or Cc, so naming it in a header tells nothing new
};

/// All that came of one message. A value.
struct Judgement {
  Message message;
  Authentication authentication;
  LinkedInMail linkedin;
  std::vector<Trait> traits;
  SenderIdentity sender;
  ContactKeys keys;  ///< of the sender; empty without a keyring
  Channel channel = Channel::direct;
  std::vector<RecipientVerdict> recipients;  ///< never empty
  std::size_t mildest = 0;  ///< index of the one who acts for the whole message (choose_mildest())
  std::vector<std::string>
      faults;  ///< what did not work: "history", "evaluation-time", "dkim-key", "judging-turn"
  StageTimes stage_times{};

  /// The verdict that goes into X-Cold-Pitch and decides at SMTP level.
  [[nodiscard]] const Verdict& verdict() const { return recipients[mildest].verdict; }
  [[nodiscard]] Mode action() const { return recipients[mildest].action; }
};

/// Which way a message came, and whether that settles it.
struct Route {
  /// Mail of its own kind, which a profile wants or not.
  enum class Category : std::uint8_t { none, recruiters, events };

  Channel channel = Channel::direct;
  std::string exempt_because;          ///< "" when the message is to be judged
  Category category = Category::none;  ///< for those who do not want it, `exempt_because` does not hold
  bool unless_refused = false;         ///< nor for those whose own word stands against the sender
};

/// How long judging may go on, and beside whom.
struct Pacing {
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
  /// Given up while name servers and the history are waited for; may be null.
  JudgingTurns::Turn* turn = nullptr;
};

/// A message read, before any history is asked: the part of judging that may run ahead in any order and thread. Its words are looked
/// through when the first recipient needs it: a sender all of them know costs no more than reading. `snapshot` must outlive it. One thread
/// at a time.
class PreparedMessage {
 public:
  /// Never throws but std::bad_alloc. `keyring` may be null: then the sender has no key. Past `limits.evaluation`, which is looked at
  /// between the stages, and between expressions in long texts, and does not count what is waited for, nothing more is worked out: the message is not judged.
  PreparedMessage(std::string_view octets, Envelope envelope, const Snapshot& snapshot,
                  const Keyring* keyring, Pacing pacing = {});
  PreparedMessage(const PreparedMessage&) = delete;  // what is looked at points into the message
  PreparedMessage& operator=(const PreparedMessage&) = delete;
  ~PreparedMessage() = default;

  /// Looks the words through now, unless the route settles it whatever the history says: for many messages ahead in many threads.
  void look_ahead();

  /// Judges for each recipient, by what `memory` knows now. The result lives as long as this.
  const Judgement& judge(const Memory& memory);

  /// The verdict for `recipient` if history knew `contact`, the rules named in `without` did not count and `thresholds` (absent: the
  /// profile's own) held. For explanations.
  [[nodiscard]] Verdict what_if(std::string_view recipient, const std::optional<ContactFacts>& contact,
                                const RuleIds& without = {},
                                const std::optional<Thresholds>& thresholds = {});

  [[nodiscard]] const Envelope& envelope() const { return envelope_; }
  /// As far as it has got: recipients only after judge().
  [[nodiscard]] const Judgement& judgement() const { return judgement_; }
  /// What judge() made; this is of no use afterwards.
  [[nodiscard]] Judgement take() { return std::move(judgement_); }

 private:
  [[nodiscard]] std::vector<ContactFacts> ask_history(const Memory& memory);
  RecipientVerdict judge_for(const std::string& recipient, std::optional<ContactFacts> contact);
  [[nodiscard]] bool is_verified_here(std::string_view octets) const;
  void verify_here(std::string_view octets);
  void read(std::string_view octets, const Keyring* keyring);
  void look_through();
  void start_timing();
  void stop_timing();
  [[nodiscard]] bool is_late() const;
  bool note_lateness();
  [[nodiscard]] bool is_judged_for(const Profile& profile, const std::optional<ContactFacts>& contact) const;

  Envelope envelope_;
  const Snapshot& snapshot_;
  Pacing pacing_;
  std::chrono::steady_clock::time_point start_;   ///< what was waited for is added
  std::chrono::steady_clock::duration spent_{0};  ///< when timing was stopped
  bool is_timed_ = false;
  Judgement judgement_;
  Route route_;
  std::unordered_set<std::string> visible_;           ///< addresses in To and Cc, lower case
  std::optional<SubjectMatter> matter_;               ///< absent as long as nobody needs it
  decltype(SubjectMatter::signals) message_signals_;  ///< without what history adds for one recipient
  PatternHits hits_;
};

/// Sets Judgement::mildest: the recipient with the mildest action, of those the one with the mildest verdict.
void choose_mildest(Judgement& judgement);

/// Judges one message for all its recipients: octets -> Message -> Evidence -> Verdict.
///
/// The same for the daemon, every command and the tests. `envelope.time` is "now" for history. Nothing is recorded; see
/// remember() in learning.h. Never throws but std::bad_alloc. Thread-safe: all state is in the arguments.
[[nodiscard]] Judgement judge_message(std::string_view octets, const Envelope& envelope,
                                      const Snapshot& snapshot, const Memory& memory, Pacing pacing = {});

}  // namespace coldpitch
