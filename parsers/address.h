// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/limits.h"
#include "parsers/problems.h"

namespace coldpitch {

/// One mailbox (RFC 5322 §3.4, §4.4; RFC 6532 for UTF-8).
struct Mailbox {
  std::string display_name;  ///< decoded (RFC 2047) UTF-8, unquoted, trimmed; may be ""
  std::string local_part;    ///< unquoted octets, case kept; may be ""
  std::string
      domain;  ///< lower-case ASCII letters, no trailing dot, domain literals with brackets; may be ""

  /// local_part + "@" + domain, or just the local part without a domain. For comparing, not for sending.
  [[nodiscard]] std::string address() const;

  bool operator==(const Mailbox&) const = default;
};

/// Parses an address-list field body (From, To, Cc, Reply-To ...), unfolded.
///
/// Never fails: groups are flattened in order, comments dropped (an old-style "a@b (Name)" comment is the display
/// name when there is no other), routes of obsolete route-addresses dropped (RFC 5322 §3.4, §4.4). Words before a comma that nobody
/// quoted ("Doe, Jane <jane@example.org>") are part of the name behind it; two mailboxes without a comma are two. What fits no production is kept as
/// well as it can be and flagged `address-malformed`. A domain with octets a domain cannot have is "" and flagged.
/// At most `limits.mailboxes` (`mailboxes`). The result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::vector<Mailbox> parse_address_list(std::string_view body, const Limits& limits,
                                                      Problems& problems);

/// Parses an envelope address as it comes in MAIL or RCPT: with or without angle brackets, quoted local
/// part, "<>" and "" as an empty mailbox (RFC 5321 §4.1.2, source routes dropped). Never fails: what fits nothing is the local part.
/// The result owns its text. Pure, thread-safe, linear; the caller bounds `path`.
[[nodiscard]] Mailbox parse_envelope_address(std::string_view path);

/// The ids of a Message-ID, In-Reply-To or References body (RFC 5322 §3.6.4), in order, without the angle
/// brackets and without blanks inside. Words outside brackets are skipped. At most 200, the first 100 and the last 100.
/// Never fails; the ids own their text. Pure, thread-safe, linear.
[[nodiscard]] std::vector<std::string> parse_message_ids(std::string_view body);

}  // namespace coldpitch
