// SPDX-License-Identifier: MIT
#include "history/identity.h"

#include <algorithm>
#include <utility>

#include "parsers/outreach.h"
#include "parsers/text.h"
#include "parsers/url.h"

namespace coldpitch {
namespace {

/// What identifies somebody by mail address; nothing when a part of the address is absent.
SenderIdentity mail_identity(const Mailbox& mailbox) {
  SenderIdentity identity;
  if (mailbox.local_part.empty() || mailbox.domain.empty()) return identity;
  identity.person = "mail:" + to_ascii_lower(mailbox.address());
  // Behind these addresses stand members, not LinkedIn.
  if (mailbox.domain == kLinkedInReplyDomain) return identity;
  const std::string organisation = registrable_domain(mailbox.domain);
  if (!organisation.empty() && !is_freemail_domain(organisation) && !is_freemail_domain(mailbox.domain)) {
    identity.organisation = "org:" + organisation;
  }
  return identity;
}

/// "jane-doe" of ".../in/Jane-Doe/?x", "" where there is no profile.
std::string vanity_in(std::string_view url) {
  constexpr std::string_view kProfiles = "/in/";
  const std::size_t start = url.find(kProfiles);
  if (start == std::string_view::npos) return {};
  const std::string_view vanity = url.substr(start + kProfiles.size());
  return to_ascii_lower(vanity.substr(0, vanity.find_first_of("/?#")));
}

/// Relaxed alignment (RFC 7489 §3.1): the same domain, or the same registrable one.
bool is_aligned(const std::string& proved, const std::string& header_from) {
  if (proved.empty() || header_from.empty()) return false;
  if (proved == header_from) return true;
  const std::string organisation = registrable_domain(header_from);
  return !organisation.empty() && registrable_domain(proved) == organisation;
}

bool is_authenticated(const std::string& header_from, const Authentication& authentication) {
  if (authentication.dmarc == "pass" && is_aligned(authentication.dmarc_from, header_from)) return true;
  const std::vector<std::string>& signers = authentication.dkim_domains;
  return std::any_of(signers.begin(), signers.end(),
                     [&](const std::string& signer) { return is_aligned(signer, header_from); });
}

}  // namespace

std::vector<std::string> linkedin_names(const LinkedInMail& linkedin) {
  std::vector<std::string> names;
  if (const std::string vanity = vanity_in(linkedin.sender_profile); !vanity.empty()) {
    names.push_back("linkedin:profile:" + vanity);
  }
  if (!linkedin.thread.empty()) names.push_back("linkedin:thread:" + linkedin.thread);
  // A name alone is shared by many: it has to do only where nothing else is known.
  if (!linkedin.sender_name.empty() && (names.empty() || !linkedin.sender_headline.empty())) {
    names.push_back("linkedin:name:" + linkedin.sender_name + "|" + linkedin.sender_headline);
  }
  return names;
}

std::string linkedin_person(const LinkedInMail& linkedin) {
  std::vector<std::string> names = linkedin_names(linkedin);
  return names.empty() ? std::string() : std::move(names.front());
}

std::string person_from(std::string_view text) {
  text = trim(text);
  if (find_ignoring_case(text, "linkedin.com/in/") != std::string_view::npos) {
    const std::string vanity = vanity_in(to_ascii_lower(text));
    return vanity.empty() ? vanity : "linkedin:profile:" + vanity;
  }
  return mail_identity(parse_envelope_address(text)).person;
}

SenderIdentity identify_sender(const Message& message, const LinkedInMail& linkedin,
                               const Authentication& authentication) {
  if (linkedin.authenticity == LinkedInAuthenticity::authentic) return {linkedin_person(linkedin), "", true};
  const Mailbox author = message.author();
  SenderIdentity identity = mail_identity(author);
  identity.authenticated = !identity.person.empty() && is_authenticated(author.domain, authentication);
  return identity;
}

SenderIdentity identify_address(const Mailbox& mailbox) {
  SenderIdentity identity = mail_identity(mailbox);
  identity.authenticated = true;
  return identity;
}

}  // namespace coldpitch
