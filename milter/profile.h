// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "milter/address_map.h"
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
  std::vector<std::string> match;  ///< as written: "user@example.net", "example.net", "*", "file:vips.txt"
  Mode mode = Mode::annotate;      ///< for a pitch; `off` stands above `actions`
  std::map<Level, Mode> actions;   ///< for single verdicts (suspect, pitch, repeat-pitch); goes before `mode`
  std::string quarantine_mailbox;  ///< where quarantine_mailbox sends mail; ASCII
  Thresholds thresholds;           ///< replace the policies' own
  AddressMap allow, block;  ///< senders never judged, and senders whose mail breaks a clause whatever it says
  bool wants_recruiters = true;  ///< recruiters' messages on LinkedIn are not judged
  bool wants_events = true;      ///< nor are invitations to events
  std::string language = "en";   ///< of the words for people
  std::string tag = "[pitch] ";  ///< subject prefix of mode `tag`; UTF-8, one line

  /// What is done to a message judged `level`. Without a word in `actions`: `none` and `suspect` are annotated, a pitch gets
  /// `mode`, a repeat-pitch what a pitch gets.
  [[nodiscard]] Mode action_for(Level level) const;
};

}  // namespace coldpitch
