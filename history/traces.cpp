// SPDX-License-Identifier: MIT
#include "history/traces.h"

#include <algorithm>
#include <array>
#include <utility>

#include "history/identity.h"
#include "history/store.h"
#include "parsers/brand_affixes.h"
#include "parsers/outreach.h"
#include "parsers/text.h"
#include "parsers/url.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMaxSiblings = 5;
constexpr std::size_t kMaxReplyTo = 2;
constexpr std::string_view kProfilePrefix = "linkedin:profile:";

/// First labels of sites on which everybody has a page or a link. Sorted.
constexpr auto kEverybodys = std::to_array<std::string_view>({
    "adobe",  "amazon",     "amazonaws", "apple",      "azure",     "bitbucket",  "calendly", "canva",
    "clutch", "crunchbase", "discord",   "docusign",   "dropbox",   "eventbrite", "facebook", "github",
    "gitlab", "glassdoor",  "google",    "hubspot",    "instagram", "linkedin",   "loom",     "mailchimp",
    "medium", "meetup",     "microsoft", "notion",     "office",    "outlook",    "paypal",   "pinterest",
    "reddit", "salesforce", "sendgrid",  "sharepoint", "signal",    "skype",      "slack",    "stackoverflow",
    "stripe", "substack",   "telegram",  "tiktok",     "tinyurl",   "trustpilot", "twitter",  "typeform",
    "vimeo",  "webex",      "whatsapp",  "wikipedia",  "wordpress", "xing",       "youtube",  "zoom",
});

/// First labels that many companies share. Sorted.
constexpr auto kGeneral = std::to_array<std::string_view>({
    "agency",   "business", "cloud",   "company",   "connect", "consulting", "contact",    "creative",
    "data",     "design",   "digital", "email",     "global",  "group",      "growth",     "info",
    "leads",    "mail",     "mailer",  "marketing", "media",   "news",       "newsletter", "online",
    "partners", "sales",    "service", "services",  "shop",    "software",   "solutions",  "store",
    "studio",   "support",  "team",    "tech",      "test",    "website",
});

bool is_sorted_in(std::string_view word, const auto& table) {
  return std::binary_search(table.begin(), table.end(), word);
}

std::string without_hyphens(std::string_view label) {
  std::string joined;
  for (const char octet : label) {
    if (octet != '-') joined += octet;
  }
  return joined;
}

/// `label` without one affix in front and one behind, as long as a brand is left.
std::string stem_of(std::string label) {
  for (const std::string_view prefix : kBrandPrefixes) {
    if (label.starts_with(prefix) && label.size() >= prefix.size() + kShortestBrand) {
      label.erase(0, prefix.size());
      break;
    }
  }
  for (const std::string_view suffix : kBrandSuffixes) {
    if (label.ends_with(suffix) && label.size() >= suffix.size() + kShortestBrand) {
      label.resize(label.size() - suffix.size());
      break;
    }
  }
  return label;
}

void add(std::vector<std::string>& list, std::string word, std::size_t most) {
  if (word.empty() || list.size() >= most) return;
  if (std::find(list.begin(), list.end(), word) == list.end()) list.push_back(std::move(word));
}

std::string address_of(const Mailbox& mailbox) {
  if (mailbox.local_part.empty() || mailbox.domain.empty()) return {};
  return to_ascii_lower(mailbox.address());
}

std::string with_prefix(std::string_view prefix, const std::string& word) {
  return word.empty() ? word : std::string(prefix) + word;
}

/// Domain of a link, of the address where it leads to a mailbox.
std::string domain_of(const Url& url) {
  if (url.scheme != "mailto") return url.registrable_domain;
  const std::size_t at = url.path.rfind('@');
  return at == std::string::npos ? "" : to_ascii_lower(url.path.substr(at + 1));
}

bool stands_in_signature(const Message& message, const Link& link) {
  if (link.hidden) return false;
  return std::any_of(message.quoted.segments.begin(), message.quoted.segments.end(),
                     [&](const Segment& segment) {
                       return segment.kind == SegmentKind::signature &&
                              link.text.begin >= segment.span.begin && link.text.end <= segment.span.end;
                     });
}

/// Brands of the people written to: a seller may well name their site.
std::vector<std::string> brands_of_recipients(const Message& message) {
  std::vector<std::string> brands;
  for (const auto* list : {&message.to, &message.cc}) {
    for (const Mailbox& mailbox : *list) add(brands, brand_of(mailbox.domain), 20);
  }
  return brands;
}

void trace_member(const LinkedInMail& linkedin, SenderTraces& traces) {
  for (std::string& name : linkedin_names(linkedin)) {
    // A profile is never met as another name: where it is known it comes first.
    if (!name.starts_with(kProfilePrefix)) add(traces.aliases, std::move(name), kMaxSiblings);
  }
}

void trace_author(const Message& message, SenderTraces& traces) {
  const std::vector<std::string> theirs = brands_of_recipients(message);
  const auto add_brand = [&](std::string_view domain) {
    std::string brand = brand_of(domain);
    if (std::find(theirs.begin(), theirs.end(), brand) == theirs.end())
      add(traces.siblings, std::move(brand), kMaxSiblings);
  };
  const std::string author = address_of(message.author());
  add_brand(message.author().domain);
  for (std::size_t i = 0; i < std::min(message.reply_to.size(), kMaxReplyTo); ++i) {
    const Mailbox& mailbox = message.reply_to[i];
    const std::string address = address_of(mailbox);
    if (address != author) add(traces.siblings, with_prefix("reply:", address), kMaxSiblings);
    add_brand(mailbox.domain);
  }
  for (const Link& link : message.links) {
    if (stands_in_signature(message, link)) add_brand(domain_of(link.url));
  }
}

void trace_list(const Message& message, SenderTraces& traces) {
  const std::string_view post = message.header().get("List-Post");
  const std::size_t scheme = find_ignoring_case(post, "<mailto:");
  if (scheme == std::string_view::npos) return;
  std::string_view address = post.substr(scheme + 8);
  address = address.substr(0, address.find_first_of("?>"));
  add(traces.routes, list_route(parse_envelope_address(address)), kMaxRoutes);
}

}  // namespace

std::string brand_of(std::string_view domain) {
  std::string organisation = registrable_domain(domain);
  if (organisation.empty() || is_freemail_domain(organisation) ||
      is_freemail_domain(to_ascii_lower(domain))) {
    return {};
  }
  organisation.resize(organisation.find('.'));
  const std::string stem = stem_of(without_hyphens(organisation));
  if (stem.size() < kShortestBrand || is_sorted_in(stem, kEverybodys) || is_sorted_in(stem, kGeneral))
    return {};
  return "brand:" + stem;
}

std::string reply_route(const Mailbox& mailbox) { return with_prefix("route:", address_of(mailbox)); }
std::string list_route(const Mailbox& mailbox) { return with_prefix("list:", address_of(mailbox)); }

SenderTraces trace_sender(const Message& message, const LinkedInMail& linkedin) {
  SenderTraces traces;
  const std::string author = reply_route(message.author());
  for (std::size_t i = 0; i < std::min(message.reply_to.size(), kMaxReplyTo); ++i) {
    std::string route = reply_route(message.reply_to[i]);
    if (route != author) add(traces.routes, std::move(route), kMaxRoutes);
  }
  if (linkedin.authenticity == LinkedInAuthenticity::authentic) {
    trace_member(linkedin, traces);
    return traces;
  }
  trace_list(message, traces);
  trace_author(message, traces);
  return traces;
}

}  // namespace coldpitch
