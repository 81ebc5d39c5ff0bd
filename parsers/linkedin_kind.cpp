// SPDX-License-Identifier: MIT
#include "parsers/linkedin_kind.h"

#include <algorithm>
#include <optional>

#include "parsers/linkedin_tables.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

using Kind = LinkedInKind;

/// Kind of the first mark for which `matches(mark)` is true.
template <class Table, class Matches>
std::optional<Kind> first_kind(const Table& table, Matches matches) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const KindMark& row) { return matches(row.mark); });
  return found == table.end() ? std::nullopt : std::optional(found->kind);
}

std::optional<Kind> kind_of_template(std::string_view name) {
  const std::string lower = to_ascii_lower(name);
  return first_kind(kTemplateMarks,
                    [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

std::optional<Kind> kind_of_class(std::string_view name) {
  return first_kind(kClasses, [&](std::string_view mark) { return equals_ignoring_case(name, mark); });
}

bool has_name_suffix(std::string_view display_name) {
  return std::any_of(kNameSuffixes.begin(), kNameSuffixes.end(),
                     [&](std::string_view suffix) { return ends_with_ignoring_case(display_name, suffix); });
}

std::optional<Kind> kind_of_mailbox(const Mailbox& mailbox) {
  const auto service =
      first_kind(kServiceDomains, [&](std::string_view mark) { return mailbox.domain == mark; });
  if (service) return service;
  const auto kind = first_kind(
      kLocalParts, [&](std::string_view mark) { return equals_ignoring_case(mailbox.local_part, mark); });
  const std::string_view name = mailbox.display_name;
  // One address for both ends of an invitation: the one who invites is shown bare, the one who accepted is not.
  if (kind == Kind::invitation && (has_name_suffix(name) || equals_ignoring_case(name, "LinkedIn"))) {
    return Kind::invitation_accepted;
  }
  if (kind == Kind::digest && equals_ignoring_case(name, "LinkedIn Sales Navigator")) return Kind::sales_tool;
  return kind;
}

/// The last one counts: earlier ones may stand in a sender's words.
std::optional<Kind> kind_of_category(std::string_view text) {
  constexpr std::string_view kBefore = "You are receiving ";
  constexpr std::size_t kLongest = 80;
  const std::size_t at = text.rfind(kBefore);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string category = to_ascii_lower(text.substr(at + kBefore.size(), kLongest));
  const std::size_t end = category.find(" emails");
  if (end == std::string::npos) return std::nullopt;
  const std::string_view phrase = std::string_view(category).substr(0, end);
  return first_kind(kCategories, [&](std::string_view mark) { return phrase == mark; });
}

/// The last link that tells decides, since LinkedIn's own come after the sender's words.
std::optional<Kind> kind_of_links(const std::vector<MemberLink>& links) {
  for (auto link = links.rbegin(); link != links.rend(); ++link) {
    const auto kind = first_kind(
        kPathMarks, [&](std::string_view mark) { return link->path.find(mark) != std::string::npos; });
    if (kind) return kind;
    if (link->is_of("-inmail-")) return Kind::inmail;
  }
  return std::nullopt;
}

std::optional<Kind> kind_of_subject(std::string_view subject) {
  constexpr std::size_t kLongest = 1000;
  const std::string lower = to_ascii_lower(subject.substr(0, kLongest));
  return first_kind(kSubjects, [&](std::string_view mark) { return lower.find(mark) != std::string::npos; });
}

std::string template_of_links(const std::vector<MemberLink>& links) {
  const auto found = std::find_if(links.rbegin(), links.rend(),
                                  [](const MemberLink& link) { return !link.template_name.empty(); });
  return found == links.rend() ? std::string() : found->template_name;
}

/// A kind told only roughly may be told apart further by what LinkedIn, not the sender, wrote.
void refine(const Message& message, KindFinding& finding) {
  if (finding.kind == Kind::inmail && equals_ignoring_case(message.author().local_part, "hit-reply")) {
    finding.kind = Kind::inmail_reply;
    finding.used.emplace_back("local-part");
    return;
  }
  if (finding.kind != Kind::invitation && finding.kind != Kind::digest) return;
  const auto by_subject = kind_of_subject(message.subject);
  if (by_subject == Kind::invitation_reminder || by_subject == Kind::invitation_accepted) {
    finding.kind = *by_subject;
    finding.used.emplace_back("subject");
  }
}

}  // namespace

KindFinding find_kind(const Message& message, const Origin& origin, const std::vector<MemberLink>& links,
                      const Lines& lines) {
  KindFinding finding;
  const bool in_header = !origin.template_name.empty();
  finding.template_name = in_header ? origin.template_name : template_of_links(links);
  const auto decided = [&](std::optional<Kind> kind, std::string_view by) {
    if (!kind) return false;
    finding.kind = *kind;
    finding.used.emplace_back(by);
    return true;
  };
  if (decided(kind_of_template(finding.template_name), in_header ? "template" : "module")) return finding;
  if (decided(kind_of_class(origin.mail_class), "class") ||
      decided(kind_of_mailbox(message.author()), "local-part") ||
      decided(kind_of_category(message.text), "phrase") || decided(kind_of_links(links), "module")) {
    refine(message, finding);
    return finding;
  }
  if (decided(kind_of_subject(message.subject), "subject")) return finding;
  // The frame of InMail in plain text. Inboxes of LinkedIn's other tools were told apart by their links.
  if (conversation_line(lines) < lines.size()) (void)decided(Kind::inmail, "module");
  return finding;
}

bool is_inmail(LinkedInKind kind) {
  return kind == Kind::inmail || kind == Kind::recruiter_inmail || kind == Kind::inmail_reply ||
         kind == Kind::sponsored;
}

bool has_sponsored_notice(std::string_view text, std::size_t from) {
  return std::any_of(kSponsoredNotices.begin(), kSponsoredNotices.end(), [&](std::string_view notice) {
    return find_ignoring_case(text, notice, from) != std::string_view::npos;
  });
}

}  // namespace coldpitch::linkedin
