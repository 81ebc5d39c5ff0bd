// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/replay.h"
#include "cli/tally.h"
#include "cli/terminal.h"
#include "cli/time_series.h"

namespace coldpitch {

/// What one configuration made of a message.
struct SideResult {
  Level level = Level::none;
  double score = 0;
  Mode action = Mode::annotate;
  std::string exempt, reason;
  std::vector<std::pair<std::string, double>> rules;  ///< id and weight; what counted, for and against
  std::vector<std::string> clauses;

  [[nodiscard]] bool is_pitch() const { return level >= Level::pitch; }
  bool operator==(const SideResult&) const = default;
};

/// Why two configurations differ about a message.
enum class ChangeCause : std::uint8_t {
  none,     ///< they do not
  policy,   ///< by themselves
  history,  ///< only because they judged an earlier message of the sender differently
};

/// What a replay keeps of a message.
struct ReplayRow {
  std::size_t number = 0;
  std::string path, folder, sender, subject;
  TimePoint date{};
  Channel channel = Channel::direct;
  std::vector<SideResult> sides;  ///< one or two; empty: could not be read
  ChangeCause cause = ChangeCause::none;
  std::string page;  ///< of its explanation, relative to the report; ""
  /// Says it is LinkedIn's, and no trusted server says whether: the server its topmost Authentication-Results names, "" for none.
  std::optional<std::string> unproved;

  [[nodiscard]] bool is_changed() const { return cause != ChangeCause::none; }
  [[nodiscard]] bool is_new_pitch() const {
    return sides.size() == 2 && !sides[0].is_pitch() && sides[1].is_pitch();
  }
  bool operator==(const ReplayRow&) const = default;
};

[[nodiscard]] std::string_view to_string(ChangeCause cause);

/// The row of a judged message. Of several recipients it shows the one for whom the sides differ, else the mildest, which acts.
[[nodiscard]] ReplayRow row_of(const ReplayedMessage& message, const MailIndex& index);

/// What came of a replay. Holds only rows worth listing: with two sides the changed ones, else pitches.
struct ReplaySummary {
  std::size_t sides = 1;
  std::size_t messages = 0, unreadable = 0;
  std::array<std::array<std::size_t, 4>, 2> levels{};  ///< by side and level; exempt mail counts as none
  std::array<Tally, 2> exempt, actions;                ///< by side
  Tally channels;
  // Of pitches (of the last side), or with two sides of changed messages.
  Tally clauses, rules, folders, senders;
  TimeSeries judged;
  std::array<TimeSeries, 2> pitches;  ///< by side
  std::size_t new_pitches = 0, lost_pitches = 0, changed = 0, by_history = 0, acted_otherwise = 0;
  Tally unproved;  ///< mail that says it is LinkedIn's, by ReplayRow::unproved
  std::vector<ReplayRow> rows;
  std::string before, after;  ///< names of the configurations

  void add(const ReplayRow& row);
};

/// What to do about mail whose origin nobody trusted vouches for, in a sentence or three; "" when there is none. Holds no text of a message but
/// the name of a host.
[[nodiscard]] std::string advice_on_trust(const ReplaySummary& summary);

/// For a terminal, a pipe, or a ticket: no line depends on colours, nothing of a message is a control character.
[[nodiscard]] std::string summary_as_text(const ReplaySummary& summary, const Terminal& terminal,
                                          std::size_t most_rows);

/// A whole page.
[[nodiscard]] std::string summary_as_html(const ReplaySummary& summary);

}  // namespace coldpitch
