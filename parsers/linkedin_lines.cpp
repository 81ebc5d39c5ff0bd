// SPDX-License-Identifier: MIT
#include "parsers/linkedin_lines.h"

#include <algorithm>
#include <array>
#include <set>

#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

/// Subject twice, name, UI word and URL, with blank lines between them.
constexpr std::size_t kFrameLines = 12;
constexpr std::size_t kMaxFooterLinks = 8;
/// A footer's line in a language nobody told us of is no longer than this.
constexpr std::size_t kLongestForeignLine = 160;

/// "Learn why we included this", in every language; it stands below the line on whom the mail was meant for.
bool has_reason_link(std::string_view line) {
  return has_member_link(line) && (line.find("/answer/4788") != std::string_view::npos ||
                                   line.find("articleId=4788") != std::string_view::npos);
}

bool has_footer_link(std::string_view line) {
  static constexpr auto kParts = std::to_array<std::string_view>(
      {"email-unsubscribe", "/help/linkedin/", "customerServiceUrl", "t=lun", "/psettings/"});
  if (!has_member_link(line)) return false;
  return has_reason_link(line) || std::any_of(kParts.begin(), kParts.end(), [&](std::string_view part) {
           return line.find(part) != std::string_view::npos;
         });
}

/// Walks up a footer. What was LinkedIn's once is a member's copy the second time.
class FooterWalk {
 public:
  FooterWalk(const Lines& lines, const LinkedInKnowledge& known) : lines_(lines), known_(known) {}

  /// True when `line` goes on the footer below it.
  bool takes(std::size_t line) {
    const std::string_view text = lines_[line];
    if (text.empty()) return true;
    if (const auto phrase = known_.footers.at_start_of(text)) return footers_.insert(*phrase).second;
    if (const auto phrase = known_.closings.at_start_of(text)) return closings_.insert(*phrase).second;
    if (has_footer_link(text)) return ++links_ <= kMaxFooterLinks;
    // The line on whom the mail was meant for, in any language.
    return line + 1 < lines_.size() && has_reason_link(lines_[line + 1]) &&
           text.size() <= 2 * kLongestForeignLine;
  }

 private:
  const Lines& lines_;
  const LinkedInKnowledge& known_;
  std::set<std::size_t> footers_, closings_;
  std::size_t links_ = 0;
};

bool is_rule(std::string_view line, const LinkedInKnowledge& known) {
  return std::find(known.rules.begin(), known.rules.end(), line) != known.rules.end();
}

/// The last line that only a footer has, or lines.size().
std::size_t last_anchor(const Lines& lines, const LinkedInKnowledge& known) {
  for (std::size_t line = lines.size(); line-- > 0;) {
    if (lines[line].empty()) continue;
    if (known.footers.at_start_of(lines[line]) || has_footer_link(lines[line])) return line;
  }
  return lines.size();
}

/// True when lines [first, last) may be a footer's: LinkedIn's lines, and beside links of a footer one that is not understood.
bool may_be_footer(const Lines& lines, std::size_t first, std::size_t last, const LinkedInKnowledge& known) {
  std::size_t foreign = 0;
  std::size_t links = 0;
  FooterWalk walk(lines, known);
  for (std::size_t line = last; line-- > first;) {
    if (has_footer_link(lines[line])) ++links;
    if (walk.takes(line)) continue;
    if (++foreign > 1 || lines[line].size() > kLongestForeignLine) return false;
  }
  return foreign == 0 || links > 0;
}

bool is_conversation_url(std::string_view line) {
  if (!starts_with_ignoring_case(line, "https://www.linkedin.com/")) return false;
  return line.find("/messaging/thread/") != std::string_view::npos ||
         line.find("/talent/inbox/") != std::string_view::npos ||
         line.find("/sales/inbox/") != std::string_view::npos;
}

}  // namespace

Lines::Lines(std::string_view text) : text_(text) {
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines_.push_back(trimmed(text, {begin, end}));
    begin = end + 1;
  }
}

bool Lines::is_indented(std::size_t line) const {
  const std::size_t begin = lines_[line].begin;
  return begin > 0 && (text_[begin - 1] == ' ' || text_[begin - 1] == '\t');
}

std::size_t Lines::line_of(std::size_t at) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), at,
                                      [](std::size_t octet, const Span& line) { return octet < line.begin; });
  return after == lines_.begin() ? 0 : static_cast<std::size_t>(after - lines_.begin()) - 1;
}

std::size_t Lines::next_filled(std::size_t line) const {
  while (line < lines_.size() && lines_[line].size() == 0) ++line;
  return line;
}

Span Lines::block(std::size_t first, std::size_t last) const {
  last = std::min(last, lines_.size());
  if (first >= last) return {};
  return trimmed(text_, {lines_[first].begin, lines_[last - 1].end});
}

std::size_t Lines::begin_of(std::size_t line) const {
  return line < lines_.size() ? lines_[line].begin : text_.size();
}

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_ascii_space(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_ascii_space(text[span.end - 1])) --span.end;
  return span;
}

bool has_member_link(std::string_view line) {
  const std::size_t at = line.find("linkedin.com/");
  return at != std::string_view::npos && line.rfind("http", at) != std::string_view::npos;
}

std::size_t last_rule(const Lines& lines, const LinkedInKnowledge& known) {
  for (std::size_t line = lines.size(); line-- > 0;) {
    if (is_rule(lines[line], known)) return line;
  }
  return lines.size();
}

std::size_t footer_line(const Lines& lines, const LinkedInKnowledge& known) {
  std::size_t first = last_anchor(lines, known);
  if (first < lines.size()) {
    FooterWalk walk(lines, known);
    (void)walk.takes(first);
    while (first > 0 && walk.takes(first - 1)) --first;
  }
  std::size_t rule = last_rule(lines, known);
  if (rule >= first || !may_be_footer(lines, rule + 1, first, known)) return first;
  FooterWalk walk(lines, known);
  while (rule > 0 && walk.takes(rule - 1)) --rule;
  return rule;
}

std::size_t conversation_line(const Lines& lines) {
  // A subject may hold such a URL, but never stands indented.
  for (std::size_t line = 0; line < std::min(lines.size(), kFrameLines); ++line) {
    if (lines.is_indented(line) && is_conversation_url(lines[line])) return line;
  }
  return lines.size();
}

}  // namespace coldpitch::linkedin
