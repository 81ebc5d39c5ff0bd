// SPDX-License-Identifier: MIT
#include "parsers/linkedin_invitation.h"

#include <algorithm>
#include <string>

#include "parsers/fold.h"
#include "parsers/linkedin_compare.h"
#include "parsers/linkedin_sender.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Role = LinkedInKnowledge::Role;

constexpr std::size_t kLongestGreeting = 80;
constexpr std::size_t kLongestDefault = 500;
/// So much of a note stands in the preheader too, if it is one; shorter ones stand there whole.
constexpr std::size_t kPreheaderOctets = 24;
constexpr std::size_t kPreheaderRead = 4096;
constexpr std::size_t kMaxCardLines = 12;

std::optional<Span> note_or_nothing(Span span) {
  return span.size() == 0 ? std::nullopt : std::optional(span);
}

/// "NAME would like to connect on LinkedIn.": LinkedIn's, wherever it stands.
bool is_sentence(std::string_view line, const LinkedInKnowledge& known) {
  if (line.empty() || line.size() > LinePhrases::kLineOctets) return false;
  const std::string comparable = comparable_phrase(line);
  return std::any_of(known.sentences.begin(), known.sentences.end(), [&](const std::string& sentence) {
    const std::size_t at = comparable.find(sentence);
    return at != std::string::npos && at > 0;
  });
}

/// The reader's first name, by which LinkedIn greets.
std::string_view readers_name(const Message& message) {
  if (message.to.empty()) return {};
  const std::string_view name = message.to.front().display_name;
  return name.substr(0, name.find(' '));
}

/// `span` behind LinkedIn's "Hi Jane," when it starts so, in any language.
Span behind_greeting(const Notification& notification, Span span) {
  const std::string_view start =
      notification.text().substr(span.begin, std::min(span.size(), kLongestGreeting));
  const std::size_t comma = start.find(',');
  if (comma == std::string_view::npos || start.find('\n') < comma) return span;
  const std::string_view name = readers_name(notification.message);
  const bool is_named =
      name.size() > 1 && find_ignoring_case(start.substr(0, comma), name) != std::string_view::npos;
  if (is_named || notification.known.greetings.at_start_of(start)) span.begin += comma + 1;
  return trimmed(notification.text(), span);
}

/// LinkedIn begins its preheader with the note, where there is one.
bool stands_in_preheader(const Notification& notification, Span span) {
  const std::string_view words = notification.text().substr(span.begin, span.size());
  const std::string note = squeeze(utf8_prefix(words, 4 * kPreheaderOctets)).text;
  const std::string_view start = std::string_view(note).substr(0, kPreheaderOctets);
  return !start.empty() &&
         squeeze(utf8_prefix(notification.message.hidden_text, kPreheaderRead)).text.find(start) !=
             std::string::npos;
}

/// Between LinkedIn's header and the inviter's card (2016).
std::optional<Span> note_above_card(const Notification& notification, std::size_t card) {
  std::size_t begin = 0;
  for (const MemberLink& link : notification.links) {
    if (link.role == Role::recipient && link.text.begin < card) begin = std::max(begin, link.text.end);
  }
  if (begin >= card) return std::nullopt;
  const Span note = behind_greeting(notification, trimmed(notification.text(), {begin, card}));
  return note.size() > 0 && stands_in_preheader(notification, note) ? std::optional(note) : std::nullopt;
}

/// Lines between the card (name, headline, location) and LinkedIn's first button. Most mails have none.
std::optional<Span> note_below_card(const Notification& notification, const MemberLink& card) {
  std::size_t end = notification.footer;
  for (const MemberLink& link : notification.links) {
    const bool is_next = link.text.begin >= card.text.end && link.text.size() > 0;
    if (is_next && (link.role == Role::button || link.role == Role::suggestion)) {
      end = std::min(end, link.text.begin);
      break;
    }
  }
  const Lines& lines = notification.lines;
  // A note is told by the preheader alone, so that no headline is taken for one.
  const std::size_t first = lines.line_of(card.text.end) + 1;
  for (std::size_t line = first; line < std::min(lines.size(), first + kMaxCardLines); ++line) {
    if (lines.begin_of(line) >= end) break;
    if (lines[line].empty()) continue;
    const Span span = trimmed(notification.text(), {lines.span(line).begin, end});
    if (stands_in_preheader(notification, span)) return span;
  }
  return std::nullopt;
}

std::optional<Span> note_in_html(const Notification& notification, std::string_view sender_name) {
  const MemberLink* name = find_name_link(notification, sender_name, std::nullopt);
  const auto& links = notification.links;
  const auto first = std::find_if(links.begin(), links.end(), [](const MemberLink& link) {
    return (link.role == Role::sender || link.role == Role::button) && link.text.size() > 0;
  });
  std::size_t card = name != nullptr ? name->text.begin : notification.footer;
  if (first != links.end()) card = std::min(card, first->text.begin);
  if (name == nullptr && first == links.end()) return std::nullopt;
  const std::optional<Span> above = note_above_card(notification, card);
  if (above || name == nullptr) return above;
  return note_below_card(notification, *name);
}

bool is_signed_by(std::string_view line, std::string_view name) {
  if (equals_ignoring_case(line, name)) return true;
  constexpr std::string_view kDash = "- ";
  return line.size() > kDash.size() && line.substr(0, kDash.size()) == kDash &&
         starts_with_ignoring_case(name, line.substr(kDash.size()));
}

/// First line of the inviter's card at the end of lines [first, last): the last one with the name, else the last paragraph.
std::size_t card_line(const Lines& lines, std::size_t first, std::size_t last, std::string_view name) {
  for (std::size_t line = last; !name.empty() && line-- > first;) {
    if (is_signed_by(lines[line], name)) return line;
  }
  std::size_t line = last;
  while (line > first && lines[line - 1].empty()) --line;
  while (line > first && !lines[line - 1].empty()) --line;
  return line;
}

/// Lines [first, last) without a greeting and LinkedIn's sentences on top.
std::optional<Span> note_in_lines(const Notification& notification, std::size_t first, std::size_t last) {
  const Lines& lines = notification.lines;
  const auto skip = [&] { first = lines.next_filled(first); };
  skip();
  if (first < last && lines[first].back() == ',' && lines[first].size() <= kLongestGreeting) {
    ++first;
    skip();
  }
  while (first < last && is_sentence(lines[first], notification.known)) {
    ++first;
    skip();
  }
  return first < last ? note_or_nothing(lines.block(first, last)) : std::nullopt;
}

/// The lines of LinkedIn's links right above `end`, "Accept: URL": the first of them, or `end`. A note may hold such links too, but not
/// below the card.
std::size_t first_of_buttons(const Lines& lines, std::size_t end) {
  std::size_t first = end;
  for (std::size_t line = end; line-- > 0;) {
    if (has_member_link(lines[line])) {
      first = line;
    } else if (!lines[line].empty()) {
      break;
    }
  }
  return first;
}

/// The last heading of people LinkedIn suggests above `end`, else `end`.
std::size_t suggestions_line(const Notification& notification, std::size_t end) {
  for (std::size_t line = end; line-- > 0;) {
    if (notification.known.suggestions.is_whole(notification.lines[line])) return line;
  }
  return end;
}

/// Greeting, note, card, then "View profile: URL".
std::optional<Span> note_in_plain(const Notification& notification, std::string_view sender_name) {
  const Lines& lines = notification.lines;
  const std::size_t footer = footer_line(lines, notification.known);
  std::size_t end = first_of_buttons(lines, suggestions_line(notification, footer));
  // A heading that is the inviter's own has no buttons above it.
  if (end == suggestions_line(notification, footer)) end = first_of_buttons(lines, footer);
  return note_in_lines(notification, 0, card_line(lines, 0, end, sender_name));
}

/// "Accept: URL", "View NAME's profile: URL", note.
std::optional<Span> note_in_reminder(const Notification& notification) {
  const Lines& lines = notification.lines;
  const std::size_t footer = footer_line(lines, notification.known);
  std::size_t first = 0;
  while (first < footer && !has_member_link(lines[first])) ++first;
  while (first < footer && (lines[first].empty() || has_member_link(lines[first]))) ++first;
  return note_in_lines(notification, first, footer);
}

}  // namespace

std::optional<Span> find_note(const Notification& notification, LinkedInKind kind,
                              std::string_view sender_name) {
  if (notification.is_html) return note_in_html(notification, sender_name);
  return kind == LinkedInKind::invitation_reminder ? note_in_reminder(notification)
                                                   : note_in_plain(notification, sender_name);
}

bool is_default_invitation(std::string_view note, const LinkedInKnowledge& known) {
  if (note.size() > kLongestDefault) return false;
  const std::string folded = fold_text(note).text;
  return std::find(known.invitations.begin(), known.invitations.end(), folded) != known.invitations.end();
}

}  // namespace coldpitch::linkedin
