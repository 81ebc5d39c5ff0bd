// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "policies/engine.h"
#include "policies/verdict.h"

namespace coldpitch {

/// What is done to a message, mild to severe. The order is meant: of several recipients the mildest acts.
enum class Mode : std::uint8_t {
  off,                 ///< it is not judged
  annotate,            ///< header fields
  tag,                 ///< and a prefix to the subject
  fold,                ///< and a field that says so, for Sieve to file it by
  quarantine_mailbox,  ///< and the recipients are replaced by Profile::quarantine_mailbox
  quarantine_hold,     ///< and the MTA holds it
  reject,              ///< it is refused with 550 5.7.1
  discard,             ///< it is taken and thrown away; only with Config::allow_discard
};

/// Both kinds of quarantine are called "quarantine".
[[nodiscard]] std::string_view to_string(Mode mode);
/// "quarantine" is quarantine_hold.
[[nodiscard]] std::optional<Mode> mode_from(std::string_view name);

/// How mail for some recipients is treated.
struct Profile {
  std::vector<std::string>
      match;                   ///< "user@example.net", "example.net" (that domain and below), "*"; lower case
  Mode mode = Mode::annotate;  ///< for a pitch; `off` stands above `actions`
  std::map<Level, Mode> actions;   ///< for single verdicts (suspect, pitch, repeat-pitch); goes before `mode`
  std::string quarantine_mailbox;  ///< where quarantine_mailbox sends mail; ASCII
  Thresholds thresholds;           ///< replace the policies' own
  std::vector<std::string> allow;  ///< senders (address or domain) never judged; lower case
  std::string tag = "[pitch] ";    ///< subject prefix of mode `tag`; UTF-8, one line

  /// What is done to a message judged `level`. Without a word in `actions`: `none` and `suspect` are annotated, a pitch gets
  /// `mode`, a repeat-pitch what a pitch gets.
  [[nodiscard]] Mode action_for(Level level) const;
};

/// How well the pattern `match` of a profile fits `address` (both lower case): 0 not at all, "*" least, then by the length of
/// the domain, an address most.
[[nodiscard]] std::size_t match_rank(std::string_view pattern, std::string_view address);

}  // namespace coldpitch
