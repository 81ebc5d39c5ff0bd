// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/store.h"

namespace coldpitch {

/// What history knew of a sender when a message of `time` came, in sentences for people: never empty. Dates are those of UTC. The sentences
/// hold no text of any message.
[[nodiscard]] std::vector<std::string> contact_sentences(const std::optional<ContactFacts>& facts,
                                                         TimePoint time);

/// "1 message", "2 messages".
[[nodiscard]] std::string counted(std::size_t count, const std::string& one, const std::string& many);

/// "2026-10-05".
[[nodiscard]] std::string day_of(TimePoint time);

}  // namespace coldpitch
