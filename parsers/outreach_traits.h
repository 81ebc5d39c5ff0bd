// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/message.h"
#include "parsers/outreach.h"

namespace coldpitch {

/// Collects traits within the promised numbers. `detail` is cut to 200 octets.
class TraitList {
 public:
  /// Adds a trait, unless there are enough of it or in all. `span` is in what `where` names.
  void add(std::string_view name, std::string_view where, std::string_view detail, Span span = {});
  [[nodiscard]] bool has(std::string_view name) const;
  /// The traits, which the list then no longer has.
  [[nodiscard]] std::vector<Trait> take() { return std::move(traits_); }

 private:
  std::vector<Trait> traits_;
};

/// What the finders below look at.
struct OutreachSubject {
  const Message& message;
  Mailbox author;
  std::string author_domain;        ///< registrable domain of the author, or the domain itself
  std::vector<Mailbox> recipients;  ///< of the envelope, else of To and Cc
};

/// A registrable domain where there is one, else the domain itself: what tells two organisations apart. Never
/// fails; the result owns its text. Thread-safe, linear.
[[nodiscard]] std::string organisation_of(std::string_view domain);

/// How a subject starts: "Re:", "AW:", "Fwd:" ... in eight languages, behind tags like "[External]".
enum class SubjectPrefix : std::uint8_t { none, reply, forward };
struct PrefixedSubject {
  SubjectPrefix prefix = SubjectPrefix::none;
  Span span;  ///< of the prefix, colon included
};
/// Reads the prefix `subject` (decoded, UTF-8) starts with (RFC 5322 §3.6.5). Never fails. Pure, thread-safe, linear.
[[nodiscard]] PrefixedSubject read_subject_prefix(std::string_view subject);

/// Each finds the traits of one theme. Later ones may ask what earlier ones found. Never fail. Pure but for `traits`, thread-safe, linear.
void find_transport_traits(const OutreachSubject& subject, TraitList& traits);  // outreach_transport.cpp
void find_content_traits(const OutreachSubject& subject, TraitList& traits);    // outreach_content.cpp
void find_thread_traits(const OutreachSubject& subject, TraitList& traits);     // outreach_thread.cpp
void find_link_traits(const OutreachSubject& subject, TraitList& traits);       // outreach_links.cpp
void find_address_traits(const OutreachSubject& subject, TraitList& traits);    // outreach_addresses.cpp
void find_greeting_traits(const OutreachSubject& subject, TraitList& traits);   // outreach_greeting.cpp
void find_residue_traits(const OutreachSubject& subject, TraitList& traits);    // outreach_residue.cpp
void find_opt_out_traits(const OutreachSubject& subject, TraitList& traits);    // outreach_opt_out.cpp

}  // namespace coldpitch
