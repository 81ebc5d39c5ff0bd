// SPDX-License-Identifier: MIT
#include "cli/other_verdicts.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include "cli/contact_sentences.h"
#include "milter/result_fields.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kWordsShown = 60;
constexpr double kStep = 0.1;

/// Asks the pipeline about other states of things and keeps what makes a difference.
class Search {
 public:
  Search(PreparedMessage& message, const Snapshot& snapshot)
      : message_(message),
        recipient_(message.judgement().recipients[message.judgement().mildest]),
        profile_(snapshot.config.profile_for(to_ascii_lower(recipient_.address))),
        settings_(snapshot.config.history.contact) {}

  std::vector<OtherVerdict> run() {
    const Verdict& verdict = recipient_.verdict;
    if (verdict.exempt_because.empty()) {
      leave_out_rules();
      move_threshold();
    }
    imagine_history();
    const bool is_own_address = message_.judgement().channel != Channel::linkedin;  // there it is LinkedIn's
    if (verdict.exempt_because.empty() && verdict.level >= Level::suspect && is_own_address) allow_sender();
    return std::move(found_);
  }

 private:
  bool differs(const Verdict& other) const {
    return other.level != recipient_.verdict.level ||
           other.exempt_because.empty() != recipient_.verdict.exempt_because.empty();
  }

  bool keep_if_different(std::string condition, Verdict other) {
    if (!differs(other)) return false;
    found_.push_back({std::move(condition), std::move(other)});
    return true;
  }

  Verdict without(const RuleIds& rules) {
    return message_.what_if(recipient_.address, recipient_.contact, rules);
  }

  static std::string rule_and_words(const Evidence& evidence) {
    std::string text = evidence.rule;
    if (!evidence.text.empty()) {
      const std::string_view words = utf8_prefix(evidence.text, kWordsShown);
      text.append(" (“").append(words).append(words.size() < evidence.text.size() ? "…”)" : "”)");
    }
    return text;
  }

  void leave_out_rules() {
    bool found = false;
    for (const Evidence& evidence : recipient_.verdict.evidence) {
      if (evidence.weight == 0) continue;
      found |= keep_if_different("without " + rule_and_words(evidence), without({evidence.rule}));
    }
    if (!found && recipient_.verdict.level >= Level::suspect) leave_out_several();
  }

  /// The heaviest ones together, as few as it takes.
  void leave_out_several() {
    RuleIds left_out;
    std::string names;
    for (const Evidence& evidence : recipient_.verdict.evidence) {
      if (evidence.weight <= 0) continue;
      left_out.insert(evidence.rule);
      names += (names.empty() ? "" : " and ") + evidence.rule;
      if (keep_if_different("without " + names, without(left_out))) return;
    }
  }

  void move_threshold() {
    const Verdict& verdict = recipient_.verdict;
    Thresholds thresholds = profile_.thresholds;
    const bool is_pitch = verdict.level >= Level::pitch;
    if (!is_pitch && verdict.score <= 0) return;
    const double moved = is_pitch ? std::floor(verdict.score * 10) / 10 + kStep
                                  : std::max(std::floor(verdict.score * 10) / 10, kStep);
    thresholds[Level::pitch] = moved;
    const Level before = verdict.level;
    Verdict other = message_.what_if(recipient_.address, recipient_.contact, {}, thresholds);
    if (is_pitch ? other.level >= before : other.level <= before) return;
    keep_if_different("with a pitch threshold of " + format_score(moved) + " (it is " +
                          format_score(verdict.threshold) + ')',
                      std::move(other));
  }

  void imagine_history() {
    const ContactFacts known = recipient_.contact.value_or(ContactFacts{});
    if (!known.first_contact()) imagine("had nothing been known of the sender", {});
    if (!recipient_.verdict.exempt_because.empty()) return;
    imagine_refusals(known);
    imagine_repetition(known);
    const TimePoint last_week = now() - std::chrono::hours(24 * 7);
    ContactFacts facts = known;
    facts.last_outbound = last_week;
    facts.told_to_stop.reset();
    imagine("had the recipient written to the sender before", facts);
    if (message_.judgement().channel != Channel::linkedin || known.accepted) return;
    facts = known;
    facts.accepted = now() - std::chrono::hours(24);
    imagine("had the recipient accepted an invitation of the sender the day before", facts);
  }

  /// The recipient's own word against the sender: not said, or said of others.
  void imagine_refusals(const ContactFacts& known) {
    ContactFacts facts = known;
    if (known.told_to_stop) {
      facts.told_to_stop.reset();
      imagine("had the recipient not told " +
                  std::string(known.stop_scope == StopScope::person ? "them" : "others of theirs") +
                  " to stop on " + day_of(*known.told_to_stop),
              facts);
    } else {
      facts.told_to_stop = now() - std::chrono::hours(24 * 7);
      imagine("had the recipient told the sender to stop a week ago", facts);
      facts.stop_scope = StopScope::sibling;
      imagine("had the recipient told the same brand under another domain to stop a week ago", facts);
    }
    if (!known.reported) return;
    facts = known;
    facts.reported.reset();
    imagine("had the recipient not reported them on " + day_of(*known.reported), facts);
  }

  /// The same sender again, or the same text to others.
  void imagine_repetition(const ContactFacts& known) {
    ContactFacts facts = known;
    if (known.unanswered_pitches == 0) {
      ++facts.inbound, ++facts.unanswered, ++facts.unanswered_pitches;
      facts.first_inbound = facts.last_inbound = now() - std::chrono::hours(24 * 7);
      imagine("had the same sender pitched a week ago, unanswered", facts);
    }
    facts = known;
    const std::size_t many = settings_.same_text_recipients;
    if (known.same_text_to >= many) {
      facts.same_text_to = 1;
      imagine("had the same text come to nobody else here", facts);
    } else {
      facts.same_text_to = many;
      imagine("had the same text come to " + std::to_string(many) + " people here", facts);
    }
  }

  [[nodiscard]] TimePoint now() const { return message_.envelope().time; }

  void imagine(std::string condition, const ContactFacts& facts) {
    keep_if_different(std::move(condition), message_.what_if(recipient_.address, facts));
  }

  void allow_sender() {
    const Mailbox author = message_.judgement().message.author();
    if (author.domain.empty()) return;
    Verdict unjudged;
    unjudged.channel = Channel::exempt;
    unjudged.exempt_because = "allowed-sender";
    found_.push_back({"with allow: [" + to_ascii_lower(author.address()) + "] in the recipient's profile",
                      std::move(unjudged)});
  }

  PreparedMessage& message_;
  const RecipientVerdict& recipient_;
  const Profile& profile_;
  const ContactSettings& settings_;
  std::vector<OtherVerdict> found_;
};

struct ExemptNote {
  std::string_view reason, note;
};

constexpr std::array<ExemptNote, 11> kExemptNotes{{
    {"authenticated-user", "Mail of an authenticated user is outbound: it is learned from, never judged."},
    {"internal-network", "Mail from internal_networks is outbound: it is learned from, never judged."},
    {"own-domain", "Mail proved to come from one of local_domains is not judged."},
    {"bounce", "Bounces and delivery reports are not judged."},
    {"auto-generated", "Automatic mail without a seller's marks is not judged."},
    {"profile-off", "The recipient's profile says mode: off."},
    {"allowed-sender", "The recipient's profile allows this sender."},
    {"in-our-thread", "The message answers one of the recipient's own, so it is not cold."},
    {"wanted", "The recipient said that this sender is wanted."},
    {"known-contact", "The recipient wrote to this sender before, so it is not cold."},
    {"evaluation-time", "Reading it took longer than limits.evaluation; such mail is let through."},
}};

std::string exempt_note(const std::string& reason) {
  for (const ExemptNote& entry : kExemptNotes) {
    if (entry.reason == reason) return std::string(entry.note);
  }
  if (reason.starts_with("linkedin-")) {
    return "LinkedIn notifications of this kind (" + reason.substr(9) +
           ") carry no words of a stranger to judge.";
  }
  return "It was not judged: " + reason + '.';
}

const Policy* policy_of(const Verdict& verdict, const Snapshot& snapshot) {
  for (const Policy& policy : snapshot.engine->policies()) {
    if (!verdict.evidence.empty() && policy.id == verdict.evidence.front().policy) return &policy;
  }
  return nullptr;
}

std::size_t groups_of(const Verdict& verdict) {
  std::set<std::string_view> groups;
  for (const Evidence& evidence : verdict.evidence) {
    if (evidence.weight > 0) groups.insert(evidence.group.empty() ? evidence.rule : evidence.group);
  }
  return groups.size();
}

}  // namespace

std::vector<OtherVerdict> find_other_verdicts(PreparedMessage& message, const Snapshot& snapshot) {
  return Search(message, snapshot).run();
}

std::string hint_for(const Verdict& verdict, const Snapshot& snapshot) {
  if (!verdict.exempt_because.empty()) return exempt_note(verdict.exempt_because);
  if (verdict.level >= Level::pitch) return {};
  const Policy* policy = policy_of(verdict, snapshot);
  if (policy == nullptr) return "No rule held: there is nothing of a pitch in it.";
  std::string hint = "For a pitch it lacked ";
  if (verdict.score < verdict.threshold) {
    hint += format_score(verdict.threshold - verdict.score) + " points (" + format_score(verdict.score) +
            " of " + format_score(verdict.threshold) + ')';
  }
  const std::size_t groups = groups_of(verdict);
  if (groups >= policy->minimum_groups) return hint + '.';
  if (verdict.score < verdict.threshold) hint += " and ";
  return hint + "independent kinds of evidence (" + std::to_string(groups) + "; it takes " +
         std::to_string(policy->minimum_groups) + ", or " +
         std::to_string(policy->minimum_groups_with_strong) + " with a structural one).";
}

}  // namespace coldpitch
