// SPDX-License-Identifier: MIT
#include "parsers/linkedin_text.h"

#include <algorithm>
#include <span>
#include <string>

#include "parsers/linkedin_kind.h"
#include "parsers/linkedin_sender.h"
#include "parsers/linkedin_tables.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

constexpr std::size_t kLongestGreeting = 80;

std::optional<Span> words_or_nothing(Span span) {
  return span.size() == 0 ? std::nullopt : std::optional(span);
}

/// td.message-contents, LinkedIn's own name for the place.
std::optional<Span> contents_region(const Message& message) {
  if (message.source != BodySource::html) return std::nullopt;
  for (const HtmlRegion& region : message.html.regions) {
    if (region.hidden || !has_class(region, "message-contents")) continue;
    const Span place{region.text.begin, std::min(region.text.end, message.text.size())};
    const auto words =
        place.begin < place.end ? words_or_nothing(trimmed(message.text, place)) : std::nullopt;
    if (words) return words;
  }
  return std::nullopt;
}

/// InMail in HTML without named regions (2022): words, then the button, then the footer.
std::optional<Span> inmail_in_html(const Message& message, const std::vector<MemberLink>& links,
                                   const Lines& lines) {
  std::size_t begin = 0;
  std::size_t end = lines.block(0, footer_line(lines)).end;
  const auto card =
      std::find_if(links.begin(), links.end(), [](const MemberLink& link) { return is_name_link(link); });
  if (card != links.end()) begin = end_of_card(message, *card);
  const auto button = std::find_if(links.rbegin(), links.rend(), [&](const MemberLink& link) {
    return link.text.begin >= begin && link.text.begin <= end && !thread_of(link.path).empty();
  });
  if (button != links.rend()) end = button->text.begin;
  return begin < end ? words_or_nothing(trimmed(message.text, {begin, end})) : std::nullopt;
}

/// First line of the words when no conversation URL stands above them.
std::size_t first_line_of_words(const Lines& lines, std::string_view subject) {
  std::size_t line = lines.next_filled(0);
  const std::string_view wanted = trim(subject);
  for (int copies = 0; copies < 2 && line < lines.size() && !wanted.empty() && lines[line] == wanted;
       ++copies) {
    line = lines.next_filled(line + 1);
  }
  if (line < lines.size() && starts_with_ignoring_case(lines[line], "You have a new InMail message")) ++line;
  return line;
}

std::optional<Span> inmail_in_plain(const Message& message, const Lines& lines) {
  const std::size_t conversation = conversation_line(lines);
  if (conversation == lines.size()) {
    return words_or_nothing(lines.block(first_line_of_words(lines, message.subject), footer_line(lines)));
  }
  // This layout always ends in a rule, in every language of the footer, so the last one is LinkedIn's.
  const std::size_t rule = last_rule(lines);
  const bool is_drawn = rule > conversation && rule < lines.size();
  return words_or_nothing(lines.block(conversation + 1, is_drawn ? rule : footer_line(lines)));
}

/// Lower case, straight apostrophes, one blank between words.
std::string comparable(std::string_view text) {
  constexpr std::string_view kApostrophe = "\xE2\x80\x99";
  std::string plain;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text.substr(at, kApostrophe.size()) == kApostrophe) {
      plain += '\'';
      at += kApostrophe.size() - 1;
    } else if (!is_ascii_space(text[at])) {
      plain += ascii_lower(text[at]);
    } else if (!plain.empty() && plain.back() != ' ') {
      plain += ' ';
    }
  }
  return plain;
}

bool is_one_of(std::string_view text, std::span<const std::string_view> table) {
  return std::find(table.begin(), table.end(), text) != table.end();
}

/// nullopt when LinkedIn's default sentence stands in a note's place.
std::optional<Span> note_in(std::string_view text, Span span) {
  span = trimmed(text, span);
  const std::string sentence = comparable(text.substr(span.begin, span.size()));
  return is_one_of(sentence, kDefaultInvitations) ? std::nullopt : words_or_nothing(span);
}

/// `span` behind LinkedIn's "Hi Jane," when it starts so.
Span behind_greeting(std::string_view text, Span span) {
  const std::string_view start = text.substr(span.begin, std::min(span.size(), kLongestGreeting));
  const std::size_t comma = start.find(',');
  const std::string word = to_ascii_lower(start.substr(0, start.find_first_of(" ,")));
  if (comma != std::string_view::npos && is_one_of(word, kGreetings)) span.begin += comma + 1;
  return span;
}

/// The note of an invitation in HTML (2016): between LinkedIn's header and the inviter's card.
std::optional<Span> note_in_html(const Message& message, const std::vector<MemberLink>& links) {
  const auto card =
      std::find_if(links.begin(), links.end(), [](const MemberLink& link) { return link.is_of("-hero-"); });
  if (card == links.end()) return std::nullopt;
  std::size_t begin = 0;
  for (auto link = links.begin(); link != card; ++link) {
    if (link->is_of("-header-")) begin = link->text.end;
  }
  if (begin >= card->text.begin) return std::nullopt;
  return note_in(message.text,
                 behind_greeting(message.text, trimmed(message.text, {begin, card->text.begin})));
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

std::size_t next_linked_line(const Lines& lines, std::size_t line, std::size_t end) {
  while (line < end && !has_member_link(lines[line])) ++line;
  return line;
}

std::optional<Span> note_in_lines(const Lines& lines, std::size_t first, std::size_t last) {
  first = lines.next_filled(first);
  if (first >= last) return std::nullopt;
  const std::string_view greeting = lines[first];
  if (greeting.back() == ',' && greeting.size() <= kLongestGreeting) ++first;
  return note_in(lines.text(), lines.block(first, last));
}

/// Greeting, note, card, then "View profile: URL".
std::optional<Span> note_in_plain(const Lines& lines, std::string_view sender_name) {
  const std::size_t end = next_linked_line(lines, 0, footer_line(lines));
  return note_in_lines(lines, 0, card_line(lines, 0, end, sender_name));
}

/// "Accept: URL", "View NAME's profile: URL", note.
std::optional<Span> note_in_reminder(const Lines& lines) {
  const std::size_t footer = footer_line(lines);
  std::size_t first = next_linked_line(lines, 0, footer);
  while (first < footer && (lines[first].empty() || has_member_link(lines[first]))) ++first;
  return note_in_lines(lines, first, next_linked_line(lines, first, footer));
}

std::optional<Span> find_note(const Message& message, LinkedInKind kind, const std::vector<MemberLink>& links,
                              const Lines& lines, std::string_view sender_name) {
  const bool is_html = message.source == BodySource::html;
  if (kind == LinkedInKind::invitation_reminder) return is_html ? std::nullopt : note_in_reminder(lines);
  return is_html ? note_in_html(message, links) : note_in_plain(lines, sender_name);
}

}  // namespace

std::optional<Span> find_human_text(const Message& message, LinkedInKind kind,
                                    const std::vector<MemberLink>& links, const Lines& lines,
                                    std::string_view sender_name) {
  const bool is_invitation = kind == LinkedInKind::invitation || kind == LinkedInKind::invitation_reminder;
  if (!is_invitation && !is_inmail(kind) && kind != LinkedInKind::direct_message) return std::nullopt;
  const auto region = contents_region(message);
  if (region) return is_invitation ? note_in(message.text, *region) : region;
  if (is_invitation) return find_note(message, kind, links, lines, sender_name);
  if (!is_inmail(kind)) return std::nullopt;
  return message.source == BodySource::html ? inmail_in_html(message, links, lines)
                                            : inmail_in_plain(message, lines);
}

}  // namespace coldpitch::linkedin
