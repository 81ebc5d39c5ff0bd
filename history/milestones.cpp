// SPDX-License-Identifier: MIT
#include "history/milestones.h"

#include <algorithm>
#include <chrono>

namespace coldpitch {
namespace {

using Moment = std::optional<TimePoint>;

/// The stop, unless what came after it ended it. "Cleared" in the same second wins: a correction is never lost.
Moment standing_stop(Moment stop, Moment cleared, Moment outbound) {
  constexpr std::chrono::seconds kRefusal{1};
  if (!stop) return std::nullopt;
  if (cleared && *cleared >= *stop) return std::nullopt;
  if (outbound && *outbound > *stop + kRefusal) return std::nullopt;
  return stop;
}

}  // namespace

TimePoint answered_until(const Milestones& milestones) {
  // An absent optional compares less than any present one.
  return std::max(milestones.outbound_to_person, milestones.cleared_person).value_or(TimePoint::min());
}

ContactFacts facts_from(const Milestones& milestones) {
  ContactFacts facts;
  facts.last_outbound = std::max(milestones.outbound_to_person, milestones.outbound_to_organisation);
  facts.accepted = milestones.accepted;
  if (milestones.cleared_person >= milestones.stop_to_person) facts.cleared = milestones.cleared_person;
  facts.told_to_stop =
      standing_stop(milestones.stop_to_person, milestones.cleared_person, milestones.outbound_to_person);
  if (!facts.cleared) {
    const Moment others = standing_stop(milestones.stop_to_organisation, milestones.cleared_organisation,
                                        milestones.outbound_to_organisation);
    facts.told_to_stop = std::max(facts.told_to_stop, others);
  }
  return facts;
}

}  // namespace coldpitch
