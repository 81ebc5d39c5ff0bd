// SPDX-License-Identifier: MIT
#include <algorithm>

#include "cli/html_page.h"
#include "cli/replay_summary.h"
#include "milter/result_fields.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMostNames = 12;
constexpr std::size_t kMostRows = 5000;
constexpr std::size_t kTicketRows = 20;

std::string verdict_html(const SideResult& side) {
  if (!side.exempt.empty()) return "not judged <span class=\"soft\">(" + html_text(side.exempt) + ")</span>";
  return "<span class=\"whole\">" + verdict_chip(to_string(side.level)) + "&nbsp;" +
         format_score(side.score) + "</span>";
}

class Page {
 public:
  explicit Page(const ReplaySummary& summary) : summary_(summary), what_if_(summary.sides == 2) {}

  std::string write() {
    write_head();
    write_tiles();
    write_over_time();
    out_ += "<div class=\"columns\"><section>\n";
    write_names(what_if_ ? "By rule that differs" : "By rule", "Rule", summary_.rules);
    write_names("By sender", "Sender", summary_.senders);
    out_ += "</section><section>\n";
    write_levels();
    write_names("By folder", "Folder", summary_.folders);
    write_clauses();
    out_ += "</section></div>\n";
    write_rows();
    write_ticket();
    return html_page(what_if_ ? "coldpitch: what if" : "coldpitch: replay", out_);
  }

 private:
  void write_head() {
    const auto steps = summary_.judged.steps();
    out_ +=
        "<div class=\"head\"><h1>" +
        std::string(what_if_ ? "What another configuration would change" : "What coldpitch would have done") +
        "</h1>\n";
    out_ += "<p class=\"soft\">" + std::to_string(summary_.messages) +
            (summary_.messages == 1 ? " message" : " messages");
    if (!steps.empty()) out_ += ", " + steps.front().label + " to " + steps.back().label;
    if (summary_.unreadable > 0) out_ += "; " + std::to_string(summary_.unreadable) + " could not be read";
    out_ += "</p>\n";
    if (what_if_) {
      out_ += "<dl class=\"fields\"><dt>Before</dt><dd><code>" + html_text(summary_.before) +
              "</code></dd><dt>After</dt><dd><code>" + html_text(summary_.after) + "</code></dd></dl>\n";
    }
    if (const std::string advice = advice_on_trust(summary_); !advice.empty()) {
      out_ += "<p>" + html_text(advice) + "</p>\n";
    }
    out_ += "</div>\n";
  }

  void tile(std::size_t number, const std::string& words) {
    out_ += "<div class=\"tile\"><b>" + std::to_string(number) + "</b>" + words + "</div>\n";
  }

  void write_tiles() {
    out_ += "<div class=\"tiles\">\n";
    if (what_if_) {
      tile(summary_.changed, "judged otherwise");
      tile(summary_.new_pitches, "new pitches");
      tile(summary_.lost_pitches, "no longer pitches");
      tile(summary_.by_history, "only because an earlier message is judged otherwise");
      tile(summary_.acted_otherwise, "acted on otherwise");
    } else {
      const auto& levels = summary_.levels[0];
      tile(levels[static_cast<std::size_t>(Level::pitch)] +
               levels[static_cast<std::size_t>(Level::repeat_pitch)],
           "pitches");
      tile(levels[static_cast<std::size_t>(Level::repeat_pitch)], "of them repeated");
      tile(levels[static_cast<std::size_t>(Level::suspect)], "suspect");
      tile(summary_.exempt[0].total(), "not judged");
    }
    out_ += "</div>\n";
  }

  void write_over_time() {
    if (summary_.judged.empty() || (summary_.pitches[0].empty() && summary_.pitches[1].empty())) return;
    const std::string unit(to_string(summary_.judged.unit()));
    out_ += "<h2>Pitches by " + unit + "</h2>\n";
    out_ += svg_bars("Pitches by " + unit, summary_.pitches[0].steps(summary_.judged),
                     what_if_ ? summary_.pitches[1].steps(summary_.judged) : std::vector<TimeSeries::Step>{});
    if (what_if_) {
      out_ += "<p class=\"small soft\">Wide bars: before. Narrow bars in front: after.</p>\n";
    }
  }

  void write_levels() {
    HtmlTable table(what_if_ ? std::vector<std::string>{"Verdict", "Before", "After"}
                             : std::vector<std::string>{"Verdict", "Messages"},
                    {1, 2});
    const auto add = [&](const std::string& name, std::size_t before, std::size_t after) {
      std::vector<std::string> cells{name, std::to_string(before)};
      if (what_if_) cells.push_back(std::to_string(after));
      table.add(cells);
    };
    for (std::size_t level = summary_.levels[0].size(); level-- > 0;) {
      add(verdict_chip(to_string(static_cast<Level>(level))), summary_.levels[0][level],
          summary_.levels[1][level]);
    }
    add("<span class=\"soft\">of these not judged</span>", summary_.exempt[0].total(),
        summary_.exempt[1].total());
    Tally actions;  // of either side, so that what ends shows as well as what begins
    for (std::size_t side = summary_.sides; side-- > 0;) {
      for (const auto& [action, count] : summary_.actions[side].top(kMostNames)) actions.add(action, count);
    }
    for (const auto& entry : actions.top(kMostNames)) {
      add("<span class=\"soft\">pitches: " + html_text(entry.first) + "</span>",
          summary_.actions[0].of(entry.first), summary_.actions[1].of(entry.first));
    }
    out_ += "<h2>All messages</h2>\n" + table.html();
  }

  void write_names(const std::string& title, const std::string& what, const Tally& tally) {
    if (tally.empty()) return;
    HtmlTable table({what, what_if_ ? "Changed" : "Pitches"}, {1});
    for (const auto& [name, count] : tally.top(kMostNames)) {
      table.add({"<span dir=\"auto\">" + html_text(name) + "</span>", std::to_string(count)});
    }
    out_ += "<h2>" + html_text(title) + "</h2>\n" + table.html();
    if (tally.size() > kMostNames) {
      out_ += "<p class=\"small soft\">and " + std::to_string(tally.size() - kMostNames) + " more</p>\n";
    }
  }

  void write_clauses() {
    if (summary_.clauses.empty()) return;
    HtmlTable table({"Clause", what_if_ ? "Changed" : "Pitches"}, {1});
    for (const auto& [name, count] : summary_.clauses.top(kMostNames))
      table.add({clause_chip(name), std::to_string(count)});
    out_ += "<h2>By clause</h2>\n" + table.html();
  }

  void write_rows() {
    if (summary_.rows.empty()) return;
    out_ += what_if_ ? "<h2>Messages judged otherwise</h2>\n" : "<h2>The pitches</h2>\n";
    HtmlTable table(what_if_ ? std::vector<std::string>{"Date", "Before", "After", "From, subject",
                                                        "Rules that count after"}
                             : std::vector<std::string>{"Date", "Verdict", "From, subject", "Why"},
                    {}, HtmlTable::WhenNarrow::stack);
    for (std::size_t i = 0; i < std::min(kMostRows, summary_.rows.size()); ++i)
      table.add(cells_of(summary_.rows[i]));
    out_ += table.html();
    if (summary_.rows.size() > kMostRows) {
      out_ += "<p class=\"soft\">and " + std::to_string(summary_.rows.size() - kMostRows) +
              " more: --json lists all</p>\n";
    }
  }

  std::vector<std::string> cells_of(const ReplayRow& row) const {
    const std::string subject = html_text(row.subject.empty() ? "(no subject)" : row.subject);
    std::string letter = "<span dir=\"auto\">" + html_text(row.sender) + "</span><br>";
    letter += row.page.empty() ? "<span dir=\"auto\">" + subject + "</span>"
                               : "<a href=\"" + html_text(row.page) + "\" dir=\"auto\">" + subject + "</a>";
    letter += "<br><span class=\"soft small\">" + html_text(row.path) + "</span>";
    const std::string date = "<span class=\"n\">" + format_rfc3339(row.date).substr(0, 10) + "</span>";
    const SideResult& last = row.sides.back();
    if (!what_if_) return {date, verdict_html(last), letter, html_text(last.reason)};
    std::string rules;
    for (const auto& [rule, weight] : last.rules) {
      rules += (rules.empty() ? "" : ", ") + html_text(rule) + ' ' + format_score(weight);
    }
    if (row.cause == ChangeCause::history)
      rules += "<br><span class=\"soft\">because of an earlier message</span>";
    return {date, verdict_html(row.sides[0]), verdict_html(last), letter, rules};
  }

  void write_ticket() {
    out_ += "<h2>To paste into a ticket</h2>\n<pre>" +
            html_text(summary_as_text(summary_, Terminal(false, 80), kTicketRows)) + "</pre>\n";
  }

  const ReplaySummary& summary_;
  bool what_if_;
  std::string out_;
};

}  // namespace

std::string summary_as_html(const ReplaySummary& summary) { return Page(summary).write(); }

}  // namespace coldpitch
