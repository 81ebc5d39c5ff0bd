// SPDX-License-Identifier: MIT
#include "milter/pipeline.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>
#include <unordered_set>
#include <utility>

#include "history/refusal.h"
#include "parsers/text.h"
#include "policies/subject_matter.h"

namespace coldpitch {
namespace {

/// Kinds of LinkedIn mail in which somebody unknown may offer something. All others pass untouched.
bool may_carry_a_pitch(LinkedInKind kind) {
  switch (kind) {
    case LinkedInKind::inmail:
    case LinkedInKind::direct_message:
    case LinkedInKind::invitation:
    case LinkedInKind::invitation_reminder:
    case LinkedInKind::sponsored:
      return true;
    case LinkedInKind::inmail_reply:
    case LinkedInKind::invitation_accepted:
    case LinkedInKind::recruiter_inmail:
    case LinkedInKind::digest:
    case LinkedInKind::newsletter:
    case LinkedInKind::job:
    case LinkedInKind::security:
    case LinkedInKind::group:
    case LinkedInKind::event:
    case LinkedInKind::marketing:
    case LinkedInKind::sales_tool:
    case LinkedInKind::other:
      return false;
  }
  return false;
}

Route::Category category_of(LinkedInKind kind) {
  if (kind == LinkedInKind::recruiter_inmail) return Route::Category::recruiters;
  return kind == LinkedInKind::event ? Route::Category::events : Route::Category::none;
}

bool has_trait(const Judgement& judgement, std::string_view name) {
  return find_trait(judgement.traits, name) != nullptr;
}

/// Which way the message came, and whether that settles it.
Route route_of(const Judgement& judgement, const Envelope& envelope, const Config& config) {
  if (!envelope.authenticated_user.empty()) return {Channel::outbound, "authenticated-user"};
  if (!envelope.client_address.empty() && config.is_internal_client(envelope.client_address)) {
    return {Channel::outbound, "internal-network"};
  }
  const Mailbox author = judgement.message.author();
  if (judgement.sender.authenticated && config.is_local_domain(author.domain))
    return {Channel::exempt, "own-domain"};
  if (has_trait(judgement, "bounce")) return {Channel::exempt, "bounce"};
  if (judgement.linkedin.authenticity == LinkedInAuthenticity::authentic) {
    const LinkedInKind kind = judgement.linkedin.kind;
    return {Channel::linkedin, may_carry_a_pitch(kind) ? "" : "linkedin-" + std::string(to_string(kind)),
            category_of(kind)};
  }
  // A mass mailer that signs itself may add a List-Id too; that does not make its mail a subscribed list.
  const bool self_hosted_bulk = has_trait(judgement, "bulk-mailer") || has_trait(judgement, "bulk-network");
  if (has_trait(judgement, "list-mail") && !self_hosted_bulk) return {Channel::list, ""};
  if (has_trait(judgement, "auto-generated")) return {Channel::exempt, "auto-generated"};
  return {Channel::direct, ""};
}

enum class SenderRule : std::uint8_t { none, allowed, blocked };

/// What the profile says of the sender: the more exact entry holds, `block` among equals.
SenderRule rule_for(const Profile& profile, const Mailbox& author, const SenderIdentity& sender) {
  if (profile.allow.empty() && profile.block.empty()) return SenderRule::none;
  constexpr std::string_view kPerson = "linkedin:profile:";
  const std::string address = to_ascii_lower(author.address());
  const auto rank_in = [&](const AddressMap& senders) {
    std::optional<AddressMap::Match> match;
    if (sender.person.starts_with(kPerson)) match = senders.find_person(sender.person.substr(kPerson.size()));
    if (!match) match = senders.find(address);
    return match ? match->rank : 0;
  };
  const std::size_t allowed = rank_in(profile.allow);
  const std::size_t blocked = rank_in(profile.block);
  if (blocked > 0 && blocked >= allowed) return SenderRule::blocked;
  return allowed > 0 ? SenderRule::allowed : SenderRule::none;
}

bool is_wanted(Route::Category category, const Profile& profile) {
  switch (category) {
    case Route::Category::recruiters:
      return profile.wants_recruiters;
    case Route::Category::events:
      return profile.wants_events;
    case Route::Category::none:
      break;
  }
  return true;
}

std::string user_key(const Memory& memory, std::string_view address) {
  return memory.keyring->key("user:" + to_ascii_lower(address));
}

std::optional<ContactFacts> ask_history(Judgement& judgement, const std::string& recipient,
                                        const Envelope& envelope, const Memory& memory) {
  if (!memory.available() || judgement.sender.person.empty()) return std::nullopt;
  ContactQuestion question;
  question.users = {user_key(memory, recipient)};
  question.person = judgement.contact_key;
  question.organisation = memory.keyring->key(judgement.sender.organisation);
  for (const auto* ids : {&judgement.message.references, &judgement.message.in_reply_to}) {
    for (const std::string& id : *ids) question.references.push_back(memory.keyring->key("message:" + id));
  }
  // Times are kept in seconds: what came earlier within this one counts as before.
  question.as_of = envelope.time + std::chrono::seconds(1);
  Result<std::vector<ContactFacts>> facts = memory.store->ask(question);
  if (facts && !facts->empty()) return facts->front();
  if (std::find(judgement.faults.begin(), judgement.faults.end(), "history") == judgement.faults.end()) {
    judgement.faults.emplace_back("history");
  }
  return std::nullopt;
}

/// The relationship that settles a message before any word is looked at, or "".
std::string_view relationship(const std::optional<ContactFacts>& facts, bool authenticated) {
  if (!facts || facts->told_to_stop) return {};
  if (facts->in_our_thread) return "in-our-thread";
  // Anybody may write "From: somebody you know"; only a proved address inherits what was earned.
  if (facts->cleared && authenticated) return "wanted";
  if (facts->last_outbound && authenticated) return "known-contact";
  return {};
}

Verdict exempt_verdict(const Route& route) {
  Verdict verdict;
  verdict.channel = route.channel;
  verdict.exempt_because = route.exempt_because;
  return verdict;
}

std::vector<Mailbox> mailboxes_of(const std::vector<std::string>& recipients) {
  std::vector<Mailbox> mailboxes;
  mailboxes.reserve(recipients.size());
  for (const std::string& recipient : recipients) mailboxes.push_back(parse_envelope_address(recipient));
  return mailboxes;
}

/// The addresses in To and Cc, lower case.
std::unordered_set<std::string> addresses_in_header(const Message& message) {
  std::unordered_set<std::string> addresses;
  for (const auto* list : {&message.to, &message.cc}) {
    for (const Mailbox& mailbox : *list) addresses.insert(to_ascii_lower(mailbox.address()));
  }
  return addresses;
}

Result<void> record_inbound(const Judgement& judgement, const Envelope& envelope, const Memory& memory) {
  if (judgement.sender.person.empty()) return {};
  Result<void> outcome;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    Event event;
    event.kind = EventKind::inbound;
    event.time = envelope.time;
    event.user = user_key(memory, recipient.address);
    event.person = judgement.contact_key;
    event.organisation = memory.keyring->key(judgement.sender.organisation);
    event.verdict = to_string(recipient.verdict.level);
    event.score = recipient.verdict.score;
    event.authenticated = judgement.sender.authenticated;
    if (Result<void> recorded = memory.store->record(std::move(event)); !recorded) outcome = recorded;
  }
  return outcome;
}

/// Mail that our user did not write to somebody of their own will, or wrote to be rid of them.
bool teaches_nothing(const Judgement& judgement) {
  constexpr std::array<std::string_view, 3> kNobodysWill{"auto-generated", "bounce", "list-mail"};
  return std::any_of(kNobodysWill.begin(), kNobodysWill.end(),
                     [&](std::string_view name) { return has_trait(judgement, name); }) ||
         is_refusal(judgement.message.quoted.human);
}

Result<void> record_outbound(const Judgement& judgement, const Envelope& envelope, const Config& config,
                             const Memory& memory) {
  if (envelope.envelope_sender.empty() || teaches_nothing(judgement)) return {};
  Result<void> outcome;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    const Mailbox mailbox = parse_envelope_address(recipient.address);
    if (mailbox.domain.empty() || config.is_local_domain(mailbox.domain)) continue;
    const SenderIdentity identity = identify_address(mailbox);
    Event event;
    event.kind = EventKind::outbound;
    event.time = envelope.time;
    event.user = user_key(memory, envelope.envelope_sender);
    event.person = memory.keyring->key(identity.person);
    event.organisation = memory.keyring->key(identity.organisation);
    event.message_id = memory.keyring->key(
        judgement.message.message_id.empty() ? "" : "message:" + judgement.message.message_id);
    event.authenticated = true;
    if (Result<void> recorded = memory.store->record(std::move(event)); !recorded) outcome = recorded;
  }
  return outcome;
}

}  // namespace

void choose_mildest(Judgement& judgement) {
  const auto milder = [](const RecipientVerdict& a, const RecipientVerdict& b) {
    if (a.action != b.action) return a.action < b.action;
    return a.verdict.level != b.verdict.level ? a.verdict.level < b.verdict.level
                                              : a.verdict.score < b.verdict.score;
  };
  const std::vector<RecipientVerdict>& all = judgement.recipients;
  judgement.mildest =
      static_cast<std::size_t>(std::min_element(all.begin(), all.end(), milder) - all.begin());
}

PreparedMessage::PreparedMessage(std::string_view octets, Envelope envelope, const Snapshot& snapshot,
                                 const Keyring* keyring)
    : envelope_(std::move(envelope)), snapshot_(snapshot) {
  const auto start = std::chrono::steady_clock::now();
  const Config& config = snapshot.config;
  Judgement& judgement = judgement_;
  judgement.message = parse_message(octets, config.limits);
  judgement.authentication = trusted_authentication(judgement.message.header(), config.trusted_authserv_ids);
  judgement.linkedin = read_linkedin(judgement.message, judgement.authentication, envelope_.envelope_sender,
                                     *snapshot.linkedin);
  if (judgement.linkedin.parts_differ) judgement.message.problems.add("linkedin-parts-differ");
  judgement.traits = find_outreach_traits(judgement.message, mailboxes_of(envelope_.recipients));
  judgement.sender = identify_sender(judgement.message, judgement.linkedin, judgement.authentication);
  visible_ = addresses_in_header(judgement.message);
  if (keyring != nullptr) judgement.contact_key = keyring->key(judgement.sender.person);

  route_ = route_of(judgement, envelope_, config);
  if (std::chrono::steady_clock::now() - start > config.limits.evaluation) {
    judgement.faults.emplace_back("evaluation-time");
    judgement.message.problems.add("evaluation-time");
    route_.exempt_because = "evaluation-time";
    route_.category = Route::Category::none;
  }
  judgement.channel = route_.channel;
  const bool judged = route_.exempt_because.empty() ||
                      std::any_of(config.profiles.begin(), config.profiles.end(),
                                  [this](const Profile& profile) { return is_judged_for(profile); });
  if (judged) look_through();
}

bool PreparedMessage::is_judged_for(const Profile& profile) const {
  return route_.exempt_because.empty() || !is_wanted(route_.category, profile);
}

/// The expressions are looked for once, for all recipients.
void PreparedMessage::look_through() {
  matter_ = make_subject_matter(judgement_.message, judgement_.linkedin, judgement_.traits, route_.channel);
  hits_ = snapshot_.engine->scan(*matter_);
  snapshot_.engine->add_offer_signals(*matter_, hits_, snapshot_.config.site);
  message_signals_ = matter_->signals;
}

const Judgement& PreparedMessage::judge(const Memory& memory) {
  judgement_.recipients.clear();
  for (const std::string& recipient : envelope_.recipients)
    judgement_.recipients.push_back(judge_for(recipient, memory));
  if (judgement_.recipients.empty()) judgement_.recipients.push_back(judge_for("", memory));
  choose_mildest(judgement_);
  return judgement_;
}

RecipientVerdict PreparedMessage::judge_for(const std::string& recipient, const Memory& memory) {
  RecipientVerdict result;
  result.address = recipient;
  result.visible = visible_.contains(to_ascii_lower(recipient));
  if (route_.channel != Channel::outbound)
    result.contact = ask_history(judgement_, recipient, envelope_, memory);
  result.verdict = what_if(recipient, result.contact);
  const Profile& profile = snapshot_.config.profile_for(to_ascii_lower(recipient));
  result.action = profile.action_for(result.verdict.level);
  result.language = profile.language;
  if (result.action == Mode::reject)
    result.refusal = snapshot_.messages.refusal(result.verdict, profile.language);
  return result;
}

Verdict PreparedMessage::what_if(std::string_view recipient, const std::optional<ContactFacts>& contact,
                                 const RuleIds& without, const std::optional<Thresholds>& thresholds) {
  const Profile& profile = snapshot_.config.profile_for(to_ascii_lower(recipient));
  if (!matter_ || !is_judged_for(profile)) return exempt_verdict(route_);
  if (profile.mode == Mode::off) return exempt_verdict({Channel::exempt, "profile-off", {}});
  const SenderRule rule = rule_for(profile, judgement_.message.author(), judgement_.sender);
  if (rule == SenderRule::allowed) return exempt_verdict({Channel::exempt, "allowed-sender", {}});
  if (rule == SenderRule::none) {
    const std::string_view known = relationship(contact, judgement_.sender.authenticated);
    if (!known.empty()) return exempt_verdict({route_.channel, std::string(known), {}});
  }
  matter_->signals = message_signals_;
  if (rule == SenderRule::blocked) matter_->signals.try_emplace("blocked-sender");
  if (profile.wants_recruiters) matter_->signals.try_emplace("wanted.recruiters");
  if (profile.wants_events) matter_->signals.try_emplace("wanted.events");
  add_contact_signals(*matter_, contact, envelope_.time);
  Verdict verdict =
      snapshot_.engine->judge(*matter_, hits_, thresholds.value_or(profile.thresholds), without);
  verdict.reason = snapshot_.messages.reason_line(verdict.reasons, profile.language);
  return verdict;
}

Judgement judge_message(std::string_view octets, const Envelope& envelope, const Snapshot& snapshot,
                        const Memory& memory) {
  PreparedMessage message(octets, envelope, snapshot, memory.keyring);
  message.judge(memory);
  return message.take();
}

Result<void> remember(const Judgement& judgement, const Envelope& envelope, const Snapshot& snapshot,
                      const Memory& memory) {
  if (!memory.available()) return {};
  if (judgement.channel == Channel::outbound)
    return record_outbound(judgement, envelope, snapshot.config, memory);
  if (judgement.channel == Channel::exempt) return {};
  return record_inbound(judgement, envelope, memory);
}

}  // namespace coldpitch
