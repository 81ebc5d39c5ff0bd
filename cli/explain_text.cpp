// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "cli/explain.h"
#include "milter/result_fields.h"

namespace coldpitch {
namespace {

using Ink = Terminal::Ink;

Ink ink_of(std::string_view clause) {
  constexpr std::array<std::pair<std::string_view, Ink>, 6> kInks{{{"commercial", Ink::yellow},
                                                                   {"untargeted", Ink::cyan},
                                                                   {"irrelevant", Ink::blue},
                                                                   {"unwanted", Ink::red},
                                                                   {"unauthorized", Ink::magenta},
                                                                   {"repetitive", Ink::green}}};
  for (const auto& [name, ink] : kInks) {
    if (name == clause) return ink;
  }
  return Ink::bold;
}

Ink ink_of(Level level) {
  if (level >= Level::pitch) return Ink::red;
  return level == Level::suspect ? Ink::yellow : Ink::green;
}

class Writer {
 public:
  Writer(const Explanation& explanation, const Terminal& terminal)
      : explanation_(explanation), terminal_(terminal) {}

  std::string write() {
    write_head();
    for (const MarkedText& text : explanation_.texts) write_text(text);
    write_rules();
    write_list("History", explanation_.history);
    write_list("Cut", explanation_.cut);
    if (!explanation_.oddities.empty()) write_list("Oddities", {joined(explanation_.oddities)});
    write_others();
    if (explanation_.recipients.size() > 1) write_recipients();
    return std::move(out_);
  }

 private:
  void heading(std::string_view text) { out_ += '\n' + terminal_.paint(Ink::bold, text) + '\n'; }

  void write_head() {
    const Verdict& verdict = explanation_.verdict;
    out_ += terminal_.paint(ink_of(verdict.level), std::string(to_string(verdict.level)));
    if (verdict.exempt_because.empty()) {
      out_ += ", score " + format_score(verdict.score) + " (a pitch from " + format_score(verdict.threshold) +
              ")";
    } else {
      out_ += ", not judged: " + verdict.exempt_because;
    }
    out_ += ", channel " + std::string(to_string(explanation_.channel)) + '\n';
    if (!verdict.reason.empty()) out_ += wrapped("why: " + verdict.reason, terminal_.columns(), 0);
    if (!explanation_.hint.empty()) out_ += wrapped(explanation_.hint, terminal_.columns(), 0);
    out_ += '\n';
    for (const auto& [name, value] : explanation_.fields) {
      out_ += terminal_.paint(Ink::dim, padded(name + ':', 10)) + one_line(value) + '\n';
    }
    if (!explanation_.channel_note.empty()) {
      out_ += terminal_.paint(Ink::dim, padded("LinkedIn:", 10)) + one_line(explanation_.channel_note) + '\n';
    }
  }

  static std::string one_line(std::string_view text) {
    std::string line = terminal_text(text);
    std::replace(line.begin(), line.end(), '\n', ' ');
    return line;
  }

  /// Words that counted are followed by the numbers of their rules; without colours they also stand in braces.
  void write_text(const MarkedText& text) {
    heading(text.where == "body"      ? "Message"
            : text.where == "subject" ? "Subject"
                                      : "Sender's " + text.where);
    std::string marked;
    SegmentKind kind = SegmentKind::human;
    std::set<std::size_t> ended;
    const std::vector<TextPiece> pieces = pieces_of(text);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
      const TextPiece& piece = pieces[i];
      if (piece.kind != kind && piece.kind != SegmentKind::human) {
        marked += terminal_.paint(Ink::dim, '(' + std::string(to_string(piece.kind)) + ") ");
      }
      kind = piece.kind;
      const bool opens = !piece.rules.empty() && (i == 0 || pieces[i - 1].rules.empty());
      const bool closes = !piece.rules.empty() && (i + 1 == pieces.size() || pieces[i + 1].rules.empty());
      if (opens && !terminal_.has_colours()) marked += '{';
      marked += painted(piece, text.text);
      ended.insert(piece.ending.begin(), piece.ending.end());
      if (closes) marked += (terminal_.has_colours() ? "" : "}") + numbers(std::exchange(ended, {}));
    }
    out_ += wrapped(marked.empty() ? "(no words)" : marked, terminal_.columns(), 2);
  }

  std::string painted(const TextPiece& piece, std::string_view text) const {
    const std::string words = terminal_text(text.substr(piece.span.begin, piece.span.size()));
    if (piece.rules.empty()) return piece.kind == SegmentKind::human ? words : painted_words(Ink::dim, words);
    return painted_words(ink_of(explanation_.rules[piece.rules.front() - 1].evidence.clause), words);
  }

  std::string numbers(const std::set<std::size_t>& rules) const {
    std::string list;
    for (const std::size_t rule : rules) list += (list.empty() ? "" : ",") + std::to_string(rule);
    return terminal_.paint(Ink::dim, '[' + list + ']');
  }

  /// Each word for itself, so that a line broken between them keeps its colours.
  std::string painted_words(Ink ink, std::string_view words) const {
    std::string out;
    std::size_t begin = 0;
    for (std::size_t i = 0; i <= words.size(); ++i) {
      if (i < words.size() && words[i] != ' ' && words[i] != '\n') continue;
      out += terminal_.paint(ink, words.substr(begin, i - begin));
      if (i < words.size()) out += words[i];
      begin = i + 1;
    }
    return out;
  }

  void write_rules() {
    if (explanation_.rules.empty()) return;
    heading("Rules that held");
    std::size_t widest = 0;
    for (const ExplainedRule& rule : explanation_.rules) widest = std::max(widest, rule.evidence.rule.size());
    for (std::size_t i = 0; i < explanation_.rules.size(); ++i) {
      const ExplainedRule& rule = explanation_.rules[i];
      std::string number = std::to_string(i + 1);
      number.insert(0, number.size() < 3 ? 3 - number.size() : 0, ' ');
      std::string weight = rule.evidence.shadow ? "shadow" : format_score(rule.evidence.weight);
      weight.insert(0, weight.size() < 7 ? 7 - weight.size() : 0, ' ');
      out_ += number + weight + "  " + padded(rule.evidence.rule, std::min<std::size_t>(widest, 30)) + "  " +
              terminal_.paint(ink_of(rule.evidence.clause), rule.evidence.clause) + '\n';
      std::string detail = rule.reason;
      if (!rule.evidence.text.empty())
        detail += (detail.empty() ? "“" : ": “") + one_line(rule.evidence.text) + "”";
      if (!rule.note.empty())
        detail += " (" + rule.note + "; its weight: " + format_score(rule.written_weight) + ')';
      if (!detail.empty()) out_ += wrapped(detail, terminal_.columns(), 12);
    }
    for (const ExplainedClause& clause : explanation_.clauses) {
      out_ += "   " + terminal_.paint(ink_of(clause.id), clause.id) + ' ' + format_score(clause.score) +
              (clause.capped ? " (its cap)" : "") + "  " + terminal_.paint(Ink::dim, clause.policy) + '\n';
    }
  }

  void write_list(std::string_view title, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    heading(title);
    for (const std::string& sentence : sentences) out_ += wrapped(one_line(sentence), terminal_.columns(), 2);
  }

  static std::string joined(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += (line.empty() ? "" : ", ") + word;
    return line;
  }

  void write_others() {
    if (explanation_.others.empty()) return;
    heading("It would be another verdict");
    for (const OtherVerdict& other : explanation_.others) {
      out_ +=
          wrapped(one_line(other.condition) + ": " + verdict_phrase(other.verdict), terminal_.columns(), 2);
    }
  }

  void write_recipients() {
    heading("Recipients");
    for (const auto& [address, verdict] : explanation_.recipients) {
      out_ += wrapped(one_line(address) + ": " + verdict, terminal_.columns(), 2);
    }
  }

  const Explanation& explanation_;
  const Terminal& terminal_;
  std::string out_;
};

}  // namespace

std::string explanation_as_text(const Explanation& explanation, const Terminal& terminal) {
  return Writer(explanation, terminal).write();
}

}  // namespace coldpitch
