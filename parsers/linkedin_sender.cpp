// SPDX-License-Identifier: MIT
#include "parsers/linkedin_sender.h"

#include <algorithm>

#include "parsers/linkedin_kind.h"
#include "parsers/linkedin_tables.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Kind = LinkedInKind;

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

std::string_view without_suffix(std::string_view name) {
  for (const std::string_view suffix : kNameSuffixes) {
    if (ends_with_ignoring_case(name, suffix)) return trim(name.substr(0, name.size() - suffix.size()));
  }
  return name;
}

bool is_brand(std::string_view name) {
  return equals_ignoring_case(name, "LinkedIn") || starts_with_ignoring_case(name, "LinkedIn ");
}

/// The link around the name in a card: InMail's, or the one of an invitation.
bool is_card_name(const MemberLink& link) { return is_name_link(link) || link.is_of("-prof~name"); }

const MemberLink* find_card_name(const std::vector<MemberLink>& links,
                                 const std::optional<Span>& human_text) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const MemberLink& link) {
    return is_card_name(link) && !is_inside(link.text, human_text);
  });
  return found == links.end() ? nullptr : &*found;
}

/// "NAME would like to connect on LinkedIn."
std::string name_in_sentence(const Lines& lines) {
  for (std::size_t line = 0; line < lines.size(); ++line) {
    for (const std::string_view sentence : kNameSentences) {
      const std::size_t at = lines[line].find(sentence);
      if (at != std::string_view::npos && at > 0) return bounded(lines[line].substr(0, at));
    }
  }
  return "";
}

/// A direct-message notice in plain text: the line with "(https://.../in/vanity)", behind "NAME (HEADLINE)".
std::size_t bracketed_profile_line(const Lines& lines) {
  for (std::size_t line = 1; line < lines.size(); ++line) {
    const std::string_view text = lines[line];
    if (text.size() > 2 && text.front() == '(' && text.back() == ')' && has_member_link(text) &&
        !profile_of_url(text.substr(1, text.size() - 2)).empty()) {
      return line;
    }
  }
  return lines.size();
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

/// First visible region in [begin, end) of the text with all of these classes.
std::optional<Span> find_region(const Message& message, Span place,
                                std::initializer_list<std::string_view> classes) {
  for (const HtmlRegion& region : message.html.regions) {
    if (region.hidden || region.text.begin < place.begin || region.text.end > place.end ||
        region.text.begin >= region.text.end) {
      continue;
    }
    if (std::all_of(classes.begin(), classes.end(),
                    [&](std::string_view c) { return has_class(region, c); })) {
      return trimmed(message.text, region.text);
    }
  }
  return std::nullopt;
}

std::optional<Span> headline_region(const Message& message, Span place) {
  return find_region(message, place, {"text-sm"});
}

std::optional<Span> location_region(const Message& message, Span place) {
  return find_region(message, place, {"text-xs", "text-cool-gray-70"});
}

/// Where the rest of a card may stand: behind the name, before the words or the next link.
Span place_of_card(const Message& message, const std::vector<MemberLink>& links, const MemberLink& name,
                   const std::optional<Span>& human_text) {
  std::size_t end = message.text.size();
  if (human_text && human_text->begin >= name.text.end) end = human_text->begin;
  for (const MemberLink& link : links) {
    if (link.text.begin >= name.text.end && link.text.begin < end && link.text.size() > 0) {
      end = link.text.begin;
      break;
    }
  }
  return {std::min(name.text.end, end), end};
}

bool is_card_text(std::string_view line) {
  return !line.empty() && !has_member_link(line) && !starts_with_any(line, kCardEnds) &&
         line.find("connections in common") == std::string_view::npos &&
         line.find("mutual connection") == std::string_view::npos;
}

/// Headline and location on the lines behind the name's.
void read_card_lines(const Lines& lines, std::size_t name_line, LinkedInMail& mail) {
  if (name_line + 1 >= lines.size() || !is_card_text(lines[name_line + 1])) return;
  mail.sender_headline = bounded(lines[name_line + 1]);
  if (name_line + 2 >= lines.size() || !is_card_text(lines[name_line + 2])) return;
  mail.sender_location = bounded(lines[name_line + 2]);
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

void read_card(const Message& message, const std::vector<MemberLink>& links, const Lines& lines,
               LinkedInMail& mail) {
  const MemberLink* name = find_card_name(links, mail.human_text);
  if (name != nullptr && message.source == BodySource::html) {
    const Span place = place_of_card(message, links, *name, mail.human_text);
    const auto headline = headline_region(message, place);
    const auto location = location_region(message, place);
    if (headline) mail.sender_headline = bounded(lines.in(*headline));
    if (location) mail.sender_location = bounded(lines.in(*location));
    if (headline || location) return;
  }
  // In InMail as plain text the lines behind the name are UI words.
  if (is_inmail(mail.kind) || mail.kind == Kind::newsletter) return;
  const std::size_t bracketed =
      mail.kind == Kind::direct_message ? bracketed_profile_line(lines) : lines.size();
  if (bracketed < lines.size()) {
    mail.sender_headline = bounded(split_notice(lines[bracketed - 1], mail.sender_name).headline);
    return;
  }
  const bool linked = name != nullptr && message.source == BodySource::html;
  read_card_lines(lines, linked ? lines.line_of(name->text.begin) : line_with_name(lines, mail), mail);
}

/// First profile behind octet `from` that is neither the recipient's nor one of the people LinkedIn suggests.
std::string first_profile(const Message& message, const std::vector<MemberLink>& links,
                          const LinkedInMail& mail, std::size_t from) {
  const std::size_t suggested = std::min(message.text.find("More people you may know"), message.text.size());
  for (const MemberLink& link : links) {
    if (link.text.begin < from || link.text.begin > suggested) continue;
    if (link.is_of("-header-") || link.is_of("-footer-") || is_inside(link.text, mail.human_text)) continue;
    std::string profile = profile_of(link.path);
    if (!profile.empty()) return profile;
  }
  return "";
}

std::string find_profile(const Message& message, const std::vector<MemberLink>& links, const Lines& lines,
                         const LinkedInMail& mail) {
  const MemberLink* name = find_card_name(links, mail.human_text);
  if (name != nullptr) return profile_of(name->path);
  if (mail.kind == Kind::newsletter) return "";
  if (is_inmail(mail.kind)) {
    // Above and in the words everything is the sender's to choose: the subject stands there too.
    if (message.source != BodySource::html || !mail.human_text) return "";
    return first_profile(message, links, mail, mail.human_text->end);
  }
  const std::size_t bracketed =
      mail.kind == Kind::direct_message ? bracketed_profile_line(lines) : lines.size();
  if (bracketed < lines.size()) {
    const std::string_view line = lines[bracketed];
    return profile_of_url(line.substr(1, line.size() - 2));
  }
  return first_profile(message, links, mail, 0);
}

std::string find_thread(const std::vector<MemberLink>& links, const Lines& lines, const LinkedInMail& mail) {
  if (is_inmail(mail.kind)) {
    const std::size_t line = conversation_line(lines);
    const auto url = line < lines.size() ? parse_url(lines[line]) : std::nullopt;
    if (url) return thread_of(url->path);
  }
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    std::string thread = is_inside(link->text, mail.human_text) ? "" : thread_of(link->path);
    if (!thread.empty()) return thread;
  }
  return "";
}

}  // namespace

bool is_name_link(const MemberLink& link) {
  return link.is_of("-ProfileCard-") && link.is_of("-profile_name");
}

std::size_t end_of_card(const Message& message, const MemberLink& name_link) {
  const Span behind{name_link.text.end, message.text.size()};
  const auto headline = headline_region(message, behind);
  const auto location = location_region(message, behind);
  return std::max({name_link.text.end, headline ? headline->end : 0, location ? location->end : 0});
}

bool has_class(const HtmlRegion& region, std::string_view name) {
  const std::vector<std::string_view> classes = split(region.class_names, ' ');
  return std::find(classes.begin(), classes.end(), name) != classes.end();
}

std::string find_sender_name(const Message& message, LinkedInKind kind, const std::vector<MemberLink>& links,
                             const Lines& lines) {
  if (!names_somebody(kind)) return "";
  const Mailbox author = message.author();
  const std::string_view shown = without_suffix(trim(author.display_name));
  if (!shown.empty() && !is_brand(shown)) return bounded(shown);
  const MemberLink* linked = find_card_name(links, std::nullopt);
  if (linked != nullptr && message.source == BodySource::html) return bounded(lines.in(linked->text));
  if (kind == Kind::direct_message) {
    const std::size_t bracketed = bracketed_profile_line(lines);
    return bracketed < lines.size() ? bounded(split_notice(lines[bracketed - 1], "").name) : "";
  }
  if (is_inmail(kind)) return name_above_conversation(lines);
  return kind == Kind::newsletter ? "" : name_in_sentence(lines);
}

void find_sender(const Message& message, const std::vector<MemberLink>& links, const Lines& lines,
                 LinkedInMail& mail) {
  if (!names_somebody(mail.kind)) return;
  read_card(message, links, lines, mail);
  mail.sender_profile = find_profile(message, links, lines, mail);
  mail.thread = find_thread(links, lines, mail);
}

}  // namespace coldpitch::linkedin
