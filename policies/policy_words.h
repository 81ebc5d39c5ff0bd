// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/verdict.h"

namespace coldpitch {

/// The words themselves, for the tables of keys.
[[nodiscard]] std::vector<std::string> field_names();
[[nodiscard]] std::vector<std::string> language_codes();
[[nodiscard]] std::vector<std::string> judged_channel_names();

/// What is wrong with a word of a policy, as a message that names the word and the nearest known one; "" when it is known.

/// A field a rule may look at: one of field_names(), or "header <Name>".
[[nodiscard]] std::string field_fault(std::string_view name);
/// A built-in fact: one of known_signals(), or one of its prefixes ("problem.") with something behind it.
[[nodiscard]] std::string signal_fault(std::string_view name);
/// A two-letter code of ISO 639-1.
[[nodiscard]] std::string language_fault(std::string_view code);
/// A channel that is judged: "direct", "linkedin", "list".
[[nodiscard]] std::string channel_fault(std::string_view name);
/// The channel called `name`, if it is one that is judged.
[[nodiscard]] std::optional<Channel> judged_channel_from(std::string_view name);
/// 1 to 64 lower-case letters, digits and hyphens, a letter first: ids are written to header fields and logs.
[[nodiscard]] bool is_identifier(std::string_view text);
/// A date that exists, as YYYY-MM-DD.
[[nodiscard]] bool is_date(std::string_view text);

}  // namespace coldpitch
