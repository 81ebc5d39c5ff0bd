// SPDX-License-Identifier: MIT
#include "parsers/linkedin_sender.h"

#include <algorithm>
#include <vector>

#include "parsers/linkedin_kind.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Kind = LinkedInKind;
using Role = LinkedInKnowledge::Role;
using Places = std::vector<std::vector<std::string>>;

constexpr std::size_t kLongestName = 300;

bool names_somebody(Kind kind) {
  return is_inmail(kind) || kind == Kind::direct_message || kind == Kind::invitation ||
         kind == Kind::invitation_reminder || kind == Kind::invitation_accepted || kind == Kind::newsletter;
}

bool is_inside(Span inner, const std::optional<Span>& outer) {
  return outer && inner.begin >= outer->begin && inner.begin < outer->end;
}

std::string bounded(std::string_view text) {
  return std::string(trim(utf8_prefix(trim(text), kLongestName)));
}

bool is_brand(std::string_view name) {
  return equals_ignoring_case(name, "LinkedIn") || starts_with_ignoring_case(name, "LinkedIn ");
}

/// The same person's name: cards may add pronouns, and From may leave a second name out.
bool is_same_name(std::string_view shown, std::string_view name) {
  const std::string left = comparable_phrase(shown.substr(0, kLongestName));
  const std::string right = comparable_phrase(name);
  if (left.empty() || right.empty()) return false;
  return left.starts_with(right) || right.starts_with(left);
}

std::string_view first_name(std::string_view name) { return name.substr(0, name.find(' ')); }

/// "NAME would like to connect on LinkedIn."
std::string name_in_sentence(const Notification& notification) {
  const Lines& lines = notification.lines;
  for (std::size_t line = 0; line < lines.size() && lines.begin_of(line) < notification.footer; ++line) {
    const std::string_view text = lines[line];
    if (text.size() > LinePhrases::kLineOctets) continue;
    for (const std::string& sentence : notification.known.sentences) {
      const std::size_t at = find_ignoring_case(text, sentence);
      if (at != std::string_view::npos && at > 0) return bounded(text.substr(0, at));
    }
  }
  return "";
}

/// InMail in plain text (2025 on): an indented line above the conversation's URL. A subject is never indented.
std::string name_above_conversation(const Lines& lines) {
  const std::size_t end = conversation_line(lines);
  for (std::size_t line = 0; line < end && end < lines.size(); ++line) {
    if (lines.is_indented(line) && !lines[line].empty()) return bounded(lines[line]);
  }
  return "";
}

struct NameAndHeadline {
  std::string_view name;
  std::string_view headline;
};

/// "NAME (HEADLINE)"; names may hold brackets themselves, so a known one is taken off whole.
NameAndHeadline split_notice(std::string_view line, std::string_view known_name) {
  if (line.empty() || line.back() != ')') return {line, {}};
  const bool is_known = !known_name.empty() && starts_with_ignoring_case(line, known_name) &&
                        line.substr(known_name.size(), 2) == " (";
  const std::size_t at = is_known ? known_name.size() : line.find(" (");
  if (at == std::string_view::npos) return {line, {}};
  return {line.substr(0, at), line.substr(at + 2, line.size() - at - 3)};
}

std::string bracketed_profile(std::string_view line) {
  if (line.size() <= 2 || line.front() != '(' || line.back() != ')' || !has_member_link(line)) return "";
  return profile_of_url(line.substr(1, line.size() - 2));
}

/// A direct-message notice in plain text: the line with "(https://.../in/vanity)", behind "NAME (HEADLINE)". A digest of several people is
/// about the one that From names; without a name it is about nobody. lines.size() when there is none.
std::size_t bracketed_profile_line(const Lines& lines, std::string_view name) {
  std::size_t found = lines.size();
  for (std::size_t line = 1; line < lines.size(); ++line) {
    if (bracketed_profile(lines[line]).empty()) continue;
    if (!name.empty() && starts_with_ignoring_case(lines[line - 1], name)) return line;
    if (!name.empty()) continue;
    if (found < lines.size() && bracketed_profile(lines[line]) != bracketed_profile(lines[found]))
      return lines.size();
    if (found == lines.size()) found = line;
  }
  return found;
}

/// First visible region in `place` that stands in one of `places`.
std::optional<Span> find_region(const Message& message, Span place, const Places& places) {
  for (const HtmlRegion& region : message.html.regions) {
    if (region.hidden || region.text.begin < place.begin || region.text.end > place.end ||
        region.text.begin >= region.text.end) {
      continue;
    }
    if (std::any_of(places.begin(), places.end(),
                    [&](const std::vector<std::string>& classes) { return has_classes(region, classes); })) {
      return trimmed(message.text, region.text);
    }
  }
  return std::nullopt;
}

/// Where the rest of a card may stand: behind the name, before the words or the next link.
Span place_of_card(const Notification& notification, const MemberLink& name,
                   const std::optional<Span>& human_text) {
  std::size_t end = std::max(notification.footer, name.text.end);
  if (human_text && human_text->begin >= name.text.end) end = std::min(end, human_text->begin);
  for (const MemberLink& link : notification.links) {
    if (link.text.begin >= name.text.end && link.text.begin < end && link.text.size() > 0) {
      end = link.text.begin;
      break;
    }
  }
  return {name.text.end, end};
}

bool is_card_text(std::string_view line, const LinkedInKnowledge& known) {
  if (line.empty() || has_member_link(line) || known.card_ends.is_whole(line) ||
      known.closings.at_start_of(line)) {
    return false;
  }
  const std::string comparable = comparable_phrase(line.substr(0, LinePhrases::kLineOctets));
  return std::none_of(known.card_notes.begin(), known.card_notes.end(),
                      [&](const std::string& note) { return comparable.find(note) != std::string::npos; });
}

/// Headline and location on the lines from `line` on that begin before octet `end`.
void read_card_lines(const Notification& notification, std::size_t line, std::size_t end,
                     LinkedInMail& mail) {
  const Lines& lines = notification.lines;
  const auto is_in_card = [&](std::size_t at) {
    return at < lines.size() && lines.begin_of(at) < end && is_card_text(lines[at], notification.known);
  };
  if (!is_in_card(line)) return;
  mail.sender_headline = bounded(lines[line]);
  if (is_in_card(line + 1)) mail.sender_location = bounded(lines[line + 1]);
}

/// The first line that is the name and stands outside the human text, or lines.size().
std::size_t line_with_name(const Lines& lines, const LinkedInMail& mail) {
  const std::size_t behind_words = mail.human_text ? lines.line_of(mail.human_text->end) : 0;
  for (std::size_t line = behind_words; line < lines.size() && !mail.sender_name.empty(); ++line) {
    if (equals_ignoring_case(lines[line], mail.sender_name) &&
        !is_inside(lines.span(line), mail.human_text)) {
      return line;
    }
  }
  return lines.size();
}

void read_card_in_html(const Notification& notification, const MemberLink& name, LinkedInMail& mail) {
  const Span place = place_of_card(notification, name, mail.human_text);
  const auto headline = find_region(notification.message, place, notification.known.headline_places);
  const auto location = find_region(notification.message, place, notification.known.location_places);
  if (headline) mail.sender_headline = bounded(notification.lines.in(*headline));
  if (location) mail.sender_location = bounded(notification.lines.in(*location));
  if (headline || location) return;
  // No place is named: the lines behind the name. In InMail only where the words end the card, since its UI words vary.
  const bool is_bounded = mail.human_text && mail.human_text->begin >= name.text.end;
  if (is_inmail(mail.kind) && !is_bounded) return;
  const Lines& lines = notification.lines;
  read_card_lines(notification, lines.next_filled(lines.line_of(name.text.begin) + 1), place.end, mail);
}

void read_card(const Notification& notification, LinkedInMail& mail) {
  const MemberLink* name = find_name_link(notification, mail.sender_name, mail.human_text);
  if (name != nullptr && notification.is_html) return read_card_in_html(notification, *name, mail);
  // In InMail as plain text the lines behind the name are UI words.
  if (is_inmail(mail.kind) || mail.kind == Kind::newsletter) return;
  const Lines& lines = notification.lines;
  const std::size_t bracketed =
      mail.kind == Kind::direct_message ? bracketed_profile_line(lines, mail.sender_name) : lines.size();
  if (bracketed < lines.size()) {
    mail.sender_headline = bounded(split_notice(lines[bracketed - 1], mail.sender_name).headline);
    return;
  }
  const std::size_t line = line_with_name(lines, mail);
  if (line < lines.size()) read_card_lines(notification, line + 1, notification.text().size(), mail);
}

/// The heading of the people LinkedIn suggests, behind the words; the size of the text where there is none.
std::size_t begin_of_suggestions(const Notification& notification, const std::optional<Span>& words) {
  const Lines& lines = notification.lines;
  for (std::size_t line = words ? lines.line_of(words->end) : 0; line < lines.size(); ++line) {
    if (!is_inside(lines.span(line), words) && notification.known.suggestions.is_whole(lines[line])) {
      return lines.begin_of(line);
    }
  }
  return notification.text().size();
}

/// How surely a link leads to the sender's profile; 0 not at all. Position tells nothing: the first profile is the reader's own.
int rank_of_profile(const Notification& notification, const MemberLink& link, const LinkedInMail& mail) {
  if (link.role == Role::recipient || link.role == Role::footer || link.role == Role::suggestion) return 0;
  if (link.role == Role::sender) return 3;
  if (link.control.starts_with("prof") && link.control.find('~') != std::string::npos) return 2;
  // No module known: then LinkedIn's words on the link must name the sender.
  const std::string_view name = first_name(mail.sender_name);
  const Lines& lines = notification.lines;
  const std::string_view shown =
      notification.is_html ? lines.in(link.text) : lines[lines.line_of(link.text.begin)];
  return name.size() > 1 && find_ignoring_case(shown, name) != std::string_view::npos ? 1 : 0;
}

std::string best_profile(const Notification& notification, const LinkedInMail& mail, std::size_t from) {
  std::vector<std::string> others;
  for (const MemberLink& link : notification.links) {
    if (link.role == Role::recipient) others.push_back(profile_of(link.path));
  }
  const std::size_t end = begin_of_suggestions(notification, mail.human_text);
  std::string best;
  int best_rank = 0;
  bool is_one = true;
  for (const MemberLink& link : notification.links) {
    if (link.text.begin < from || link.text.begin >= std::max(end, from + 1) ||
        is_inside(link.text, mail.human_text)) {
      continue;
    }
    std::string profile = profile_of(link.path);
    if (profile.empty() || std::find(others.begin(), others.end(), profile) != others.end()) continue;
    const int rank = rank_of_profile(notification, link, mail);
    if (rank > 0 && rank == best_rank && profile != best) is_one = false;
    if (rank > best_rank) {
      best_rank = rank;
      best = std::move(profile);
      is_one = true;
    }
  }
  // Several people, and no name to tell whose mail it is: nobody's.
  return is_one || !mail.sender_name.empty() ? best : "";
}

std::string find_profile(const Notification& notification, const LinkedInMail& mail) {
  const MemberLink* name = find_name_link(notification, mail.sender_name, mail.human_text);
  if (name != nullptr && !profile_of(name->path).empty()) return profile_of(name->path);
  if (mail.kind == Kind::newsletter) return "";
  if (is_inmail(mail.kind)) {
    // Above and in the words everything is the sender's to choose: the subject stands there too.
    if (!notification.is_html || !mail.human_text) return "";
    return best_profile(notification, mail, mail.human_text->end);
  }
  if (mail.kind == Kind::direct_message && !notification.is_html) {
    const std::size_t line = bracketed_profile_line(notification.lines, mail.sender_name);
    if (line < notification.lines.size()) return bracketed_profile(notification.lines[line]);
  }
  return best_profile(notification, mail, 0);
}

std::string find_thread(const Notification& notification, const LinkedInMail& mail) {
  const Lines& lines = notification.lines;
  if (is_inmail(mail.kind) && !notification.is_html) {
    const std::size_t line = conversation_line(lines);
    const auto url = line < lines.size() ? parse_url(lines[line]) : std::nullopt;
    if (url) return thread_of(url->path);
  }
  const auto& links = notification.links;
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    std::string thread = is_inside(link->text, mail.human_text) ? "" : thread_of(link->path);
    if (!thread.empty()) return thread;
  }
  return "";
}

}  // namespace

const MemberLink* find_name_link(const Notification& notification, std::string_view name,
                                 const std::optional<Span>& words) {
  const MemberLink* by_module = nullptr;
  const MemberLink* by_text = nullptr;
  for (const MemberLink& link : notification.links) {
    if (is_inside(link.text, words)) continue;
    const bool is_named = is_same_name(notification.lines.in(link.text), name);
    if (link.is_name() && is_named) return &link;
    // Before the words are known, a link in them may look like this: then only the name tells.
    if (link.is_name() && (words || name.empty())) {
      const bool is_another =
          by_module != nullptr && notification.lines.in(by_module->text) != notification.lines.in(link.text);
      // A digest of several people is about nobody.
      if (name.empty() && is_another) return nullptr;
      if (by_module == nullptr) by_module = &link;
    }
    const bool may_be = link.role == Role::sender || link.role == Role::unknown;
    if (may_be && is_named && words && by_text == nullptr && !profile_of(link.path).empty()) by_text = &link;
  }
  return by_text != nullptr && by_module == nullptr ? by_text : by_module;
}

std::size_t end_of_card(const Notification& notification, const MemberLink& name_link) {
  const Span behind{name_link.text.end, notification.text().size()};
  const auto headline = find_region(notification.message, behind, notification.known.headline_places);
  const auto location = find_region(notification.message, behind, notification.known.location_places);
  return std::max({name_link.text.end, headline ? headline->end : 0, location ? location->end : 0});
}

std::string find_sender_name(const Notification& notification, LinkedInKind kind) {
  if (!names_somebody(kind)) return "";
  const Mailbox author = notification.message.author();
  std::string_view shown = trim(author.display_name);
  (void)take_suffix(shown, notification.known);
  if (!shown.empty() && !is_brand(shown)) return bounded(shown);
  const MemberLink* linked = find_name_link(notification, "", std::nullopt);
  if (linked != nullptr && notification.is_html && linked->text.size() > 0) {
    return bounded(notification.lines.in(linked->text));
  }
  const Lines& lines = notification.lines;
  if (kind == Kind::direct_message) {
    const std::size_t bracketed = bracketed_profile_line(lines, "");
    return bracketed < lines.size() ? bounded(split_notice(lines[bracketed - 1], "").name) : "";
  }
  if (is_inmail(kind)) return name_above_conversation(lines);
  return kind == Kind::newsletter ? "" : name_in_sentence(notification);
}

void find_sender(const Notification& notification, LinkedInMail& mail) {
  if (!names_somebody(mail.kind)) return;
  read_card(notification, mail);
  mail.sender_profile = find_profile(notification, mail);
  const bool is_digest =
      mail.kind == Kind::direct_message && mail.sender_name.empty() && mail.sender_profile.empty();
  if (is_digest) return;
  mail.thread = find_thread(notification, mail);
}

}  // namespace coldpitch::linkedin
