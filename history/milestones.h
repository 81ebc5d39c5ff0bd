// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "history/store.h"

namespace coldpitch {

/// The last events of each kind before the instant a question is about: what any store has to look up.
/// From these follow all times in ContactFacts, so that every store gives the same answer.
///
/// "organisation" means any person of it, the one asked about included; absent without an organisation.
struct Milestones {
  std::optional<TimePoint> outbound_to_person, outbound_to_organisation;
  std::optional<TimePoint> stop_to_person, stop_to_organisation;
  std::optional<TimePoint> cleared_person, cleared_organisation;
  std::optional<TimePoint> accepted;

  bool operator==(const Milestones&) const = default;
};

/// Inbound messages after this instant are unanswered; TimePoint::min() when all are.
[[nodiscard]] TimePoint answered_until(const Milestones& milestones);

/// The facts but for the counts of inbound messages and `in_our_thread`. Pure.
///
/// A stop ends when the same person is cleared or written to later. The stop of another person of the organisation ends as
/// well when anybody of the organisation is, and does not touch a person who stands cleared. An outbound message up to one
/// second after the stop is the refusal itself and ends nothing.
[[nodiscard]] ContactFacts facts_from(const Milestones& milestones);

/// Names of the verdicts "pitch or worse" (design: JSON of one judged message).
inline constexpr std::array<std::string_view, 2> kPitchVerdicts = {"pitch", "repeat-pitch"};

}  // namespace coldpitch
