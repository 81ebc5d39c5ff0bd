// SPDX-License-Identifier: MIT
#include "parsers/linkedin_kind.h"

#include <algorithm>
#include <optional>

#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Kind = LinkedInKind;
using Role = LinkedInKnowledge::Role;

constexpr std::size_t kLongestSubject = 1000;
/// LinkedIn's lines behind a member's words: notices and footer.
constexpr std::size_t kMaxNoticeLines = 60;

std::optional<Kind> kind_of_template(std::string_view name, const LinkedInKnowledge& known) {
  if (name.empty()) return std::nullopt;
  const std::string lower = to_ascii_lower(name);
  return first_kind(known.templates,
                    [&](std::string_view part) { return lower.find(part) != std::string::npos; });
}

std::optional<Kind> kind_of_class(std::string_view name, const LinkedInKnowledge& known) {
  return first_kind(known.classes, [&](std::string_view mark) { return equals_ignoring_case(name, mark); });
}

std::optional<Kind> kind_of_mailbox(const Mailbox& mailbox, const LinkedInKnowledge& known) {
  const auto service =
      first_kind(known.domains, [&](std::string_view mark) { return mailbox.domain == mark; });
  if (service) return service;
  const auto kind = first_kind(
      known.addresses, [&](std::string_view mark) { return equals_ignoring_case(mailbox.local_part, mark); });
  std::string_view name = mailbox.display_name;
  // One address for both ends of an invitation: the one who invites is shown bare, the one who accepted is not.
  if (kind == Kind::invitation && (equals_ignoring_case(name, "LinkedIn") || take_suffix(name, known))) {
    return Kind::invitation_accepted;
  }
  if (kind == Kind::digest && equals_ignoring_case(name, "LinkedIn Sales Navigator")) return Kind::sales_tool;
  return kind;
}

/// The lines of the footer say why the mail came. Nothing above it is looked at: it may be a member's.
std::optional<Kind> kind_of_category(const Notification& notification) {
  const Lines& lines = notification.lines;
  if (notification.footer >= notification.text().size()) return std::nullopt;
  for (std::size_t line = lines.line_of(notification.footer); line < lines.size(); ++line) {
    if (lines[line].empty() || lines[line].size() > LinePhrases::kLineOctets) continue;
    const std::string comparable = comparable_phrase(lines[line]);
    const auto kind = first_kind(notification.known.categories, [&](std::string_view phrase) {
      return comparable.find(phrase) != std::string::npos;
    });
    if (kind) return kind;
  }
  return std::nullopt;
}

/// The last link that tells decides, since LinkedIn's own come after the sender's words.
std::optional<Kind> kind_of_links(const Notification& notification) {
  const auto& links = notification.links;
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    const auto kind = first_kind(notification.known.paths, [&](std::string_view mark) {
      return link->path.find(mark) != std::string::npos;
    });
    if (kind) return kind;
    if (equals_ignoring_case(link->module, "inmail")) return Kind::inmail;
  }
  return std::nullopt;
}

std::optional<Kind> kind_of_subject(std::string_view subject, const LinkedInKnowledge& known) {
  const std::string comparable = comparable_phrase(subject.substr(0, kLongestSubject));
  return first_kind(known.subjects,
                    [&](std::string_view mark) { return comparable.find(mark) != std::string::npos; });
}

std::string template_of_body(const Notification& notification) {
  std::string name = template_of_pixel(notification.message);
  if (!name.empty()) return name;
  const auto& links = notification.links;
  const auto found = std::find_if(links.rbegin(), links.rend(),
                                  [](const MemberLink& link) { return !link.template_name.empty(); });
  return found == links.rend() ? std::string() : found->template_name;
}

/// Where the conversation goes on, by LinkedIn's own button or the URL on top of the plain text: a path, or "".
std::string_view conversation_path(const Notification& notification) {
  if (!notification.is_html) {
    const std::size_t line = conversation_line(notification.lines);
    return line < notification.lines.size() ? notification.lines[line] : std::string_view();
  }
  for (const MemberLink& link : notification.links) {
    if (link.role == Role::button) return link.path;
  }
  return {};
}

bool is_answer_to_outreach(const Notification& notification) {
  const std::string_view path = conversation_path(notification);
  return path.find("/talent/inbox/") != std::string_view::npos ||
         path.find("/sales/inbox/") != std::string_view::npos;
}

/// A kind told only roughly may be told apart further by what LinkedIn, not the sender, wrote.
void refine(const Notification& notification, KindFinding& finding) {
  const Message& message = notification.message;
  if (finding.kind == Kind::inmail) {
    const bool by_address = equals_ignoring_case(message.author().local_part, "hit-reply");
    if (!by_address && !is_answer_to_outreach(notification)) return;
    finding.kind = Kind::inmail_reply;
    finding.used.emplace_back(by_address ? "local-part" : "module");
    return;
  }
  if (finding.kind != Kind::invitation && finding.kind != Kind::invitation_accepted &&
      finding.kind != Kind::digest)
    return;
  const auto by_subject = kind_of_subject(message.subject, notification.known);
  if (by_subject == Kind::invitation_reminder || by_subject == Kind::invitation_accepted) {
    finding.kind = *by_subject;
    finding.used.emplace_back("subject");
  }
}

bool has_notice(const Notification& notification, std::size_t from, const std::vector<std::string>& notices) {
  const Lines& lines = notification.lines;
  std::size_t looked_at = 0;
  for (std::size_t line = lines.line_of(from); line < lines.size() && looked_at < kMaxNoticeLines; ++line) {
    if (lines.span(line).begin < from || lines[line].empty()) continue;
    ++looked_at;
    const std::string comparable = comparable_phrase(lines[line].substr(0, LinePhrases::kLineOctets));
    if (std::any_of(notices.begin(), notices.end(), [&](const std::string& notice) {
          return comparable.find(notice) != std::string::npos;
        })) {
      return true;
    }
  }
  return false;
}

}  // namespace

KindFinding find_kind(const Notification& notification, const Origin& origin) {
  const LinkedInKnowledge& known = notification.known;
  const Message& message = notification.message;
  KindFinding finding;
  const bool in_header = !origin.template_name.empty();
  finding.template_name = in_header ? origin.template_name : template_of_body(notification);
  const auto by_template = kind_of_template(finding.template_name, known);
  finding.is_template_known = finding.template_name.empty() || by_template;
  const auto decided = [&](std::optional<Kind> kind, std::string_view by) {
    if (!kind) return false;
    finding.kind = *kind;
    finding.used.emplace_back(by);
    return true;
  };
  if (decided(by_template, in_header ? "template" : "module")) return finding;
  if (decided(kind_of_class(origin.mail_class, known), "class") ||
      decided(kind_of_mailbox(message.author(), known), "local-part") ||
      decided(kind_of_category(notification), "phrase") || decided(kind_of_links(notification), "module")) {
    refine(notification, finding);
    return finding;
  }
  if (decided(kind_of_subject(message.subject, known), "subject")) return finding;
  // The frame of InMail in plain text. Inboxes of LinkedIn's other tools were told apart by their links.
  if (!notification.is_html && conversation_line(notification.lines) < notification.lines.size()) {
    (void)decided(Kind::inmail, "module");
  }
  return finding;
}

void refine_by_notices(const Notification& notification, Span words, KindFinding& finding) {
  if (!is_inmail(finding.kind) || finding.kind == Kind::inmail_reply) return;
  if (has_notice(notification, words.end, notification.known.paid)) {
    finding.kind = Kind::sponsored;
  } else if (finding.kind == Kind::inmail &&
             has_notice(notification, words.end, notification.known.recruiters)) {
    finding.kind = Kind::recruiter_inmail;
  } else {
    return;
  }
  finding.used.emplace_back("phrase");
}

bool is_inmail(LinkedInKind kind) {
  return kind == Kind::inmail || kind == Kind::recruiter_inmail || kind == Kind::inmail_reply ||
         kind == Kind::sponsored;
}

bool take_suffix(std::string_view& name, const LinkedInKnowledge& known) {
  for (const std::string& suffix : known.suffixes) {
    if (!ends_with_ignoring_case(name, suffix)) continue;
    name = trim(name.substr(0, name.size() - suffix.size()));
    return true;
  }
  // "NAME <one short word> LinkedIn", as most languages say it.
  constexpr std::string_view kBrand = " LinkedIn";
  constexpr std::size_t kLongestWord = 12;
  if (!name.ends_with(kBrand)) return false;
  const std::string_view rest = name.substr(0, name.size() - kBrand.size());
  const std::size_t blank = rest.rfind(' ');
  if (blank == std::string_view::npos || blank == 0 || rest.size() - blank - 1 > kLongestWord) return false;
  const char first = rest[blank + 1];
  if (first >= 'A' && first <= 'Z') return false;
  name = trim(rest.substr(0, blank));
  return true;
}

}  // namespace coldpitch::linkedin
