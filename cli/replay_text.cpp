// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>

#include "cli/replay_summary.h"
#include "milter/result_fields.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMostNames = 8;
constexpr std::size_t kNumberColumns = 9;

std::string right(const std::string& text, std::size_t columns) {
  return std::string(columns > text.size() ? columns - text.size() : 0, ' ') + text;
}

std::string right(std::size_t number, std::size_t columns = kNumberColumns) {
  return right(std::to_string(number), columns);
}

std::string one_line(const std::string& text) {
  std::string line = terminal_text(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

std::string verdict_of(const SideResult& side) {
  if (!side.exempt.empty()) return "not judged (" + side.exempt + ')';
  return std::string(to_string(side.level)) + ' ' + format_score(side.score);
}

class Writer {
 public:
  Writer(const ReplaySummary& summary, const Terminal& terminal, std::size_t most_rows)
      : summary_(summary), terminal_(terminal), most_rows_(most_rows) {}

  std::string write() {
    write_head();
    write_levels();
    write_over_time();
    if (const std::string advice = advice_on_trust(summary_); !advice.empty()) {
      out_ += '\n' + wrapped(advice, terminal_.columns(), 0);
    }
    if (summary_.sides == 2) write_change();
    write_names("Clauses", summary_.clauses);
    write_names(summary_.sides == 2 ? "Rules that differ" : "Rules", summary_.rules);
    write_names("Folders", summary_.folders);
    write_names("Senders", summary_.senders);
    write_rows();
    return std::move(out_);
  }

 private:
  void heading(const std::string& text) { out_ += '\n' + terminal_.paint(Terminal::Ink::bold, text) + '\n'; }

  void write_head() {
    const auto steps = summary_.judged.steps();
    out_ += std::to_string(summary_.messages) + (summary_.messages == 1 ? " message" : " messages");
    if (!steps.empty()) out_ += ", " + steps.front().label + " to " + steps.back().label;
    if (summary_.unreadable > 0) out_ += "; " + std::to_string(summary_.unreadable) + " could not be read";
    out_ += '\n';
    if (summary_.sides == 2) {
      out_ += wrapped("before: " + summary_.before, terminal_.columns(), 2);
      out_ += wrapped("after:  " + summary_.after, terminal_.columns(), 2);
    }
  }

  void write_levels() {
    out_ += '\n' + padded("verdict", 14);
    out_ += summary_.sides == 2 ? right("before", kNumberColumns) + right("after", kNumberColumns)
                                : right("messages", kNumberColumns);
    out_ += '\n';
    for (std::size_t level = summary_.levels[0].size(); level-- > 0;) {
      out_ += padded(to_string(static_cast<Level>(level)), 14);
      for (std::size_t side = 0; side < summary_.sides; ++side) out_ += right(summary_.levels[side][level]);
      out_ += '\n';
    }
    out_ += padded("  not judged", 14);
    for (std::size_t side = 0; side < summary_.sides; ++side) out_ += right(summary_.exempt[side].total());
    const std::string because = listed(summary_.exempt[summary_.sides - 1], 4);
    out_ += (because.empty() ? "" : "   " + because) + '\n';
    const std::string actions = listed(summary_.actions[summary_.sides - 1], 4);
    const std::string before = summary_.sides == 2 ? listed(summary_.actions[0], 4) : actions;
    if (before != actions) {
      out_ += "Pitches acted on before: " + (before.empty() ? "none" : before) +
              "; after: " + (actions.empty() ? "none" : actions) + '\n';
    } else if (!actions.empty()) {
      out_ += "Pitches would be acted on so: " + actions + '\n';
    }
  }

  static std::string listed(const Tally& tally, std::size_t most) {
    std::string text;
    for (const auto& [name, count] : tally.top(most)) {
      text += (text.empty() ? "" : ", ") + name + ' ' + std::to_string(count);
    }
    return text + (tally.size() > most ? ", ..." : "");
  }

  void write_over_time() {
    const std::size_t side = summary_.sides - 1;
    if (summary_.pitches[side].empty()) return;
    const auto steps = summary_.pitches[side].steps(summary_.judged);
    out_ += "Pitches by " + std::string(to_string(summary_.judged.unit())) + ": " +
            sparkline(steps, terminal_.columns() - 18) + '\n';
  }

  void write_change() {
    const std::string sentence =
        summary_.changed == 0
            ? "No message would be judged otherwise."
            : std::to_string(summary_.changed) + (summary_.changed == 1 ? " message" : " messages") +
                  " would be judged otherwise: " + std::to_string(summary_.new_pitches) + " new pitches, " +
                  std::to_string(summary_.lost_pitches) + " no longer pitches";
    out_ += '\n' + terminal_.paint(Terminal::Ink::bold, sentence) + '\n';
    if (summary_.by_history > 0) {
      out_ += std::to_string(summary_.by_history) +
              " of them only because an earlier message of the sender would be judged otherwise\n";
    }
    if (summary_.acted_otherwise > 0) {
      out_ += std::to_string(summary_.acted_otherwise) +
              (summary_.acted_otherwise == 1 ? " message" : " messages") + " would be acted on otherwise\n";
    }
  }

  void write_names(const std::string& title, const Tally& tally) {
    if (tally.empty()) return;
    heading(title);
    for (const auto& [name, count] : tally.top(kMostNames)) {
      out_ += right(count) + "  " + fitted(name, kNumberColumns + 2) + '\n';
    }
    if (tally.size() > kMostNames) {
      out_ += std::string(kNumberColumns + 2, ' ') + "and " + std::to_string(tally.size() - kMostNames) +
              " more\n";
    }
  }

  std::string fitted(const std::string& text, std::size_t used) const {
    const std::string line = one_line(text);
    const std::size_t room = terminal_.columns() - used;
    return columns_of(line) <= room ? line : padded(line, room);
  }

  void write_rows() {
    if (summary_.rows.empty()) return;
    heading(summary_.sides == 2 ? "Messages judged otherwise" : "Pitches");
    for (std::size_t i = 0; i < std::min(most_rows_, summary_.rows.size()); ++i) write_row(summary_.rows[i]);
    if (summary_.rows.size() > most_rows_) {
      out_ += "and " + std::to_string(summary_.rows.size() - most_rows_) +
              " more; --html OUT or --json lists all\n";
    }
  }

  void write_row(const ReplayRow& row) {
    const std::string verdict = row.sides.size() == 2
                                    ? verdict_of(row.sides[0]) + " -> " + verdict_of(row.sides[1])
                                    : verdict_of(row.sides[0]);
    out_ += format_rfc3339(row.date).substr(0, 10) + "  " + padded(verdict, summary_.sides == 2 ? 34 : 18);
    out_ += "  " + fitted(row.sender, summary_.sides == 2 ? 48 : 32) + '\n';
    out_ += "            " + fitted(row.subject.empty() ? "(no subject)" : row.subject, 12) + '\n';
    out_ += "            " + terminal_.paint(Terminal::Ink::dim, one_line(row.path)) + '\n';
  }

  const ReplaySummary& summary_;
  const Terminal& terminal_;
  std::size_t most_rows_;
  std::string out_;
};

}  // namespace

std::string summary_as_text(const ReplaySummary& summary, const Terminal& terminal, std::size_t most_rows) {
  return Writer(summary, terminal, most_rows).write();
}

}  // namespace coldpitch
