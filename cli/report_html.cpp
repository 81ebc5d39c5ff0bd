// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/html_page.h"
#include "cli/report.h"
#include "milter/result_fields.h"
#include "policies/verdict.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMostNames = 15;

std::string day_of(TimePoint time) { return format_rfc3339(time).substr(0, 10); }

std::size_t pitches_in(const std::array<std::size_t, 4>& counts) {
  return counts[static_cast<std::size_t>(Level::pitch)] +
         counts[static_cast<std::size_t>(Level::repeat_pitch)];
}

class Page {
 public:
  explicit Page(const Report& report) : report_(report) {}

  std::string write() {
    out_ += "<div class=\"head\"><h1>What coldpitch judged</h1>\n<p class=\"soft\">" + day_of(report_.since) +
            " to " + day_of(report_.until) + "</p></div>\n";
    write_tiles();
    write_course();
    out_ += "<div class=\"columns\"><section>\n";
    names("Clause", report_.clauses, /*chips=*/true);
    names("Rule", report_.rules);
    names("Sending network", report_.networks);
    write_senders();
    out_ += "</section><section>\n";
    write_levels();
    names("Channel", report_.channels);
    names("Kind of offer", report_.offers);
    write_users();
    names("Shadow rule", report_.shadows);
    counts("What was done to pitches", "Action", report_.actions);
    counts("Not judged", "Why", report_.exempt);
    counts("Faults", "Fault", report_.faults);
    out_ += "</section></div>\n";
    return html_page("coldpitch: report", out_);
  }

 private:
  void tile(const std::string& number, const std::string& words) {
    out_ += "<div class=\"tile\"><b>" + number + "</b>" + words + "</div>\n";
  }

  void write_tiles() {
    out_ += "<div class=\"tiles\">\n";
    if (report_.has_log) {
      tile(std::to_string(report_.lines), "messages judged");
      tile(std::to_string(pitches_in(report_.messages)), "pitches");
      tile(format_score(report_.median_ms) + " ms",
           "median time; 1% took more than " + format_score(report_.slow_ms) + " ms");
    } else {
      tile(std::to_string(pitches_in(report_.events)), "pitches, counted by recipient");
    }
    if (report_.has_store) {
      tile(std::to_string(report_.pitching_senders), "senders of pitches");
      tile(std::to_string(report_.said_wanted), "false alarms users told of");
    }
    out_ += "</div>\n";
  }

  void write_course() {
    const TimeSeries& pitches = report_.has_log ? report_.log_pitches : report_.store_pitches;
    const TimeSeries& all = report_.has_log ? report_.log_judged : report_.store_judged;
    if (pitches.empty()) return;
    const std::string title = "Pitches by " + std::string(to_string(all.unit()));
    out_ += "<h2>" + title + "</h2>\n" +
            svg_bars(title, pitches.steps(all),
                     report_.corrections.empty() ? std::vector<TimeSeries::Step>{}
                                                 : report_.corrections.steps(all));
    if (!report_.corrections.empty())
      out_ += "<p class=\"small soft\">Narrow bars: what users said was wanted.</p>\n";
  }

  void names(const std::string& what, const NamedSeries& named, bool chips = false) {
    if (named.counts.empty()) return;
    HtmlTable table({what, what == "Shadow rule" ? "Would have hit" : "Pitches", "Course"}, {1});
    for (const auto& [name, count] : named.counts.top(kMostNames)) {
      table.add({chips ? clause_chip(name) : html_text(name), std::to_string(count),
                 svg_spark(named.series.at(name).steps(report_.log_judged))});
    }
    out_ += "<h2>" + (what == "Shadow rule" ? std::string("Shadow rules") : "Pitches by " + lower(what)) +
            "</h2>\n" + table.html();
    if (named.counts.size() > kMostNames) {
      out_ +=
          "<p class=\"small soft\">and " + std::to_string(named.counts.size() - kMostNames) + " more</p>\n";
    }
  }

  static std::string lower(std::string text) {
    text.front() = static_cast<char>(text.front() - 'A' + 'a');
    return text;
  }

  void counts(const std::string& title, const std::string& what, const Tally& tally) {
    if (tally.empty()) return;
    HtmlTable table({what, "Messages"}, {1});
    for (const auto& [name, count] : tally.top(kMostNames))
      table.add({html_text(name), std::to_string(count)});
    out_ += "<h2>" + title + "</h2>\n" + table.html();
  }

  void write_levels() {
    const bool both = report_.has_log && report_.has_store;
    std::vector<std::string> headings{"Verdict"};
    if (report_.has_log) headings.emplace_back("Messages");
    if (report_.has_store) headings.emplace_back("By recipient");
    HtmlTable table(headings, both ? std::vector<std::size_t>{1, 2} : std::vector<std::size_t>{1});
    for (std::size_t level = report_.messages.size(); level-- > 0;) {
      std::vector<std::string> cells{verdict_chip(to_string(static_cast<Level>(level)))};
      if (report_.has_log) cells.push_back(std::to_string(report_.messages[level]));
      if (report_.has_store) cells.push_back(std::to_string(report_.events[level]));
      table.add(cells);
    }
    out_ += "<h2>All mail</h2>\n" + table.html();
  }

  void write_users() {
    if (!report_.has_store) return;
    HtmlTable table({"What users said", "Times"}, {1});
    table.add({"wanted after all (a false alarm)", std::to_string(report_.said_wanted)});
    table.add({"a pitch", std::to_string(report_.said_pitch)});
    table.add({"told to stop, by command", std::to_string(report_.said_stop)});
    table.add({"told to stop, in their own mail", std::to_string(report_.stops_in_mail)});
    out_ += "<h2>Corrections</h2>\n" + table.html();
  }

  void write_senders() {
    if (report_.senders.empty()) return;
    HtmlTable table({"Sender", "Pitches", "Messages", "People", "Last"}, {1, 2, 3, 4});
    for (std::size_t i = 0; i < std::min(kMostNames, report_.senders.size()); ++i) {
      const RepeatedSender& sender = report_.senders[i];
      table.add({sender.name.empty() ? "<code>" + html_text(sender.key.substr(0, 8)) + "</code>"
                                     : html_text(sender.name),
                 std::to_string(sender.pitches), std::to_string(sender.messages),
                 std::to_string(sender.recipients), day_of(sender.last)});
    }
    out_ += "<h2>Senders with the most pitches</h2>\n" + table.html();
    out_ += "<p class=\"small soft\">" + std::to_string(report_.pitching_senders) +
            " in all. The history keeps no names, only keyed hashes.</p>\n";
  }

  const Report& report_;
  std::string out_;
};

}  // namespace

std::string report_as_html(const Report& report) { return Page(report).write(); }

}  // namespace coldpitch
