// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstddef>
#include <istream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/tally.h"
#include "cli/terminal.h"
#include "cli/time_series.h"
#include "history/identity.h"
#include "history/store.h"
#include "policies/engine.h"

namespace coldpitch {

struct ReportOptions {
  std::optional<TimePoint> since;  ///< absent: seven days ago
  std::string config_file;
  std::optional<std::string> history;  ///< "none" or a file; absent: the configured store, if there is one
  std::vector<std::string> logs;       ///< files, or "-"
  std::string secret, names;  ///< the key of the store's hashes, and a file of addresses to know again
  std::string html;           ///< file to write, "" none
  bool json = false;
};

/// `coldpitch report`: what was judged since a time.
[[nodiscard]] int run_report(const ReportOptions& options);

/// Counts by name, with their course over time.
struct NamedSeries {
  Tally counts;
  std::map<std::string, TimeSeries, std::less<>> series;

  void add(std::string_view name, TimePoint time);
};

/// Somebody who wrote, known by a keyed hash only.
struct RepeatedSender {
  std::string key;   ///< of the person
  std::string name;  ///< "" unless the secret was given and the name was among those to try
  std::size_t messages = 0, pitches = 0, recipients = 0;
  TimePoint last{};
};

/// What was judged since a time. Of the store: one event a message and recipient. Of the log: one line a message.
struct Report {
  TimePoint since{}, until{};

  bool has_store = false;
  std::array<std::size_t, 4> events{};  ///< inbound, by level
  TimeSeries store_pitches, store_judged;
  std::vector<RepeatedSender> senders;  ///< with at least one pitch; most pitches first
  std::size_t pitching_senders = 0;
  std::size_t said_wanted = 0, said_pitch = 0, said_stop = 0;  ///< by users, through `coldpitch learn`
  std::size_t stops_in_mail = 0;                               ///< refusals read in users' own mail
  TimeSeries corrections;                                      ///< said_wanted

  bool has_log = false;
  std::size_t lines = 0, undated = 0;
  std::array<std::size_t, 4> messages{};  ///< by level
  TimeSeries log_pitches, log_judged;
  NamedSeries clauses, channels, offers, networks, rules,
      shadows;  ///< shadows: of all mail; the others of pitches
  Tally exempt, actions, faults;
  double median_ms = 0, slow_ms = 0;  ///< slow: the 99th percentile
};

/// Counts the events of `store` since `report.since`. Errors: those of the store.
Result<void> read_store(Store& store, Report& report);

/// Counts the lines of a log about messages judged since `report.since`; undated ones count too. `engine` may be null; it tells which rules are about
/// which kind of offer.
void read_log(std::istream& log, const Engine* engine, Report& report);

/// Names the senders whose key is that of one of `names`: an address, or a LinkedIn profile's link. One key for each name.
void name_senders(const std::vector<std::string>& names, const Keyring& keyring, Report& report);

[[nodiscard]] std::string report_as_text(const Report& report, const Terminal& terminal);
[[nodiscard]] std::string report_as_json(const Report& report);
[[nodiscard]] std::string report_as_html(const Report& report);

}  // namespace coldpitch
