// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "parsers/outreach_tables.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"
#include "parsers/url_reader.h"

namespace coldpitch {
namespace {

/// Labels that set-up guides of sales tools have customers put before their own domain.
constexpr auto kOwnTrackingLabels =
    std::to_array<std::string_view>({"inst.", "emailtracking.", "email-tracking."});

constexpr std::size_t kOpaqueOctets = 16;
constexpr std::size_t kManyLinks = 10;

std::string described(std::string_view tool, std::string_view host) {
  std::string words(tool);
  words += ' ';
  words += host;
  return words;
}

/// A run of letters and digits too long for a word, with a digit in it: names one recipient.
bool holds_opaque_token(std::string_view text) {
  std::size_t run = 0;
  std::size_t digits = 0;
  for (const char octet : text) {
    const bool part = is_ascii_alnum(octet) || octet == '_' || octet == '-';
    run = part ? run + 1 : 0;
    digits = part ? digits + (is_ascii_digit(octet) ? 1 : 0) : 0;
    if (run >= kOpaqueOctets && digits > 0) return true;
  }
  return false;
}

bool is_own_tracking_host(const Url& url, std::string_view author_domain) {
  if (author_domain.empty() || url.registrable_domain != author_domain || url.path.size() < 2) return false;
  return std::any_of(kOwnTrackingLabels.begin(), kOwnTrackingLabels.end(), [&](std::string_view label) {
    return url.host.size() == label.size() + author_domain.size() && url.host.starts_with(label) &&
           url.host.ends_with(author_domain);
  });
}

void find_link(const Url& url, const OutreachSubject& subject, TraitList& traits) {
  if (url.host.empty()) return;
  const std::string_view mailer = find_bulk_mailer_link(url.path, url.query);
  if (!mailer.empty()) traits.add("bulk-mailer", "links", described(mailer, url.host));
  const KnownHost* known = find_known_host(url.host, url.path);
  if (known != nullptr && known->use == HostUse::sales_tool) {
    traits.add("sales-tool-link", "links", described(known->tool, url.host));
  } else if (known != nullptr && known->use == HostUse::calendar) {
    traits.add("calendar-link", "links", described(known->tool, url.host));
  } else if (known == nullptr && is_own_tracking_host(url, subject.author_domain)) {
    traits.add("sales-tool-link", "links", described("sender's tracking host", url.host));
  }
}

void find_image(const HtmlImage& image, UrlReader& reader, TraitList& traits) {
  const std::optional<Url> url = reader.read(image.source);
  if (!url || url->host.empty()) return;
  const KnownHost* known = find_known_host(url->host, url->path);
  if (known != nullptr && known->use != HostUse::calendar) {
    if (known->use == HostUse::sales_tool)
      traits.add("sales-tool-link", "links", described(known->tool, url->host));
    traits.add("tracking-pixel", "links", described(known->tool, url->host));
  } else if (image.hidden && (holds_opaque_token(url->path) || holds_opaque_token(url->query))) {
    traits.add("tracking-pixel", "links", url->host);
  }
}

/// A page, with a hash to tell it from others without reading it.
struct Page {
  std::size_t hash;
  const Url* url;

  explicit Page(const Url& of)
      : hash(std::hash<std::string_view>()(of.host) + 31 * std::hash<std::string_view>()(of.path) +
             961 * std::hash<std::string_view>()(of.query)),
        url(&of) {}
  [[nodiscard]] auto key() const { return std::tie(hash, url->host, url->path, url->query); }
  bool operator<(const Page& other) const { return key() < other.key(); }
  bool operator==(const Page& other) const { return key() == other.key(); }
};

/// Different pages that can be seen: personal mail links to few.
void find_many_links(const Message& message, TraitList& traits) {
  std::vector<Page> pages;
  pages.reserve(message.links.size());
  for (const Link& link : message.links) {
    if (!link.hidden && !link.url.host.empty()) pages.emplace_back(link.url);
  }
  std::sort(pages.begin(), pages.end());
  const auto different = static_cast<std::size_t>(std::unique(pages.begin(), pages.end()) - pages.begin());
  if (different >= kManyLinks) traits.add("many-links", "links", std::to_string(different));
}

}  // namespace

void find_link_traits(const OutreachSubject& subject, TraitList& traits) {
  find_many_links(subject.message, traits);
  for (const Link& link : subject.message.links) find_link(link.url, subject, traits);
  UrlReader reader;
  for (const HtmlImage& image : subject.message.html.images) find_image(image, reader, traits);
}

}  // namespace coldpitch
