// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/report.h"
#include "milter/result_fields.h"
#include "policies/verdict.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMostNames = 10;
constexpr std::size_t kNumberColumns = 8;

std::string right(const std::string& text, std::size_t columns) {
  return std::string(columns > text.size() ? columns - text.size() : 0, ' ') + text;
}

std::string one_line(std::string_view text) {
  std::string line = terminal_text(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string day_of(TimePoint time) { return format_rfc3339(time).substr(0, 10); }

class Writer {
 public:
  Writer(const Report& report, const Terminal& terminal) : report_(report), terminal_(terminal) {}

  std::string write() {
    out_ +=
        terminal_.paint(Terminal::Ink::bold, day_of(report_.since) + " to " + day_of(report_.until)) + '\n';
    if (report_.has_log) write_log();
    if (report_.has_store) write_store();
    return std::move(out_);
  }

 private:
  void heading(const std::string& text) { out_ += '\n' + terminal_.paint(Terminal::Ink::bold, text) + '\n'; }

  void row(const std::string& name, std::size_t count, const std::string& more = "") {
    out_ += "  " + padded(one_line(name), kNameColumns) + right(std::to_string(count), kNumberColumns) +
            (more.empty() ? "" : "  " + more) + '\n';
  }

  void levels(const std::array<std::size_t, 4>& counts) {
    for (std::size_t level = counts.size(); level-- > 0;)
      row(std::string(to_string(static_cast<Level>(level))), counts[level]);
  }

  void over_time(const TimeSeries& pitches, const TimeSeries& all) {
    if (pitches.empty()) return;
    out_ += "  pitches by " + std::string(to_string(all.unit())) + "  " +
            sparkline(pitches.steps(all), spark_columns()) + '\n';
  }

  [[nodiscard]] std::size_t spark_columns() const {
    const std::size_t used = 2 + kNameColumns + kNumberColumns + 2;
    return terminal_.columns() > used + 10 ? terminal_.columns() - used : 10;
  }

  void names(const std::string& title, const NamedSeries& named) {
    if (named.counts.empty()) return;
    heading(title);
    for (const auto& [name, count] : named.counts.top(kMostNames)) {
      row(name, count, sparkline(named.series.at(name).steps(report_.log_judged), spark_columns()));
    }
    if (named.counts.size() > kMostNames)
      out_ += "  and " + std::to_string(named.counts.size() - kMostNames) + " more\n";
  }

  void names(const std::string& title, const Tally& tally) {
    if (tally.empty()) return;
    heading(title);
    for (const auto& [name, count] : tally.top(kMostNames)) row(name, count);
  }

  void write_log() {
    heading("Messages (log)");
    levels(report_.messages);
    over_time(report_.log_pitches, report_.log_judged);
    if (report_.undated > 0)
      out_ += "  " + std::to_string(report_.undated) + " lines without a time, counted as of now\n";
    if (report_.lines > 0) {
      out_ += "  judged in " + format_score(report_.median_ms) + " ms (median), 1% took more than " +
              format_score(report_.slow_ms) + " ms\n";
    }
    names("Pitches by clause", report_.clauses);
    names("Pitches by channel", report_.channels);
    names("Pitches by kind of offer", report_.offers);
    names("Pitches by sending network", report_.networks);
    names("Pitches by rule", report_.rules);
    names("Shadow rules: would have hit", report_.shadows);
    names("What was done to pitches", report_.actions);
    names("Not judged", report_.exempt);
    names("Faults", report_.faults);
  }

  void write_store() {
    heading("Messages and recipients (history)");
    levels(report_.events);
    over_time(report_.store_pitches, report_.store_judged);
    heading("What users said");
    row("wanted after all (a false alarm)", report_.said_wanted);
    row("a pitch", report_.said_pitch);
    row("told to stop, by command", report_.said_stop);
    row("told to stop, in their own mail", report_.stops_in_mail);
    if (report_.senders.empty()) return;
    heading("Senders with the most pitches (" + std::to_string(report_.pitching_senders) + " in all)");
    out_ += "  " + padded("sender", kNameColumns) + right("pitches", kNumberColumns) + right("messages", 10) +
            right("people", 8) + "  last\n";
    for (std::size_t i = 0; i < std::min(kMostNames, report_.senders.size()); ++i) {
      const RepeatedSender& sender = report_.senders[i];
      out_ +=
          "  " + padded(one_line(sender.name.empty() ? sender.key.substr(0, 8) : sender.name), kNameColumns) +
          right(std::to_string(sender.pitches), kNumberColumns) + right(std::to_string(sender.messages), 10) +
          right(std::to_string(sender.recipients), 8) + "  " + day_of(sender.last) + '\n';
    }
  }

  static constexpr std::size_t kNameColumns = 34;
  const Report& report_;
  const Terminal& terminal_;
  std::string out_;
};

}  // namespace

std::string report_as_text(const Report& report, const Terminal& terminal) {
  return Writer(report, terminal).write();
}

}  // namespace coldpitch
