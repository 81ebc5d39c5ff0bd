// SPDX-License-Identifier: MIT
#include "history/identity.h"

#include <algorithm>

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
  const std::string organisation = registrable_domain(mailbox.domain);
  if (!organisation.empty() && !is_freemail_domain(organisation) && !is_freemail_domain(mailbox.domain)) {
    identity.organisation = "org:" + organisation;
  }
  return identity;
}

std::string linkedin_person(const LinkedInMail& linkedin) {
  constexpr std::string_view kProfiles = "/in/";
  const std::string_view profile = linkedin.sender_profile;
  if (const std::size_t start = profile.find(kProfiles); start != std::string_view::npos) {
    std::string_view vanity = profile.substr(start + kProfiles.size());
    vanity = vanity.substr(0, vanity.find_first_of("/?#"));
    if (!vanity.empty()) return "linkedin:profile:" + to_ascii_lower(vanity);
  }
  if (!linkedin.thread.empty()) return "linkedin:thread:" + linkedin.thread;
  if (linkedin.sender_name.empty()) return "";
  return "linkedin:name:" + linkedin.sender_name + "|" + linkedin.sender_headline;
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
