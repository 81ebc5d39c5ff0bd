// SPDX-License-Identifier: MIT
#include "parsers/linkedin_text.h"

#include <algorithm>
#include <array>

#include "parsers/linkedin_compare.h"
#include "parsers/linkedin_invitation.h"
#include "parsers/linkedin_kind.h"
#include "parsers/linkedin_sender.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Role = LinkedInKnowledge::Role;

/// Fewer octets of the plain part may stand anywhere in the HTML by chance.
constexpr std::size_t kLeastToFind = 16;

std::optional<Span> words_or_nothing(Span span) {
  return span.size() == 0 ? std::nullopt : std::optional(span);
}

/// First line of the words in plain text when no conversation URL stands above them.
std::size_t first_line_of_words(const Lines& lines, std::string_view subject,
                                const LinkedInKnowledge& known) {
  std::size_t line = lines.next_filled(0);
  const std::string_view wanted = trim(subject);
  for (int copies = 0; copies < 2 && line < lines.size() && !wanted.empty() && lines[line] == wanted;
       ++copies) {
    line = lines.next_filled(line + 1);
  }
  if (line < lines.size() && known.openings.at_start_of(lines[line])) ++line;
  return line;
}

/// InMail in plain text, of any year.
Span words_in_plain(const Lines& lines, std::string_view subject, const LinkedInKnowledge& known) {
  const std::size_t conversation = conversation_line(lines);
  if (conversation == lines.size()) {
    const std::size_t first = first_line_of_words(lines, subject, known);
    const std::size_t footer = footer_line(lines, known);
    if (footer < lines.size()) return lines.block(first, footer);
    // Text without line ends: a footer may stand inside a line, and the last mark is LinkedIn's.
    Span all = lines.block(first, footer);
    const std::size_t mark = known.footers.last_in(lines.text().substr(0, all.end));
    if (mark != std::string_view::npos && mark > all.begin) all.end = mark;
    return trimmed(lines.text(), all);
  }
  // This layout always ends in a rule, in every language of the footer, so the last one is LinkedIn's.
  const std::size_t rule = last_rule(lines, known);
  const bool is_drawn = rule > conversation && rule < lines.size();
  return lines.block(conversation + 1, is_drawn ? rule : footer_line(lines, known));
}

/// Where LinkedIn's own markup says the words are.
std::optional<Span> named_words(const Notification& notification) {
  if (!notification.is_html) return std::nullopt;
  for (const std::vector<std::string>& classes : notification.known.words_places) {
    for (const HtmlRegion& region : notification.message.html.regions) {
      if (region.hidden || !has_classes(region, classes)) continue;
      const auto words =
          words_or_nothing(trimmed(notification.text(), place_of(region, notification.text())));
      if (words) return words;
    }
  }
  return std::nullopt;
}

/// The first octet that can be a member's in HTML without a named place: behind the card, or behind subject and LinkedIn's line.
std::size_t begin_in_html(const Notification& notification, std::string_view sender_name) {
  const MemberLink* card = find_name_link(notification, sender_name, std::nullopt);
  if (card != nullptr) return end_of_card(notification, *card);
  const Lines& lines = notification.lines;
  return lines.begin_of(first_line_of_words(lines, notification.message.subject, notification.known));
}

/// The last of LinkedIn's buttons for this conversation between `begin` and the footer, else the footer.
std::size_t end_in_html(const Notification& notification, std::size_t begin) {
  const auto& links = notification.links;
  const auto button = std::find_if(links.rbegin(), links.rend(), [&](const MemberLink& link) {
    return link.text.begin >= begin && link.text.begin <= notification.footer &&
           (link.role == Role::button || !thread_of(link.path).empty());
  });
  return button != links.rend() ? button->text.begin : notification.footer;
}

/// InMail in HTML without named places (2022): words, then the button, then the footer.
std::optional<Span> unnamed_words(const Notification& notification, std::string_view sender_name) {
  const std::size_t begin = begin_in_html(notification, sender_name);
  const std::size_t end = end_in_html(notification, begin);
  if (begin >= end) return std::nullopt;
  Span words = trimmed(notification.text(), {begin, end});
  // Closing lines without a link.
  const Lines& lines = notification.lines;
  while (words.size() > 0) {
    const std::size_t line = lines.line_of(words.end - 1);
    if (lines.span(line).begin <= words.begin || !notification.known.closings.at_start_of(lines[line])) break;
    words = trimmed(notification.text(), {words.begin, lines.span(line).begin});
  }
  return words_or_nothing(words);
}

/// The words of the plain part beside the HTML, squeezed; "" when there is none.
std::string words_of_plain_part(const Notification& notification) {
  const std::string& plain = notification.message.plain;
  if (!notification.is_html || plain.empty()) return "";
  const Lines lines(plain);
  const Span words = words_in_plain(lines, notification.message.subject, notification.known);
  return squeeze(clean_words(lines.in(words)).text).text;
}

/// HTML first. Where no place is named, the plain part's words are looked for in it.
WordsFinding inmail_words(const Notification& notification, std::string_view sender_name) {
  WordsFinding finding;
  finding.absent = LinkedInNoWords::not_found;
  if (!notification.is_html) {
    finding.span = words_or_nothing(
        words_in_plain(notification.lines, notification.message.subject, notification.known));
    return finding;
  }
  const std::string plain = words_of_plain_part(notification);
  finding.span = named_words(notification);
  if (!finding.span && plain.size() >= kLeastToFind) {
    finding.span = find_squeezed(squeeze(notification.text().substr(0, notification.footer)), plain);
  }
  if (!finding.span) finding.span = unnamed_words(notification, sender_name);
  if (finding.span && !plain.empty()) {
    const std::string_view found = notification.text().substr(finding.span->begin, finding.span->size());
    finding.parts_differ = squeeze(found).text != plain;
  }
  return finding;
}

struct Entity {
  std::string_view written;
  std::string_view meant;
};

constexpr std::array kLeftovers = std::to_array<Entity>({{"<br>\n", "\n"},
                                                         {"<br/>\n", "\n"},
                                                         {"<br />\n", "\n"},
                                                         {"&#39;", "'"},
                                                         {"&#x27;", "'"},
                                                         {"&#34;", "\""},
                                                         {"&quot;", "\""},
                                                         {"&lt;", "<"},
                                                         {"&gt;", ">"},
                                                         {"&amp;", "&"}});

}  // namespace

CleanWords clean_words(std::string_view words) {
  CleanWords clean;
  clean.text.reserve(words.size());
  clean.source.add(0, 0);
  const bool has_breaks = words.find("<br>\n") != std::string_view::npos ||
                          words.find("<br/>\n") != std::string_view::npos ||
                          words.find("<br />\n") != std::string_view::npos;
  for (std::size_t at = 0; at < words.size();) {
    const auto leftover = std::find_if(kLeftovers.begin(), kLeftovers.end(), [&](const Entity& one) {
      return words.substr(at, one.written.size()) == one.written;
    });
    if (!has_breaks || leftover == kLeftovers.end()) {
      clean.text += words[at++];
      continue;
    }
    clean.source.add_block(clean.text.size(), {at, at + leftover->written.size()});
    clean.text += leftover->meant;
    at += leftover->written.size();
    clean.source.add(clean.text.size(), at);
  }
  return clean;
}

WordsFinding find_words(const Notification& notification, LinkedInKind kind, std::string_view sender_name) {
  const bool is_invitation = kind == LinkedInKind::invitation || kind == LinkedInKind::invitation_reminder;
  if (is_inmail(kind)) return inmail_words(notification, sender_name);
  WordsFinding finding;
  if (kind == LinkedInKind::direct_message) {
    finding.span = named_words(notification);
    return finding;
  }
  if (!is_invitation) return finding;
  const std::optional<Span> named = named_words(notification);
  const std::optional<Span> note = named ? named : find_note(notification, kind, sender_name);
  if (!note) return finding;
  if (is_default_invitation(notification.text().substr(note->begin, note->size()), notification.known)) {
    finding.absent = LinkedInNoWords::default_sentence;
  } else {
    finding.span = note;
  }
  return finding;
}

}  // namespace coldpitch::linkedin
