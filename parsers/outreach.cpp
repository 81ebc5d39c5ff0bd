// SPDX-License-Identifier: MIT
#include "parsers/outreach.h"

#include <algorithm>

#include "parsers/outreach_traits.h"
#include "parsers/text.h"
#include "parsers/url.h"

namespace coldpitch {
namespace {

constexpr std::size_t kMostTraits = 100;
constexpr std::ptrdiff_t kMostOfOneName = 5;
constexpr std::size_t kDetailOctets = 200;

OutreachSubject subject_of(const Message& message, const std::vector<Mailbox>& recipients) {
  OutreachSubject subject{message, message.author(), "", recipients};
  subject.author_domain = organisation_of(subject.author.domain);
  if (subject.recipients.empty()) {
    subject.recipients = message.to;
    subject.recipients.insert(subject.recipients.end(), message.cc.begin(), message.cc.end());
  }
  return subject;
}

}  // namespace

void TraitList::add(std::string_view name, std::string_view where, std::string_view detail, Span span) {
  if (traits_.size() >= kMostTraits) return;
  const auto same =
      std::count_if(traits_.begin(), traits_.end(), [&](const Trait& trait) { return trait.name == name; });
  if (same >= kMostOfOneName) return;
  traits_.push_back(
      {std::string(name), std::string(where), span, std::string(utf8_prefix(detail, kDetailOctets))});
}

bool TraitList::has(std::string_view name) const { return find_trait(traits_, name) != nullptr; }

std::string organisation_of(std::string_view domain) {
  std::string organisation = registrable_domain(domain);
  return organisation.empty() ? std::string(domain) : organisation;
}

std::vector<Trait> find_outreach_traits(const Message& message, const std::vector<Mailbox>& recipients) {
  const OutreachSubject subject = subject_of(message, recipients);
  TraitList traits;
  find_transport_traits(subject, traits);
  find_content_traits(subject, traits);
  find_thread_traits(subject, traits);
  find_link_traits(subject, traits);
  find_address_traits(subject, traits);
  find_greeting_traits(subject, traits);
  find_residue_traits(subject, traits);
  find_opt_out_traits(subject, traits);
  return traits.take();
}

const Trait* find_trait(const std::vector<Trait>& traits, std::string_view name) {
  const auto found =
      std::find_if(traits.begin(), traits.end(), [&](const Trait& trait) { return trait.name == name; });
  return found == traits.end() ? nullptr : &*found;
}

}  // namespace coldpitch
