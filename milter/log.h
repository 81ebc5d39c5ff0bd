// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "milter/pipeline.h"

namespace coldpitch {

/// The daemon's log: one line an event on standard error, `key=value`. Text that came from outside is escaped (printable()), so
/// it reaches no terminal as control characters. Thread-safe. When standard error is the journal, the line goes there as an entry with
/// fields (journal.h), and carries no time: the journal has its own.

/// "debug", "info", "warning" or "error"; lines below it are not written.
void set_log_level(std::string_view level);

void log_debug(std::string_view text);
void log_info(std::string_view text);
void log_warning(std::string_view text);
void log_error(std::string_view text);

/// The one line a message gets: queue id, verdict, score, clauses, rules, time. No text of the message; addresses only when
/// `addresses`.
void log_judgement(const Judgement& judgement, const Envelope& envelope, std::chrono::duration<double> took,
                   bool addresses);

/// That line, for tests.
[[nodiscard]] std::string judgement_line(const Judgement& judgement, const Envelope& envelope,
                                         std::chrono::duration<double> took, bool addresses);

/// A logfmt value: as it is when plain, else in double quotes with escapes.
[[nodiscard]] std::string log_value(std::string_view text);

}  // namespace coldpitch
