// SPDX-License-Identifier: MIT
#include <cmath>
#include <set>

#include "cli/explain.h"
#include "cli/html_page.h"
#include "milter/result_fields.h"

namespace coldpitch {
namespace {

std::string tag(std::string_view name, std::string_view html) {
  std::string out = "<";
  return out.append(name).append(">").append(html).append("</").append(name).append(">\n");
}

std::string signed_score(double weight) {
  return (weight > 0 ? "+" : weight < 0 ? "\u2212" : "") + format_score(std::abs(weight));
}

class Page {
 public:
  explicit Page(const Explanation& explanation) : explanation_(explanation) {}

  std::string write() {
    write_head();
    out_ += "<div class=\"columns\"><section>\n";
    for (const MarkedText& text : explanation_.texts) write_text(text);
    write_legend();
    write_hidden();
    write_links();
    write_clauses();
    out_ += "</section><section>\n";
    write_rules();
    write_others();
    write_list("What history knew", explanation_.history);
    write_list("What was cut at a limit", explanation_.cut);
    write_oddities();
    write_recipients();
    out_ += "</section></div>\n";
    return std::move(out_);
  }

 private:
  void write_head() {
    const Verdict& verdict = explanation_.verdict;
    const std::string subject = field("Subject");
    out_ += "<div class=\"head\"><h1>" + html_text(subject.empty() ? "(no subject)" : subject) +
            "</h1>\n<p>" + verdict_chip(to_string(verdict.level));
    if (verdict.exempt_because.empty()) {
      out_ += " · score <b>" + format_score(verdict.score) + "</b> (a pitch from " +
              format_score(verdict.threshold) + ")";
    } else {
      out_ += " · not judged: " + html_text(verdict.exempt_because);
    }
    out_ += " · channel " + std::string(to_string(explanation_.channel)) + "</p>\n";
    if (!verdict.reason.empty()) out_ += tag("p", html_text(verdict.reason));
    if (!explanation_.hint.empty()) out_ += tag("p", html_text(explanation_.hint));
    out_ += "<dl class=\"fields\">";
    for (const auto& [name, value] : explanation_.fields) {
      if (name != "Subject") out_ += "<dt>" + name + "</dt><dd dir=\"auto\">" + html_text(value) + "</dd>\n";
    }
    if (!explanation_.channel_note.empty()) {
      out_ += "<dt>LinkedIn</dt><dd dir=\"auto\">" + html_text(explanation_.channel_note) + "</dd>\n";
    }
    out_ += "<dt>File</dt><dd>" + html_text(explanation_.path) + "</dd></dl></div>\n";
  }

  [[nodiscard]] std::string field(std::string_view wanted) const {
    for (const auto& [name, value] : explanation_.fields) {
      if (name == wanted) return value;
    }
    return {};
  }

  void write_text(const MarkedText& text) {
    const bool is_body = text.where == "body";
    out_ += tag("h2", is_body                   ? "The message, as it is read"
                      : text.where == "subject" ? "Subject"
                                                : "Sender's " + text.where);
    out_ += is_body ? "<div class=\"mail\" dir=\"auto\">" : "<div class=\"mail line\" dir=\"auto\">";
    SegmentKind kind = SegmentKind::human;
    for (const TextPiece& piece : pieces_of(text)) {
      if (piece.kind != kind) {
        if (kind != SegmentKind::human) out_ += "</span>";
        if (piece.kind != SegmentKind::human) {
          out_ += "<span class=\"aside\" title=\"" + std::string(to_string(piece.kind)) + "\">";
        }
        kind = piece.kind;
      }
      write_piece(piece, text.text);
    }
    if (kind != SegmentKind::human) out_ += "</span>";
    out_ += text.text.empty() ? "<span class=\"soft\">(no words)</span></div>\n" : "</div>\n";
  }

  void write_piece(const TextPiece& piece, std::string_view text) {
    const std::string words = html_text(text.substr(piece.span.begin, piece.span.size()));
    if (piece.rules.empty()) {
      out_ += words;
      return;
    }
    std::string title;
    for (const std::size_t rule : piece.rules) {
      title += (title.empty() ? "" : ", ") + explanation_.rules[rule - 1].evidence.rule;
    }
    out_ += "<mark class=\"" + mark_class(explanation_.rules[piece.rules.front() - 1].evidence) +
            "\" title=\"" + html_text(title) + "\">" + words + "</mark>";
    for (const std::size_t rule : piece.ending) {
      const std::string number = std::to_string(rule);
      out_.append("<sup><a href=\"#r").append(number).append("\">").append(number).append("</a></sup>");
    }
  }

  static std::string mark_class(const Evidence& evidence) {
    if (evidence.shadow) return "shadow";
    return evidence.weight < 0 ? "against" : clause_class(evidence.clause);
  }

  void write_legend() {
    std::set<std::string> clauses;
    for (const ExplainedRule& rule : explanation_.rules) {
      if (!rule.evidence.shadow && rule.evidence.weight >= 0) clauses.insert(rule.evidence.clause);
    }
    if (clauses.empty()) return;
    out_ += "<p class=\"small\"><span class=\"soft\">Marked by clause:</span> ";
    for (const std::string& clause : clauses) out_ += clause_chip(clause) + ' ';
    out_ += "<span class=\"soft\">The numbers lead to the rules.</span></p>\n";
  }

  void write_hidden() {
    if (explanation_.hidden_text.empty()) return;
    out_ += tag("h2", "In the mail, but not shown to its reader");
    out_ += "<div class=\"mail aside\" dir=\"auto\">" + html_text(explanation_.hidden_text) + "</div>\n";
  }

  void write_links() {
    if (explanation_.links.empty()) return;
    out_ += tag("h2", "Where its links lead") + "<ul class=\"small\">";
    for (const std::string& link : explanation_.links)
      out_ += "<li><code>" + html_text(link) + "</code></li>";
    out_ += "</ul>\n";
  }

  void write_rules() {
    out_ += tag("h2", explanation_.rules.empty() ? "No rule held" : "Rules that held");
    if (explanation_.rules.empty()) return;
    out_ += "<ol class=\"rules\">\n";
    for (std::size_t i = 0; i < explanation_.rules.size(); ++i) write_rule(i + 1, explanation_.rules[i]);
    out_ += "</ol>\n";
  }

  void write_rule(std::size_t number, const ExplainedRule& rule) {
    const Evidence& evidence = rule.evidence;
    out_ += "<li id=\"r" + std::to_string(number) + (rule.note.empty() ? "\">" : "\" class=\"idle\">");
    out_ += "<div class=\"rule\"><b>" + std::to_string(number) + "</b> <span class=\"id\">" +
            html_text(evidence.rule) + "</span> " + clause_chip(evidence.clause) + "<span class=\"weight\">" +
            (evidence.shadow ? "shadow" : signed_score(evidence.weight)) + "</span></div>\n";
    std::string detail = html_text(rule.reason);
    if (!evidence.text.empty()) {
      detail +=
          (detail.empty() ? "<q dir=\"auto\">" : ": <q dir=\"auto\">") + html_text(evidence.text) + "</q>";
    }
    if (!detail.empty()) out_ += "<div class=\"small\">" + detail + "</div>";
    if (!rule.note.empty()) {
      out_ += "<div class=\"small soft\">" + html_text(rule.note) +
              " (its weight: " + signed_score(rule.written_weight) + ")</div>";
    }
    out_ += "</li>\n";
  }

  void write_others() {
    if (explanation_.others.empty()) return;
    out_ += tag("h2", "What would change the verdict") + "<ul class=\"small\">";
    for (const OtherVerdict& other : explanation_.others) {
      out_ += "<li>" + html_text(other.condition) + ": <b>" + html_text(verdict_phrase(other.verdict)) +
              "</b></li>\n";
    }
    out_ += "</ul>\n";
  }

  void write_list(std::string_view title, const std::vector<std::string>& sentences) {
    if (sentences.empty()) return;
    out_ += tag("h2", title) + "<ul class=\"small\">";
    for (const std::string& sentence : sentences) out_ += "<li>" + html_text(sentence) + "</li>";
    out_ += "</ul>\n";
  }

  void write_oddities() {
    if (explanation_.oddities.empty()) return;
    std::string names;
    for (const std::string& name : explanation_.oddities) names += "<code>" + html_text(name) + "</code> ";
    out_ += tag("h2", "What was odd in it") + "<p class=\"small\">" + names + "</p>\n";
  }

  void write_clauses() {
    if (explanation_.clauses.empty()) return;
    out_ += tag("h2", "Clauses it breaks");
    std::string last_text;
    for (const ExplainedClause& clause : explanation_.clauses) {
      out_ += "<p>" + clause_chip(clause.id) + " <b>" + signed_score(clause.score) + "</b>" +
              (clause.capped ? " <span class=\"soft\">(its cap)</span>" : "") + ' ' +
              html_text(clause.title) + " <span class=\"soft small\">" + html_text(clause.policy) +
              "</span></p>\n";
      // Policies may rest several clauses on one sentence.
      if (clause.text.empty() || clause.text == last_text) continue;
      last_text = clause.text;
      out_ +=
          "<blockquote>" + html_text(clause.text) + "<br><span class=\"soft\">" + html_text(clause.source) +
          (clause.captured.empty() ? "" : ", as of " + html_text(clause.captured)) + "</span></blockquote>\n";
    }
  }

  void write_recipients() {
    if (explanation_.recipients.empty()) return;
    out_ += tag("h2", "For whom") + "<ul class=\"small\">";
    for (const auto& [address, verdict] : explanation_.recipients) {
      out_ += "<li>" + html_text(address) + ": " + html_text(verdict) + "</li>";
    }
    out_ += "</ul>\n";
  }

  const Explanation& explanation_;
  std::string out_;
};

}  // namespace

std::string explanation_as_html(const Explanation& explanation) { return Page(explanation).write(); }

}  // namespace coldpitch
