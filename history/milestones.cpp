// SPDX-License-Identifier: MIT
#include "history/milestones.h"

#include <algorithm>
#include <chrono>

namespace coldpitch {
namespace {

using Moment = std::optional<Milestone>;

/// True when `later` is there and not before `earlier`. In the same second the kinder word wins: a correction is never lost.
bool is_ended_by(const Milestone& earlier, const Moment& later) {
  return later && later->time >= earlier.time;
}

Moment standing(const Moment& word, const Deeds& deeds) {
  if (!word || is_ended_by(*word, deeds.cleared) || is_ended_by(*word, deeds.outbound)) return std::nullopt;
  return word;
}

/// Keeps the later of the two; on a tie what was there.
void take_later(Moment& best, const Moment& candidate) {
  if (candidate && (!best || candidate->time > best->time)) best = candidate;
}

/// What stands against the person under any name. What was done towards the person counts for every name.
Moment standing_of_person(const Milestones& milestones, Moment Deeds::*word) {
  Moment best = standing(milestones.person.*word, milestones.person);
  for (const Deeds& alias : milestones.aliases) {
    const Moment told = standing(alias.*word, alias);
    take_later(best, standing(told, milestones.person));
  }
  return best;
}

bool is_touched_by_others(const Milestones& milestones, const ContactFacts& facts) {
  return !facts.cleared && !milestones.person.outbound;
}

void find_stop(const Milestones& milestones, ContactFacts& facts) {
  Moment stop = standing_of_person(milestones, &Deeds::stop);
  if (!stop && is_touched_by_others(milestones, facts)) {
    facts.stop_scope = StopScope::organisation;
    stop = standing(milestones.organisation.stop, milestones.organisation);
    if (!stop) {
      facts.stop_scope = StopScope::sibling;
      for (const Deeds& sibling : milestones.siblings) take_later(stop, standing(sibling.stop, sibling));
    }
  }
  if (!stop) {
    facts.stop_scope = StopScope::person;
    return;
  }
  facts.told_to_stop = stop->time;
  facts.stop_source = stop->source;
}

/// Cleared holds until our user refuses or reports the person.
void find_cleared(const Milestones& milestones, ContactFacts& facts) {
  const Deeds& person = milestones.person;
  if (!person.cleared) return;
  for (const Moment& word : {person.stop, person.reported}) {
    if (word && word->time > person.cleared->time) return;
  }
  facts.cleared = person.cleared->time;
  facts.cleared_proved = person.cleared->authenticated;
}

std::optional<TimePoint> time_of(const Moment& moment) {
  return moment ? std::optional(moment->time) : std::nullopt;
}

}  // namespace

std::optional<Milestone>* Deeds::of(EventKind kind) {
  switch (kind) {
    case EventKind::outbound:
      return &outbound;
    case EventKind::stop:
      return &stop;
    case EventKind::cleared:
      return &cleared;
    case EventKind::reported:
      return &reported;
    case EventKind::inbound:
    case EventKind::accepted:
      return nullptr;
  }
  return nullptr;
}

TimePoint answered_until(const Milestones& milestones, const ContactQuestion& question) {
  // An absent optional compares less than any present one.
  const TimePoint answered = std::max(time_of(milestones.person.outbound), time_of(milestones.person.cleared))
                                 .value_or(TimePoint::min());
  if (question.unanswered_since == TimePoint::min()) return answered;
  return std::max(answered, question.unanswered_since - std::chrono::seconds(1));
}

ContactFacts facts_from(const Milestones& milestones) {
  ContactFacts facts;
  facts.last_outbound =
      std::max(time_of(milestones.person.outbound), time_of(milestones.organisation.outbound));
  facts.accepted = time_of(milestones.accepted);
  find_cleared(milestones, facts);
  find_stop(milestones, facts);
  facts.reported = time_of(standing_of_person(milestones, &Deeds::reported));
  return facts;
}

bool is_pitch_verdict(std::string_view verdict) {
  return std::find(kPitchVerdicts.begin(), kPitchVerdicts.end(), verdict) != kPitchVerdicts.end();
}

}  // namespace coldpitch
