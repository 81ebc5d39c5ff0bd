// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/date.h"

namespace coldpitch {

/// A line of the milter's log about one message.
struct LogLine {
  std::optional<TimePoint> time;
  std::map<std::string, std::string, std::less<>> fields;  ///< "verdict", "rules" ...; see milter/log.h

  /// "" when the line has no such field.
  [[nodiscard]] std::string_view get(std::string_view name) const;
};

/// Reads a line as the milter writes it, as the journal shows it (short-iso, short) or as syslog keeps it. nullopt for lines about anything
/// but a judged message. Times without a year are the last before `now`, those without a zone UTC. Pure, linear.
[[nodiscard]] std::optional<LogLine> parse_log_line(std::string_view line, TimePoint now);

}  // namespace coldpitch
