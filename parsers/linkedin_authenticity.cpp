// SPDX-License-Identifier: MIT
#include "parsers/linkedin_authenticity.h"

#include <algorithm>
#include <vector>

#include "parsers/linkedin_links.h"
#include "parsers/text.h"

namespace coldpitch::linkedin {
namespace {

constexpr std::string_view kDomain = "linkedin.com";
constexpr std::string_view kClassField = "X-LinkedIn-Class";
constexpr std::string_view kTemplateField = "X-LinkedIn-Template";
constexpr std::size_t kMaxSignatures = 50;

bool is_linkedin(std::string_view domain) { return is_domain_or_below(domain, kDomain); }

/// Letters only, with those that look alike made equal: "Linkedln" and "Linked In" read as "LinkedIn".
std::string skeleton(std::string_view name) {
  std::string letters;
  for (const char octet : name) {
    const char lower = ascii_lower(octet);
    if (lower == 'l' || lower == '1' || lower == '|') {
      letters += 'i';
    } else if (is_ascii_alpha(lower)) {
      letters += lower;
    }
  }
  return letters;
}

bool is_footer_path(std::string_view path) {
  return path.substr(0, 15) == "/help/linkedin/" || path.substr(0, 6) == "/comm/" ||
         path.substr(0, 5) == "/e/v2" || path.find("unsubscribe") != std::string_view::npos;
}

/// The look of LinkedIn's mail: its name as the sender's, and the links of its footer.
bool looks_like_linkedin(const Message& message, const LinkedInKnowledge& known) {
  if (skeleton(message.author().display_name).find("iinkedin") == std::string::npos) return false;
  const std::vector<MemberLink> links = member_links(message, known);
  return std::any_of(links.begin(), links.end(),
                     [](const MemberLink& link) { return is_footer_path(link.path); });
}

bool has_linkedin_field(const Header& header) {
  const auto& fields = header.fields();
  return std::any_of(fields.begin(), fields.end(), [](const HeaderField& field) {
    return starts_with_ignoring_case(field.name, "X-LinkedIn-");
  });
}

bool is_known_mailbox(const Mailbox& mailbox, const LinkedInKnowledge& known) {
  if (first_kind(known.domains, [&](std::string_view domain) { return domain == mailbox.domain; }))
    return true;
  // "member" is known, but was used for several kinds.
  return mailbox.domain == kDomain && (equals_ignoring_case(mailbox.local_part, "member") ||
                                       first_kind(known.addresses, [&](std::string_view local_part) {
                                         return equals_ignoring_case(local_part, mailbox.local_part);
                                       }));
}

bool is_bounce_sender(const Message& message, std::string_view envelope_sender) {
  const std::string_view path =
      envelope_sender.empty() ? message.header().get("Return-Path") : envelope_sender;
  return parse_envelope_address(path).domain == "bounce.linkedin.com";
}

/// LinkedIn's signatures in a message, and those of them that a trusted result says verify.
struct Signatures {
  std::vector<DkimSignature> present;  ///< DKIM-Signature fields of LinkedIn's domains, verified or not
  std::vector<DkimPass> passed;

  /// A result may fit several fields, of which all but one are somebody's who wants other fields covered: then all must cover.
  [[nodiscard]] bool cover(std::string_view field) const {
    return std::any_of(passed.begin(), passed.end(), [&](const DkimPass& pass) {
      std::size_t covering = 0;
      for (const DkimSignature& signature : present) {
        if (!signature.may_be(pass)) continue;
        if (!signature.covers(field)) return false;
        ++covering;
      }
      return covering > 0;
    });
  }
};

Signatures find_signatures(const Header& header, const Authentication& authentication) {
  Signatures signatures;
  const std::vector<std::string_view> bodies = header.all("DKIM-Signature");
  for (std::size_t i = 0; i < std::min(bodies.size(), kMaxSignatures); ++i) {
    DkimSignature signature = parse_dkim_signature(bodies[i]);
    if (is_linkedin(signature.domain)) signatures.present.push_back(std::move(signature));
  }
  for (const DkimPass& pass : authentication.dkim_passed) {
    if (is_linkedin(pass.domain)) signatures.passed.push_back(pass);
  }
  return signatures;
}

/// What trusted results prove about the From domain.
struct Proof {
  bool dkim = false;
  bool dmarc = false;
};

Proof find_proof(const Message& message, const Authentication& authentication) {
  // Signers read the last From field and mail programs the first.
  if (!is_linkedin(message.author().domain) || message.header().all("From").size() > 1) return {};
  const auto& passed = authentication.dkim_domains;
  return {std::any_of(passed.begin(), passed.end(), is_linkedin),
          authentication.dmarc == "pass" &&
              (authentication.dmarc_from.empty() || is_linkedin(authentication.dmarc_from))};
}

/// True when only a signature proves the domain: then anybody may have sent a signed mail again, with fields of his own on top of it.
bool may_be_replayed(const Proof& proof, const Authentication& authentication) {
  return proof.dkim && !(authentication.spf == "pass" && is_linkedin(authentication.spf_domain));
}

/// True when a trusted result names what a LinkedIn mail would have passed, and not for want of an answer.
bool is_contradicted(const Authentication& authentication) {
  const auto is_answer = [](std::string_view result) { return !result.empty() && result != "temperror"; };
  return !authentication.dkim_domains.empty() || is_answer(authentication.dkim) ||
         is_answer(authentication.dmarc);
}

/// Fields that can be believed: LinkedIn writes each once, so a second copy is somebody else's.
std::string single_field(const Header& header, std::string_view name) {
  const std::vector<std::string_view> bodies = header.all(name);
  return bodies.size() == 1 ? std::string(trim(bodies.front())) : std::string();
}

Origin unproved(const Message& message, const Authentication& authentication, bool has_fields,
                const LinkedInKnowledge& known) {
  const bool claims =
      has_fields || is_linkedin(message.author().domain) || looks_like_linkedin(message, known);
  if (!claims) return {LinkedInAuthenticity::unrelated, "does not say it is LinkedIn's", {}, {}};
  if (!authentication.checked)
    return {LinkedInAuthenticity::unknown, "no trusted authentication result", {}, {}};
  if (!is_contradicted(authentication)) {
    return {LinkedInAuthenticity::unknown, "the trusted results do not tell", {}, {}};
  }
  return {LinkedInAuthenticity::forged, "neither DKIM nor DMARC proves that linkedin.com wrote it", {}, {}};
}

Origin with_fields(const Header& header, std::string_view reason) {
  return {LinkedInAuthenticity::authentic, reason, single_field(header, kClassField),
          single_field(header, kTemplateField)};
}

Origin with_signed_fields(const Header& header, const Signatures& signatures) {
  Origin origin = with_fields(header, "DKIM passed for linkedin.com and covers the LinkedIn fields");
  if (!signatures.cover(kClassField)) origin.mail_class.clear();
  if (!signatures.cover(kTemplateField)) origin.template_name.clear();
  return origin;
}

}  // namespace

Origin find_origin(const Message& message, const Authentication& authentication,
                   std::string_view envelope_sender, const LinkedInKnowledge& known) {
  const Header& header = message.header();
  const bool has_fields = has_linkedin_field(header);
  const Proof proof = authentication.checked ? find_proof(message, authentication) : Proof{};
  if (!proof.dkim && !proof.dmarc) return unproved(message, authentication, has_fields, known);

  const Signatures signatures = find_signatures(header, authentication);
  const bool covered = (header.has(kClassField) && signatures.cover(kClassField)) ||
                       (header.has(kTemplateField) && signatures.cover(kTemplateField));
  const bool bounces = is_bounce_sender(message, envelope_sender);
  if (proof.dkim && covered) return with_signed_fields(header, signatures);
  if (proof.dmarc && bounces && !may_be_replayed(proof, authentication)) {
    return with_fields(header, "DMARC passed for linkedin.com, and bounces go to bounce.linkedin.com");
  }
  const bool known_address = is_known_mailbox(message.author(), known);
  if (proof.dkim && proof.dmarc && signatures.present.empty() && (has_fields || known_address)) {
    return with_fields(header, "DKIM and DMARC passed for linkedin.com");
  }
  if (proof.dmarc && bounces && known_address) {
    // Forwarded, so SPF tells nothing; fields that are not signed are not used.
    return {LinkedInAuthenticity::authentic,
            "DMARC passed for linkedin.com by its signature, and the From address is a known one",
            {},
            {}};
  }
  if (header.has(kClassField) || header.has(kTemplateField)) {
    return {LinkedInAuthenticity::unknown, "no signature covers the LinkedIn fields", {}, {}};
  }
  if (known_address) {
    return {LinkedInAuthenticity::authentic,
            "linkedin.com is proved, and the From address is a known one",
            {},
            {}};
  }
  if (bounces || has_fields) {
    return {LinkedInAuthenticity::unknown,
            "a LinkedIn address that is not known, and no LinkedIn field is signed",
            {},
            {}};
  }
  return {LinkedInAuthenticity::unrelated, "written by LinkedIn staff", {}, {}};
}

}  // namespace coldpitch::linkedin
