// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "parsers/offset_map.h"

namespace coldpitch {

/// A line that greets, in eight languages.
struct Greeting {
  std::string salutation;           ///< folded: "hi", "sehr geehrte"
  Span addressee;                   ///< in the line; empty where nobody is named
  std::string folded_name;          ///< the addressee, folded
  bool blank_before_comma = false;  ///< "Hi ,": a name was meant to stand there
};

/// Reads "Hi Jane," at the start of `line`. nullopt for other lines, and for those that go on for more than six
/// words. Never fails otherwise; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::optional<Greeting> read_greeting(std::string_view line);

}  // namespace coldpitch
