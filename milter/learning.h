// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "history/store.h"
#include "milter/pipeline.h"
#include "parsers/envelope.h"
#include "parsers/result.h"

namespace coldpitch {

/// Records what the message teaches.
///
/// Inbound mail with its verdict; that of LinkedIn only where a member writes, and invitations accepted. Of outbound mail the people written
/// to, unless it is an automatic answer, a bounce, a list post or takes its sender off a list; a refusal is recorded as a stop, towards whom
/// it answers and nobody else. Answers are tied to the message they answer by Reply-To address and Message-ID, so that the
/// answer to an InMail is known to go to the member who wrote it.
/// Returns the first error of the store, which is never a reason to hold mail. Thread-safe.
Result<void> remember(const Judgement& judgement, const Envelope& envelope, const Snapshot& snapshot,
                      const Memory& memory);

/// What a user says of the sender of a message.
enum class Lesson : std::uint8_t {
  pitch,   ///< the next message is a pitch
  wanted,  ///< the next message is none; ends a stop
  stop,    ///< the user wants no more: the next message is a repeat-pitch
};

[[nodiscard]] std::string_view to_string(Lesson lesson);
[[nodiscard]] std::optional<Lesson> lesson_from(std::string_view name);

/// Records what `recipient` says of the sender of the message `octets`, as of `now`. The word holds until another one or, against the sender, until
/// the user writes to them. Returns what was recorded, without its keys being of use to anybody.
/// Errors: `syntax` when the message names no sender, or `recipient` is no address; `permanent` without a history; those of the
/// store. Thread-safe.
[[nodiscard]] Result<Event> learn(std::string_view octets, Lesson lesson, std::string_view recipient,
                                  TimePoint now, const Snapshot& snapshot, const Memory& memory);

}  // namespace coldpitch
