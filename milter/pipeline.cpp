// SPDX-License-Identifier: MIT
#include "milter/pipeline.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <unordered_set>
#include <utility>

#include "parsers/text.h"
#include "policies/subject_matter.h"
#include "policies/text_signals.h"

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

/// Kinds in which a member writes that our user, or a recruiter, is in touch with: for them the user's own word may stand.
bool may_be_refused(LinkedInKind kind) {
  return kind == LinkedInKind::inmail_reply || kind == LinkedInKind::recruiter_inmail;
}

bool has_trait(const Judgement& judgement, std::string_view name) {
  return find_trait(judgement.traits, name) != nullptr;
}

/// What makes a message one of our own users', or "".
std::string_view outbound_because(const Envelope& envelope, const Config& config) {
  if (!envelope.authenticated_user.empty()) return "authenticated-user";
  const std::string& client = envelope.client_address;
  return !client.empty() && config.is_internal_client(client) ? "internal-network" : "";
}

/// What a List-Id field says (RFC 2919): the id in its brackets, lower case; "" when there is none.
std::string list_id_of(const Message& message) {
  std::string_view body = message.header().get("List-Id");
  if (const std::size_t open = body.rfind('<'); open != std::string_view::npos) {
    body = body.substr(open + 1);
    body = body.substr(0, body.find('>'));
  }
  return to_ascii_lower(trim(body));
}

/// The null sender is what makes a bounce (RFC 5321 §4.5.5); without an envelope its looks must do.
bool is_bounce(const Judgement& judgement, const Envelope& envelope) {
  return has_trait(judgement, "bounce") && (!envelope.known || envelope.envelope_sender.empty());
}

/// Which way the message came, and whether that settles it.
Route route_of(const Judgement& judgement, const Envelope& envelope, const Config& config) {
  const std::string_view outbound = outbound_because(envelope, config);
  if (!outbound.empty()) return {Channel::outbound, std::string(outbound)};
  const Mailbox author = judgement.message.author();
  if (judgement.sender.authenticated && config.is_local_domain(author.domain))
    return {Channel::exempt, "own-domain"};
  if (is_bounce(judgement, envelope)) return {Channel::exempt, "bounce"};
  if (judgement.linkedin.authenticity == LinkedInAuthenticity::authentic) {
    const LinkedInKind kind = judgement.linkedin.kind;
    return {Channel::linkedin, may_carry_a_pitch(kind) ? "" : "linkedin-" + std::string(to_string(kind)),
            category_of(kind), may_be_refused(kind)};
  }
  if (config.is_known_list(list_id_of(judgement.message))) return {Channel::list, "subscribed-list"};
  // A mass mailer that signs itself may add a List-Id too; that does not make its mail a subscribed list.
  const bool self_hosted_bulk = has_trait(judgement, "bulk-mailer") || has_trait(judgement, "bulk-network");
  if (!config.lists && has_trait(judgement, "list-mail") && !self_hosted_bulk) return {Channel::list, ""};
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

/// Whether a policy in force looks at mail of `channel`. If none does, a verdict says nothing, whatever stands in the message.
bool is_looked_at(const Engine& engine, Channel channel) {
  const std::vector<Policy>& policies = engine.policies();
  return std::any_of(policies.begin(), policies.end(), [channel](const Policy& policy) {
    return std::find(policy.channels.begin(), policy.channels.end(), channel) != policy.channels.end();
  });
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
                                 const Keyring* keyring, Pacing pacing)
    : envelope_(std::move(envelope)), snapshot_(snapshot), pacing_(std::move(pacing)) {
  start_timing();
  read(octets, keyring);
  route_ = route_of(judgement_, envelope_, snapshot_.config);
  judgement_.channel = route_.channel;
  note_lateness();
  stop_timing();
}

void PreparedMessage::read(std::string_view octets, const Keyring* keyring) {
  const Config& config = snapshot_.config;
  Judgement& judgement = judgement_;
  StageClock clock(judgement.stage_times);
  judgement.message = parse_message(octets, config.limits);
  judgement.authentication = trusted_authentication(judgement.message.header(), config.trusted_authserv_ids);
  clock.end(Stage::parse);
  if (is_verified_here(octets)) {
    verify_here(octets);
    clock.end(Stage::verify);
  }
  judgement.linkedin = read_linkedin(judgement.message, judgement.authentication, envelope_.envelope_sender,
                                     *snapshot_.linkedin);
  if (judgement.linkedin.parts_differ) judgement.message.problems.add("linkedin-parts-differ");
  judgement.traits = find_outreach_traits(judgement.message, mailboxes_of(envelope_.recipients));
  judgement.sender = identify_sender(judgement.message, judgement.linkedin, judgement.authentication);
  visible_ = addresses_in_header(judgement.message);
  if (keyring != nullptr) {
    judgement.keys = make_contact_keys(judgement.message, judgement.linkedin, judgement.sender, *keyring);
    // Nobody asks whether our own users, or nobody, wrote the same to many.
    if (!judgement.keys.person.empty() && outbound_because(envelope_, config).empty()) {
      judgement.keys.sketch = sketch_words(judgement.message, judgement.linkedin, *keyring);
    }
  }
  clock.end(Stage::parse);
}

/// Time counts while the message is read and judged, not in between, nor while somebody asks what_if().
void PreparedMessage::start_timing() {
  start_ = pacing_.now() - spent_;
  is_timed_ = true;
}

void PreparedMessage::stop_timing() {
  spent_ = pacing_.now() - start_;
  is_timed_ = false;
}

bool PreparedMessage::is_late() const {
  return is_timed_ && pacing_.now() - start_ > snapshot_.config.limits.evaluation;
}

/// After the first time nothing of the message is judged.
bool PreparedMessage::note_lateness() {
  constexpr std::string_view kLate = "evaluation-time";
  if (route_.exempt_because == kLate) return true;
  if (!is_late()) return false;
  judgement_.faults.emplace_back(kLate);
  judgement_.message.problems.add(kLate);
  route_.exempt_because = kLate;
  route_.category = Route::Category::none;
  route_.unless_refused = false;
  return true;
}

void PreparedMessage::look_ahead() {
  const std::vector<Profile>& profiles = snapshot_.config.profiles;
  const bool judged = route_.exempt_because.empty() ||
                      std::any_of(profiles.begin(), profiles.end(), [this](const Profile& profile) {
                        return is_judged_for(profile, std::nullopt);
                      });
  if (judged && !matter_ && is_looked_at(*snapshot_.engine, route_.channel)) look_through();
}

bool PreparedMessage::is_judged_for(const Profile& profile,
                                    const std::optional<ContactFacts>& contact) const {
  return route_.exempt_because.empty() || !is_wanted(route_.category, profile) ||
         (route_.unless_refused && stands_against(contact));
}

/// Whether the site wants signatures of inbound mail verified. A message that was cut cannot verify.
bool PreparedMessage::is_verified_here(std::string_view octets) const {
  const bool is_whole = octets.size() <= snapshot_.config.limits.message_octets;
  return snapshot_.dkim && is_whole && outbound_because(envelope_, snapshot_.config).empty();
}

/// Waiting for name servers is not judging.
void PreparedMessage::verify_here(std::string_view octets) {
  const auto start = pacing_.now();
  const Authentication verified = [&] {
    const JudgingTurns::Break waiting(pacing_.turn);
    return snapshot_.dkim->verify(octets);
  }();
  if (verified.dkim == "temperror") judgement_.faults.emplace_back("dkim-key");
  add_authentication(judgement_.authentication, verified);
  start_ += pacing_.now() - start;
}

/// The expressions are looked for once, for all recipients.
void PreparedMessage::look_through() {
  StageClock clock(judgement_.stage_times);
  matter_ = make_subject_matter(judgement_.message, judgement_.linkedin, judgement_.traits, route_.channel);
  if (snapshot_.text_model && !note_lateness()) add_text_signals(*matter_, *snapshot_.text_model);
  if (!note_lateness()) hits_ = snapshot_.engine->scan(*matter_, [this] { return is_late(); });
  if (!note_lateness()) snapshot_.engine->add_offer_signals(*matter_, hits_, snapshot_.config.site);
  message_signals_ = std::move(matter_->signals);  // what_if() puts them back
  clock.end(Stage::match);
}

const Judgement& PreparedMessage::judge(const Memory& memory) {
  start_timing();
  judgement_.recipients.clear();
  StageTimes& times = judgement_.stage_times;
  StageClock clock(times);
  const std::vector<ContactFacts> contacts = ask_history(memory);
  if (memory.available()) clock.end(Stage::history);
  const auto match = static_cast<std::size_t>(Stage::match);
  const auto matched_before = times[match];
  const std::vector<std::string> nobody = {""};
  const std::vector<std::string>& recipients = envelope_.recipients.empty() ? nobody : envelope_.recipients;
  for (std::size_t i = 0; i < recipients.size(); ++i) {
    note_lateness();
    judgement_.recipients.push_back(
        judge_for(recipients[i], i < contacts.size() ? std::optional(contacts[i]) : std::nullopt));
  }
  stop_timing();
  choose_mildest(judgement_);
  clock.end(Stage::judge);
  // The words are looked at when the first recipient needs it.
  times[static_cast<std::size_t>(Stage::judge)] -= times[match] - matched_before;
  return judgement_;
}

/// One for each recipient; none at all when there is no history, or it does not answer.
std::vector<ContactFacts> PreparedMessage::ask_history(const Memory& memory) {
  if (!memory.available() || judgement_.keys.person.empty() || route_.channel == Channel::outbound) return {};
  std::vector<std::string> users;
  for (const std::string& recipient : envelope_.recipients)
    users.push_back(user_key(*memory.keyring, recipient));
  if (users.empty()) users.emplace_back();
  const ContactQuestion question =
      make_question(judgement_.keys, std::move(users), envelope_.time, snapshot_.config.history);
  const auto start = pacing_.now();
  Result<std::vector<ContactFacts>> facts = [&] {
    const JudgingTurns::Break waiting(pacing_.turn);
    return memory.store->ask(question);
  }();
  start_ += pacing_.now() - start;
  if (facts) return std::move(*facts);
  judgement_.faults.emplace_back("history");
  return {};
}

RecipientVerdict PreparedMessage::judge_for(const std::string& recipient,
                                            std::optional<ContactFacts> contact) {
  RecipientVerdict result;
  result.address = recipient;
  result.visible = visible_.contains(to_ascii_lower(recipient));
  result.contact = std::move(contact);
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
  if (!is_judged_for(profile, contact)) return exempt_verdict(route_);
  if (profile.mode == Mode::off) return exempt_verdict({Channel::exempt, "profile-off", {}});
  const SenderRule rule = rule_for(profile, judgement_.message.author(), judgement_.sender);
  if (rule == SenderRule::allowed) return exempt_verdict({Channel::exempt, "allowed-sender", {}});
  if (rule == SenderRule::none) {
    const std::string_view known = relationship(contact, judgement_.sender.authenticated);
    if (!known.empty()) return exempt_verdict({route_.channel, std::string(known), {}});
  }
  if (!is_looked_at(*snapshot_.engine, route_.channel)) return exempt_verdict({route_.channel, {}, {}});
  if (!matter_) look_through();
  if (!is_judged_for(profile, contact)) return exempt_verdict(route_);  // it took too long
  matter_->signals = message_signals_;
  if (rule == SenderRule::blocked) matter_->signals.try_emplace("blocked-sender");
  if (profile.wants_recruiters) matter_->signals.try_emplace("wanted.recruiters");
  if (profile.wants_events) matter_->signals.try_emplace("wanted.events");
  add_contact_signals(*matter_, contact, envelope_.time, snapshot_.config.history.contact);
  Verdict verdict =
      snapshot_.engine->judge(*matter_, hits_, thresholds.value_or(profile.thresholds), without);
  verdict.reason = snapshot_.messages.reason_line(verdict.reasons, profile.language);
  return verdict;
}

Judgement judge_message(std::string_view octets, const Envelope& envelope, const Snapshot& snapshot,
                        const Memory& memory, Pacing pacing) {
  PreparedMessage message(octets, envelope, snapshot, memory.keyring, std::move(pacing));
  message.judge(memory);
  return message.take();
}

}  // namespace coldpitch
