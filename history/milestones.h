// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <vector>

#include "history/store.h"

namespace coldpitch {

/// The last event of a kind before the instant a question is about.
struct Milestone {
  TimePoint time{};
  EventSource source = EventSource::mail;
  bool authenticated = false;

  bool operator==(const Milestone&) const = default;
};

/// What our user last did towards somebody.
struct Deeds {
  std::optional<Milestone> outbound, stop, cleared, reported;

  /// The one of `kind`, nullptr for inbound and accepted.
  [[nodiscard]] std::optional<Milestone>* of(EventKind kind);
  bool operator==(const Deeds&) const = default;
};

/// What any store has to look up for one user. From these follow all times in ContactFacts, so that every store gives the same answer.
struct Milestones {
  Deeds person;
  Deeds
      organisation;  ///< towards any person of it, the one asked about included; empty without an organisation
  std::vector<Deeds> aliases;   ///< by each alias of the question: traces, and persons of that key
  std::vector<Deeds> siblings;  ///< by each sibling of the question
  std::optional<Milestone> accepted;

  bool operator==(const Milestones&) const = default;
};

/// Inbound messages after this instant are unanswered; TimePoint::min() when all are.
[[nodiscard]] TimePoint answered_until(const Milestones& milestones, const ContactQuestion& question);

/// The facts but for the counts of inbound messages, `in_our_thread` and what is of all local people. Pure.
///
/// A stop or a report ends when the same person is cleared or written to at the same time or later: a refusal itself is no outbound event.
/// The stop of another person of the organisation or of a sibling ends as well when anybody of the organisation or the brand is,
/// and does not touch a person who stands cleared or was ever written to.
[[nodiscard]] ContactFacts facts_from(const Milestones& milestones);

/// Names of the verdicts "pitch or worse" (design: JSON of one judged message).
inline constexpr std::array<std::string_view, 2> kPitchVerdicts = {"pitch", "repeat-pitch"};
[[nodiscard]] bool is_pitch_verdict(std::string_view verdict);

}  // namespace coldpitch
