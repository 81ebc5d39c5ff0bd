// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "policies/policy.h"

namespace coldpitch {

/// Something wrong (or doubtful) in a configuration file, said so that an admin can mend it.
struct Diagnostic {
  enum class Severity : std::uint8_t { error, warning };

  Severity severity = Severity::error;
  SourceLocation location;
  std::string message;  ///< one sentence, lower case first, no full stop
  std::string line;     ///< the source line, for the caret; may be ""

  bool operator==(const Diagnostic&) const = delete;
};

/// "file:line:column: error: message\n    the line\n    ^" (the line made printable, tabs as blanks, cut to 160 columns around the caret).
[[nodiscard]] std::string format(const Diagnostic& diagnostic);
/// All of them, each ended by a line end, in order of file and place.
[[nodiscard]] std::string format(const std::vector<Diagnostic>& diagnostics);
[[nodiscard]] bool has_errors(const std::vector<Diagnostic>& diagnostics);

/// The one of `candidates` nearest to `word` (edit distance at most a third of its length, at least 1), or "".
[[nodiscard]] std::string_view did_you_mean(std::string_view word,
                                            const std::vector<std::string_view>& candidates);
/// " (did you mean 'nearest'?)" to end a message with, or "".
[[nodiscard]] std::string suggestion(std::string_view word, const std::vector<std::string_view>& candidates);

/// "'text'" for a message: cut to `columns` characters, control and ill-formed octets as "?". A backslash stays as it is.
[[nodiscard]] std::string quote(std::string_view text, std::size_t columns = 60);

}  // namespace coldpitch
