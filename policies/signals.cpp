// SPDX-License-Identifier: MIT
#include "policies/signals.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <string_view>
#include <utility>

namespace coldpitch {
namespace {

/// Sorted; LinkedIn's kinds are added by known_signals().
constexpr std::array kSignalNames = std::to_array<std::string_view>({
    "accepted-recently",
    "attachment",
    "authenticated",
    "auto-generated",
    "blocked-sender",
    "bounce",
    "bulk-mail",
    "bulk-mailer",
    "bulk-message-id",
    "bulk-network",
    "calendar-link",
    "empty-greeting",
    "empty-references",
    "fake-reply",
    "first-contact",
    "freemail-sender",
    "genuine-reply",
    "gmail-api",
    "greeting-from-address",
    "history-unknown",
    "in-our-thread",
    "known-contact",
    "linkedin.forged",
    "linkedin.no-human-text",
    "linkedin.unproved",
    "list-mail",
    "list-unsubscribe",
    "long-text",
    "many-links",
    "never-answered-here",
    "no-links",
    "offer-bought",
    "offer-is-ours",
    "offer-not-bought",
    "offer-not-for-us",
    "offer.",
    "opt-out-by-reply",
    "organisation-told-to-stop",
    "patch",
    "problem.",
    "receipt-like",
    "reply-to-elsewhere",
    "reported-as-pitch",
    "returned-after-stop",
    "role-recipient",
    "sales-tool-link",
    "same-text-to-many",
    "sender-domain-affix",
    "short-text",
    "template-residue",
    "text-model.likely",
    "text-model.ordinary",
    "text-model.pitch",
    "text-model.quite-likely",
    "text-model.quite-unlikely",
    "text-model.unlikely",
    "text-model.very-likely",
    "text-model.very-unlikely",
    "told-to-stop",
    "tracking-pixel",
    "unanswered-follow-up",
    "unanswered-pitch",
    "undisclosed-recipients",
    "very-long-text",
    "wanted.events",
    "wanted.recruiters",
    "warm-up",
});

constexpr std::array kLinkedInKinds{
    LinkedInKind::inmail,
    LinkedInKind::inmail_reply,
    LinkedInKind::direct_message,
    LinkedInKind::invitation,
    LinkedInKind::invitation_reminder,
    LinkedInKind::invitation_accepted,
    LinkedInKind::sponsored,
    LinkedInKind::recruiter_inmail,
    LinkedInKind::digest,
    LinkedInKind::newsletter,
    LinkedInKind::job,
    LinkedInKind::security,
    LinkedInKind::group,
    LinkedInKind::event,
    LinkedInKind::marketing,
    LinkedInKind::sales_tool,
    LinkedInKind::other,
};

/// As the traits of the same names count (parsers/outreach.h).
constexpr std::size_t kShortTextWords = 12;
constexpr std::size_t kLongTextWords = 400;
constexpr std::size_t kVeryLongTextWords = 1000;

std::string kind_signal(LinkedInKind kind) { return "linkedin." + std::string(to_string(kind)); }

std::vector<std::string> make_known_signals() {
  std::vector<std::string> names(kSignalNames.begin(), kSignalNames.end());
  for (const LinkedInKind kind : kLinkedInKinds) names.push_back(kind_signal(kind));
  std::sort(names.begin(), names.end());
  return names;
}

void add(SubjectMatter& matter, std::string name, std::string where, std::string detail = {}) {
  matter.signals.try_emplace(std::move(name), Signal{std::move(where), {}, std::move(detail)});
}

bool is_inside(const Span& inner, const Span& outer) {
  return inner.begin >= outer.begin && inner.end <= outer.end;
}

/// LinkedIn's own frame around the words, and its header fields, are no doing of the sender.
bool is_of_linkedin_frame(const Trait& trait, const LinkedInMail& linkedin) {
  static constexpr std::array<std::string_view, 4> kOfWholeMail{"short-text", "long-text", "very-long-text",
                                                                "many-links"};
  if (std::find(kOfWholeMail.begin(), kOfWholeMail.end(), trait.name) != kOfWholeMail.end()) return true;
  if (trait.where == "subject") return !linkedin.subject_is_human;
  // Links lead elsewhere than to LinkedIn, but the pixel is its own.
  if (trait.where == "links") return trait.name == "tracking-pixel";
  if (trait.where != "body" || trait.span.size() == 0) return true;
  return !linkedin.human_text || !is_inside(trait.span, *linkedin.human_text);
}

void add_traits(SubjectMatter& matter, const LinkedInMail& linkedin, const std::vector<Trait>& traits) {
  for (const Trait& trait : traits) {
    if (matter.channel == Channel::linkedin && is_of_linkedin_frame(trait, linkedin)) continue;
    matter.signals.try_emplace(trait.name, Signal{trait.where, trait.span, trait.detail});
  }
}

void add_length_of_linkedin_words(SubjectMatter& matter) {
  const auto human = matter.fields.find("human");
  if (human == matter.fields.end()) return;
  const std::string& folded = human->second.folded;
  const auto words = static_cast<std::size_t>(std::count(folded.begin(), folded.end(), ' ')) + 1;
  if (words < kShortTextWords) add(matter, "short-text", "body");
  if (words > kLongTextWords) add(matter, "long-text", "body");
  if (words > kVeryLongTextWords) add(matter, "very-long-text", "body");
}

void add_linkedin(SubjectMatter& matter, const LinkedInMail& linkedin) {
  switch (linkedin.authenticity) {
    case LinkedInAuthenticity::unrelated:
      return;
    case LinkedInAuthenticity::forged:
      add(matter, "linkedin.forged", "header");
      return;
    case LinkedInAuthenticity::unknown:
      add(matter, "linkedin.unproved", "header");
      return;
    case LinkedInAuthenticity::authentic:
      break;
  }
  add(matter, "authenticated", "header");
  add(matter, kind_signal(linkedin.kind), "header");
  if (!linkedin.human_text) add(matter, "linkedin.no-human-text", "body");
}

bool has_own_links(const SubjectMatter& matter, const Message& message, const LinkedInMail& linkedin) {
  if (matter.channel != Channel::linkedin) return !message.links.empty();
  if (!linkedin.human_text) return false;
  return std::any_of(message.links.begin(), message.links.end(), [&](const Link& link) {
    return !link.hidden && is_inside(link.text, *linkedin.human_text);
  });
}

std::string date_of(TimePoint time) { return format_rfc3339(time).substr(0, 10); }

/// "2 unanswered since 2022-02-08".
std::string unanswered_text(std::size_t count, const std::optional<TimePoint>& since) {
  std::string text = std::to_string(count) + " unanswered";
  if (since) text += " since " + date_of(*since);
  return text;
}

bool is_recent(TimePoint time, TimePoint now, std::chrono::seconds window) {
  return time <= now && now - time <= window;
}

using Tell = const std::function<void(const char* name, std::string detail)>&;

/// What our user said of the sender, or did.
void tell_relationship(const ContactFacts& facts, TimePoint now, const ContactSettings& settings, Tell tell) {
  if (facts.told_to_stop) {
    const std::string date = date_of(*facts.told_to_stop);
    tell(facts.stop_scope == StopScope::person ? "told-to-stop" : "organisation-told-to-stop", date);
    if (now - *facts.told_to_stop >= settings.return_after) tell("returned-after-stop", date);
  } else if (facts.last_outbound || facts.cleared) {
    tell("known-contact", "");
  }
  if (facts.reported) tell("reported-as-pitch", date_of(*facts.reported));
  if (facts.accepted && is_recent(*facts.accepted, now, settings.accepted)) {
    tell("accepted-recently", date_of(*facts.accepted));
  }
}

}  // namespace

void add_message_signals(SubjectMatter& matter, const Message& message, const LinkedInMail& linkedin,
                         const std::vector<Trait>& traits) {
  add_traits(matter, linkedin, traits);
  add_linkedin(matter, linkedin);
  if (matter.channel == Channel::linkedin) add_length_of_linkedin_words(matter);
  if (!has_own_links(matter, message, linkedin)) add(matter, "no-links", "body");
  for (const std::string& problem : message.problems.names()) add(matter, "problem." + problem, "header");
}

void add_identity_signals(SubjectMatter& matter, const SenderIdentity& identity) {
  if (identity.authenticated) add(matter, "authenticated", "header");
}

void add_contact_signals(SubjectMatter& matter, const std::optional<ContactFacts>& facts, TimePoint now,
                         const ContactSettings& settings) {
  const auto tell = [&matter](const char* name, std::string detail) {
    add(matter, name, "history", std::move(detail));
  };
  if (!facts) return tell("history-unknown", "");
  if (facts->first_contact()) tell("first-contact", "");
  tell_relationship(*facts, now, settings, tell);
  if (facts->unanswered > 0) {
    tell("unanswered-follow-up", unanswered_text(facts->unanswered, facts->first_inbound));
  }
  if (facts->unanswered_pitches > 0) {
    tell("unanswered-pitch", unanswered_text(facts->unanswered_pitches, facts->first_inbound));
  }
  if (facts->in_our_thread) tell("in-our-thread", "");
  if (facts->same_text_to >= settings.same_text_recipients) {
    tell("same-text-to-many", std::to_string(facts->same_text_to));
  }
  if (facts->wrote_here && !facts->answered_here) tell("never-answered-here", "");
}

const std::vector<std::string>& known_signals() {
  static const std::vector<std::string> names = make_known_signals();
  return names;
}

}  // namespace coldpitch
