// SPDX-License-Identifier: MIT
#include "milter/learning.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include "history/refusal.h"
#include "history/traces.h"
#include "milter/contact.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::array<std::pair<Lesson, std::string_view>, 3> kLessons{
    {{Lesson::pitch, "pitch"}, {Lesson::wanted, "wanted"}, {Lesson::stop, "stop"}}};

/// What a message of LinkedIn is to the history: a member writes, an invitation was accepted, or LinkedIn speaks.
std::optional<EventKind> kind_of(LinkedInKind kind) {
  switch (kind) {
    case LinkedInKind::inmail:
    case LinkedInKind::inmail_reply:
    case LinkedInKind::direct_message:
    case LinkedInKind::invitation:
    case LinkedInKind::sponsored:
    case LinkedInKind::recruiter_inmail:
      return EventKind::inbound;
    case LinkedInKind::invitation_accepted:
      return EventKind::accepted;
    // A reminder is LinkedIn's doing, no second message.
    case LinkedInKind::invitation_reminder:
    case LinkedInKind::digest:
    case LinkedInKind::newsletter:
    case LinkedInKind::job:
    case LinkedInKind::security:
    case LinkedInKind::group:
    case LinkedInKind::event:
    case LinkedInKind::marketing:
    case LinkedInKind::sales_tool:
    case LinkedInKind::other:
      return std::nullopt;
  }
  return std::nullopt;
}

/// Keeps the first error; a store that fails once may still take the rest.
void note(Result<void>& outcome, const Result<void>& result) {
  if (outcome && !result) outcome = result;
}

Result<void> record_inbound(const Judgement& judgement, const Envelope& envelope, const Memory& memory) {
  std::optional<EventKind> kind = EventKind::inbound;
  if (judgement.channel == Channel::linkedin) kind = kind_of(judgement.linkedin.kind);
  if (!kind || judgement.keys.person.empty()) return {};
  Event event;
  event.kind = *kind;
  event.time = envelope.time;
  event.person = judgement.keys.person;
  event.organisation = judgement.keys.organisation;
  event.message_id = judgement.keys.message_id;
  event.authenticated = judgement.sender.authenticated;
  event.traces = judgement.keys.traces();
  if (event.kind == EventKind::inbound) {
    event.routes = judgement.keys.routes;
    // One post to a list goes to many, and rightly so.
    if (judgement.channel != Channel::list) event.sketch = judgement.keys.sketch;
  }
  Result<void> outcome;
  for (const RecipientVerdict& recipient : judgement.recipients) {
    event.user = user_key(*memory.keyring, recipient.address);
    if (event.kind == EventKind::inbound) {
      event.verdict = to_string(recipient.verdict.level);
      event.score = recipient.verdict.score;
    }
    note(outcome, memory.store->record(event));
  }
  return outcome;
}

/// Somebody outside whom a message of our user concerns.
struct Target {
  std::string person, organisation;
  std::vector<std::string> traces;
};

/// One outside recipient of a message our user wrote.
struct Addressee {
  Mailbox mailbox;
  Target self;  ///< as the address names them
  std::optional<Target>
      tied;  ///< who wrote the message that is answered by writing here, when that is somebody else
  bool is_answered = false;  ///< the message answers mail of theirs
  bool is_list = false;
};

bool contains(const std::vector<std::string>& list, const std::string& key) {
  return std::find(list.begin(), list.end(), key) != list.end();
}

void add_traces(Target& target, const std::vector<std::string>& traces) {
  for (const std::string& trace : traces) {
    if (!contains(target.traces, trace)) target.traces.push_back(trace);
  }
}

/// What one message of our user teaches.
class OutboundLesson {
 public:
  OutboundLesson(const Judgement& judgement, const Envelope& envelope, const Config& config,
                 const Memory& memory)
      : judgement_(judgement), envelope_(envelope), config_(config), memory_(memory) {}

  Result<void> record() {
    if (envelope_.envelope_sender.empty() || is_nobodys_will()) return {};
    const Refusal refusal = find_refusal();
    Result<void> outcome;
    for (const std::string& user : users()) {
      user_ = user;
      Result<std::vector<Addressee>> addressees = find_addressees();
      if (!addressees) {
        note(outcome, tl::unexpected(addressees.error()));
        continue;
      }
      note(outcome,
           refusal == Refusal::none ? record_contact(*addressees) : record_stop(*addressees, refusal));
    }
    return outcome;
  }

 private:
  [[nodiscard]] bool is_nobodys_will() const {
    constexpr std::array<std::string_view, 3> kNobodysWill{"auto-generated", "bounce", "list-mail"};
    return std::any_of(kNobodysWill.begin(), kNobodysWill.end(),
                       [&](std::string_view name) { return find_trait(judgement_.traits, name) != nullptr; });
  }

  [[nodiscard]] Refusal find_refusal() const {
    const Message& message = judgement_.message;
    if (is_unsubscribe_request(message.subject, message.quoted.human)) return Refusal::firm;
    return read_refusal(message.quoted.human);
  }

  /// Keys under which the writer gets answers: the envelope sender, and the address people see where it is another one of ours.
  [[nodiscard]] std::vector<std::string> users() const {
    std::vector<std::string> users = {user_key(*memory_.keyring, envelope_.envelope_sender)};
    const Mailbox author = judgement_.message.author();
    if (config_.is_local_domain(author.domain)) {
      std::string seen = user_key(*memory_.keyring, author.address());
      if (seen != users.front()) users.push_back(std::move(seen));
    }
    return users;
  }

  [[nodiscard]] std::string key(std::string_view word) const { return memory_.keyring->key(word); }

  [[nodiscard]] Target target_of(const Mailbox& mailbox) const {
    const SenderIdentity identity = identify_address(mailbox);
    Target target{key(identity.person), key(identity.organisation), {}};
    const bool is_member = mailbox.domain == kLinkedInReplyDomain;
    const std::string brand = is_member ? std::string() : brand_of(mailbox.domain);
    if (!brand.empty()) target.traces.push_back(key(brand));
    return target;
  }

  Result<std::vector<Addressee>> find_addressees() {
    std::vector<Addressee> addressees;
    ThreadQuestion question;
    question.user = user_;
    question.message_ids = judgement_.keys.references;
    question.as_of = envelope_.time + std::chrono::seconds(1);
    for (const RecipientVerdict& recipient : judgement_.recipients) {
      Addressee addressee;
      addressee.mailbox = parse_envelope_address(recipient.address);
      if (addressee.mailbox.domain.empty() || config_.is_local_domain(addressee.mailbox.domain)) continue;
      if (is_unsubscribe_address(addressee.mailbox)) continue;
      addressee.self = target_of(addressee.mailbox);
      question.routes.push_back(key(reply_route(addressee.mailbox)));
      question.routes.push_back(key(list_route(addressee.mailbox)));
      addressees.push_back(std::move(addressee));
    }
    if (addressees.empty()) return addressees;
    const Result<std::vector<Correspondent>> found = memory_.store->find_correspondents(question);
    if (!found) return tl::unexpected(found.error());
    for (Addressee& addressee : addressees) tie(addressee, *found);
    return addressees;
  }

  void tie(Addressee& addressee, const std::vector<Correspondent>& correspondents) const {
    const std::string route = key(reply_route(addressee.mailbox));
    const std::string list = key(list_route(addressee.mailbox));
    for (const Correspondent& author : correspondents) {
      if (author.asked == list) addressee.is_list = true;
      if (author.person == addressee.self.person) {
        addressee.is_answered = true;
        add_traces(addressee.self, author.traces);
      }
      if (author.asked != route && !stands_for(addressee, author)) continue;
      addressee.is_answered = true;
      if (author.person == addressee.self.person || addressee.tied) continue;
      addressee.tied = Target{author.person, author.organisation, author.traces};
    }
  }

  /// True when whoever wrote the answered message may well read mail at `addressee`, though they gave another address. Somebody who is only
  /// asked for advice on it does not.
  [[nodiscard]] bool stands_for(const Addressee& addressee, const Correspondent& author) const {
    if (!contains(judgement_.keys.references, author.asked)) return false;
    if (addressee.mailbox.domain == kLinkedInReplyDomain) return true;
    const Target& self = addressee.self;
    if (!self.organisation.empty() && self.organisation == author.organisation) return true;
    return std::any_of(self.traces.begin(), self.traces.end(),
                       [&](const std::string& trace) { return contains(author.traces, trace); });
  }

  [[nodiscard]] Event event_for(EventKind kind, const Target& target) const {
    Event event;
    event.kind = kind;
    event.time = envelope_.time;
    event.user = user_;
    event.person = target.person;
    event.organisation = target.organisation;
    event.message_id = judgement_.keys.message_id;
    event.authenticated = true;
    event.traces = target.traces;
    return event;
  }

  Result<void> record_contact(const std::vector<Addressee>& addressees) {
    Result<void> outcome;
    for (const Addressee& addressee : addressees) {
      if (addressee.is_list) continue;
      note(outcome, memory_.store->record(event_for(EventKind::outbound, addressee.self)));
      if (!addressee.tied) continue;
      // An answer that goes to a stranger's address makes a stranger known, not the one whose name was in From.
      const bool is_same = addressee.mailbox.domain == kLinkedInReplyDomain ||
                           (!addressee.tied->organisation.empty() &&
                            addressee.tied->organisation == addressee.self.organisation);
      if (is_same) note(outcome, memory_.store->record(event_for(EventKind::outbound, *addressee.tied)));
    }
    return outcome;
  }

  /// Whom a refusal is meant for: the author of what it answers; without a stored one the only one it is written to. Others who get a copy
  /// are not told to go away.
  [[nodiscard]] std::vector<const Addressee*> refused(const std::vector<Addressee>& addressees) const {
    std::vector<const Addressee*> refused;
    for (const Addressee& addressee : addressees) {
      if (addressee.is_answered && !addressee.is_list) refused.push_back(&addressee);
    }
    if (!refused.empty()) return refused;
    for (const Addressee& addressee : addressees) {
      const std::string address = to_ascii_lower(addressee.mailbox.address());
      const bool is_addressed =
          std::any_of(judgement_.message.to.begin(), judgement_.message.to.end(),
                      [&](const Mailbox& mailbox) { return to_ascii_lower(mailbox.address()) == address; });
      if (is_addressed && !addressee.is_list) refused.push_back(&addressee);
    }
    if (refused.size() > 1) refused.clear();
    return refused;
  }

  Result<void> record_stop(const std::vector<Addressee>& addressees, Refusal refusal) {
    Result<void> outcome;
    for (const Addressee* addressee : refused(addressees)) {
      const Target& target = addressee->tied ? *addressee->tied : addressee->self;
      const Result<bool> meant = is_meant(target, refusal);
      if (!meant) {
        note(outcome, tl::unexpected(meant.error()));
        continue;
      }
      if (!*meant) continue;
      note(outcome, memory_.store->record(event_for(EventKind::stop, addressee->self)));
      if (!addressee->tied) continue;
      Target both = *addressee->tied;
      add_traces(both, addressee->self.traces);
      note(outcome, memory_.store->record(event_for(EventKind::stop, both)));
    }
    return outcome;
  }

  /// "No thanks" to somebody we write with, who never pitched, turns down one thing and not the person. And who never wrote to us cannot be
  /// told to stop.
  Result<bool> is_meant(const Target& target, Refusal refusal) {
    ContactKeys keys;
    keys.person = target.person;
    keys.organisation = target.organisation;
    const Result<std::vector<ContactFacts>> answer =
        memory_.store->ask(make_question(keys, {user_}, envelope_.time, config_.history));
    if (!answer) return tl::unexpected(answer.error());
    const ContactFacts& facts = answer->front();
    const bool is_answer = !judgement_.keys.references.empty() || facts.inbound > 0;
    if (!is_answer) return false;
    if (refusal == Refusal::firm) return true;
    const bool is_known = (facts.last_outbound && facts.pitches == 0) || facts.cleared;
    return !is_known;
  }

  const Judgement& judgement_;
  const Envelope& envelope_;
  const Config& config_;
  const Memory& memory_;
  std::string user_;
};

}  // namespace

Result<void> remember(const Judgement& judgement, const Envelope& envelope, const Snapshot& snapshot,
                      const Memory& memory) {
  if (!memory.available()) return {};
  if (judgement.channel == Channel::outbound)
    return OutboundLesson(judgement, envelope, snapshot.config, memory).record();
  if (judgement.channel == Channel::exempt) return {};
  return record_inbound(judgement, envelope, memory);
}

std::string_view to_string(Lesson lesson) {
  for (const auto& [value, name] : kLessons) {
    if (value == lesson) return name;
  }
  return "";
}

std::optional<Lesson> lesson_from(std::string_view name) {
  for (const auto& [value, known] : kLessons) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Result<Event> learn(std::string_view octets, Lesson lesson, std::string_view recipient, TimePoint now,
                    const Snapshot& snapshot, const Memory& memory) {
  if (!memory.available())
    return tl::unexpected(Error{Code::permanent, 0, "there is no history to learn into"});
  const Mailbox local = parse_envelope_address(recipient);
  if (local.local_part.empty() || local.domain.empty()) {
    return tl::unexpected(Error{Code::syntax, 0, "the recipient is no mail address"});
  }
  const Config& config = snapshot.config;
  const Message message = parse_message(octets, config.limits);
  Authentication authentication = trusted_authentication(message.header(), config.trusted_authserv_ids);
  // A site that verifies here has nobody's word to take.
  if (snapshot.dkim && octets.size() <= config.limits.message_octets) {
    add_authentication(authentication, snapshot.dkim->verify(octets));
  }
  const LinkedInMail linkedin = read_linkedin(message, authentication, "", *snapshot.linkedin);
  const SenderIdentity sender = identify_sender(message, linkedin, authentication);
  if (sender.person.empty()) return tl::unexpected(Error{Code::syntax, 0, "the message names no sender"});
  const ContactKeys keys = make_contact_keys(message, linkedin, sender, *memory.keyring);
  Event event;
  event.kind = lesson == Lesson::pitch    ? EventKind::reported
               : lesson == Lesson::wanted ? EventKind::cleared
                                          : EventKind::stop;
  event.time = now;
  event.user = user_key(*memory.keyring, local.address());
  event.person = keys.person;
  event.organisation = keys.organisation;
  event.message_id = keys.message_id;
  event.authenticated = sender.authenticated;
  event.source = EventSource::user;
  event.traces = keys.traces();
  if (Result<void> recorded = memory.store->record(event); !recorded) return tl::unexpected(recorded.error());
  if (Result<void> written = memory.store->flush(); !written) return tl::unexpected(written.error());
  return event;
}

}  // namespace coldpitch
