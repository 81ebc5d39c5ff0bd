// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// systemd's journal, which takes an entry as fields besides its line: `journalctl COLDPITCH_QID=4XyZ12`.

/// True when `descriptor` is the stream that `journal_stream` names (`device:inode`, the variable JOURNAL_STREAM of
/// systemd.exec(5), which outlives a redirection; nullptr when it is not set).
[[nodiscard]] bool is_journal_stream(int descriptor, const char* journal_stream);

/// The entry of a line of the log: MESSAGE (`level=info ` and the line), PRIORITY (syslog(3)) and SYSLOG_IDENTIFIER, and each
/// `key=value` of the line as COLDPITCH_KEY, in its order; a key that comes again gives a field again. Each is `NAME=value`.
[[nodiscard]] std::vector<std::string> journal_entry(std::string_view level, int priority,
                                                     std::string_view line);

/// Hands an entry to the journal, by one datagram and without a lock. False when there is no journal, or built without libsystemd.
bool send_to_journal(const std::vector<std::string>& entry);

}  // namespace coldpitch
