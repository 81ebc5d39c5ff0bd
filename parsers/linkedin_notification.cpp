// SPDX-License-Identifier: MIT
#include "parsers/linkedin_notification.h"

#include <algorithm>

#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

/// Where the first element begins that LinkedIn itself calls a footer; npos when there is none.
std::size_t named_footer(const Message& message, const LinkedInKnowledge& known) {
  for (const HtmlRegion& region : message.html.regions) {
    if (region.hidden || region.data.empty()) continue;
    const Span place = place_of(region, message.text);
    const auto stands_in = [&](const std::string& part) {
      return region.data.find(part) != std::string::npos;
    };
    if (place.size() > 0 && std::any_of(known.footer_places.begin(), known.footer_places.end(), stands_in)) {
      return place.begin;
    }
  }
  return std::string::npos;
}

std::size_t footer_of(const Message& message, const Lines& lines, const LinkedInKnowledge& known) {
  if (message.source == BodySource::html) {
    const std::size_t named = named_footer(message, known);
    if (named != std::string::npos) return named;
  }
  return lines.begin_of(footer_line(lines, known));
}

}  // namespace

Notification::Notification(const Message& read, const LinkedInKnowledge& knowledge)
    : message(read),
      known(knowledge),
      is_html(read.source == BodySource::html),
      lines(read.text),
      links(member_links(read, knowledge)),
      footer(footer_of(read, lines, knowledge)) {}

bool has_classes(const HtmlRegion& region, const std::vector<std::string>& classes) {
  if (region.class_names.empty() || classes.empty()) return false;
  const std::vector<std::string_view> has = split(region.class_names, ' ');
  return std::all_of(classes.begin(), classes.end(), [&](const std::string& name) {
    return std::find(has.begin(), has.end(), std::string_view(name)) != has.end();
  });
}

Span place_of(const HtmlRegion& region, std::string_view text) {
  const std::size_t begin = std::min(region.text.begin, text.size());
  return {begin, std::clamp(region.text.end, begin, text.size())};
}

}  // namespace coldpitch::linkedin
