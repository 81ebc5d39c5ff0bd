// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/brand_affixes.h"
#include "parsers/outreach_tables.h"
#include "parsers/outreach_traits.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

std::string_view first_label(std::string_view domain) { return domain.substr(0, domain.find('.')); }

/// The brand left when affix `label` is taken off, "" when it is too short to be one.
std::string_view stem_of(std::string_view label, std::string_view affix, bool before) {
  if (label.size() < affix.size() + kShortestBrand) return "";
  if (before) return label.starts_with(affix) ? label.substr(affix.size()) : "";
  return label.ends_with(affix) ? label.substr(0, label.size() - affix.size()) : "";
}

/// A link or Reply-To at the brand's own domain, which is not the one that sends.
bool points_to(const Message& message, std::string_view stem) {
  const auto is_brand = [&](std::string_view domain) { return first_label(domain) == stem; };
  return std::any_of(message.links.begin(), message.links.end(),
                     [&](const Link& link) { return is_brand(link.url.registrable_domain); }) ||
         std::any_of(message.reply_to.begin(), message.reply_to.end(),
                     [&](const Mailbox& mailbox) { return is_brand(organisation_of(mailbox.domain)); });
}

/// The sending domain is a brand with an affix, and the mail itself points to the bare brand: "getexample.com" and a
/// link to "example.com". Without that link "getresponse.com" would be one too.
void find_domain_affix(const OutreachSubject& subject, TraitList& traits) {
  if (is_freemail_domain(subject.author_domain)) return;
  const std::string_view label = first_label(subject.author_domain);
  const auto try_affix = [&](std::string_view affix, bool before) {
    const std::string_view stem = stem_of(label, affix, before);
    if (!stem.empty() && points_to(subject.message, stem)) {
      traits.add("sender-domain-affix", "header", subject.author_domain);
    }
  };
  for (const std::string_view affix : kBrandPrefixes) try_affix(affix, true);
  for (const std::string_view affix : kBrandSuffixes) try_affix(affix, false);
}

void find_reply_to(const OutreachSubject& subject, TraitList& traits) {
  if (subject.author_domain.empty() || subject.message.reply_to.empty()) return;
  const Mailbox& reply_to = subject.message.reply_to.front();
  if (!reply_to.domain.empty() && organisation_of(reply_to.domain) != subject.author_domain) {
    traits.add("reply-to-elsewhere", "header", reply_to.domain);
  }
}

void find_recipient_traits(const OutreachSubject& subject, TraitList& traits) {
  for (const Mailbox& recipient : subject.recipients) {
    const std::string local = to_ascii_lower(recipient.local_part);
    if (is_role_local_part(local)) traits.add("role-recipient", "header", local);
  }
}

bool is_addressed(const Message& message, const Mailbox& recipient) {
  const auto is_same = [&](const Mailbox& mailbox) {
    return equals_ignoring_case(mailbox.local_part, recipient.local_part) &&
           mailbox.domain == recipient.domain;
  };
  return std::any_of(message.to.begin(), message.to.end(), is_same) ||
         std::any_of(message.cc.begin(), message.cc.end(), is_same);
}

/// Nobody in To and Cc; or only the author, while the envelope goes to others.
void find_undisclosed_recipients(const OutreachSubject& subject, TraitList& traits) {
  const Message& message = subject.message;
  const auto has_address = [](const Mailbox& mailbox) { return !mailbox.domain.empty(); };
  const bool disclosed = std::any_of(message.to.begin(), message.to.end(), has_address) ||
                         std::any_of(message.cc.begin(), message.cc.end(), has_address);
  if (!disclosed) return traits.add("undisclosed-recipients", "header", message.header().get("To"));
  const bool to_self = message.to.size() == 1 && message.cc.empty() && is_addressed(message, subject.author);
  const bool to_others =
      std::any_of(subject.recipients.begin(), subject.recipients.end(),
                  [&](const Mailbox& recipient) { return !is_addressed(message, recipient); });
  if (to_self && to_others) traits.add("undisclosed-recipients", "header", subject.author.address());
}

}  // namespace

void find_address_traits(const OutreachSubject& subject, TraitList& traits) {
  if (is_freemail_domain(subject.author.domain)) {
    traits.add("freemail-sender", "header", subject.author.domain);
  }
  find_reply_to(subject, traits);
  find_domain_affix(subject, traits);
  find_recipient_traits(subject, traits);
  find_undisclosed_recipients(subject, traits);
}

}  // namespace coldpitch
