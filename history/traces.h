// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/linkedin.h"
#include "parsers/message.h"

namespace coldpitch {

/// By what else a sender can be met again, in words the store never sees: they are turned into keys first. Without repetitions.
struct SenderTraces {
  /// Names of the same person under which other mail may have known them: of a LinkedIn member "linkedin:thread:<id>" and
  /// "linkedin:name:<name>|<headline>". What was said of one holds for the other.
  std::vector<std::string> aliases;
  /// What sibling domains share: "brand:example" for example.com, getexample.com and examplehq.com, of the From domain, of Reply-To and of links
  /// in the signature; "reply:<address>" of a Reply-To that is not the author's. They may share a stop, and never earn trust.
  std::vector<std::string> siblings;
  /// Where an answer may go: "route:<address>" of Reply-To, and "list:<address>" of the list the message came through.
  std::vector<std::string> routes;

  bool operator==(const SenderTraces&) const = default;
};

/// Pure; linear. Nothing of LinkedIn mail that is not authentic is believed.
[[nodiscard]] SenderTraces trace_sender(const Message& message, const LinkedInMail& linkedin);

/// "brand:example" of a domain, "" where it has none: free mail, names too short or too general, and sites on which everybody has a page.
/// Case does not matter. Pure.
[[nodiscard]] std::string brand_of(std::string_view domain);

/// "route:jane@example.com", as in SenderTraces::routes. Pure.
[[nodiscard]] std::string reply_route(const Mailbox& mailbox);
/// "list:dev@lists.example.com", as in SenderTraces::routes. Pure.
[[nodiscard]] std::string list_route(const Mailbox& mailbox);

}  // namespace coldpitch
