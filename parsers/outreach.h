// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "parsers/message.h"

namespace coldpitch {

/// A fact about how a direct mail was made or dressed, with the words that show it.
struct Trait {
  std::string name;    ///< stable: see kTraits in docs/parsers.md
  std::string where;   ///< "subject", "body", "header", "links"
  Span span;           ///< in Message::subject or Message::text; empty for header and links
  std::string detail;  ///< the host, field or words; UTF-8; may hold the sender's text

  bool operator==(const Trait&) const = default;
};

/// Direct-outreach traits of a message: facts, no judgement.
///
/// Names: `bulk-mailer` (self-hosted mass mailers that sign their mail), `bulk-network` (X-Mailer and Message-ID of one generator),
/// `bulk-message-id` (an id of OpenEMM's shape, honest or not),
/// `sales-tool-link` (host or path of a sales-engagement tool), `tracking-pixel`, `calendar-link`, `fake-reply` ("Re:"/"Fwd:" in any of
/// eight languages without references and without a quote, or with empty or self-made references), `empty-references`,
/// `greeting-from-address` (greets the recipient's local part or domain), `template-residue` ({{first_name}} and kin),
/// `empty-greeting` ("Hi ,"), `opt-out-by-reply`, `list-unsubscribe`, `gmail-api`, `reply-to-elsewhere`, `freemail-sender`,
/// `role-recipient`, `undisclosed-recipients`, `sender-domain-affix` (get<brand>.com), `genuine-reply` (references, and a quote
/// of a message by one of `recipients`), `list-mail` (List-Id, List-Post, Precedence: list), `bulk-mail` (List-Unsubscribe with Precedence or
/// Feedback-ID), `auto-generated` (RFC 3834), `bounce`, `receipt-like`, `patch` (diff or git subject), `attachment`, `long-text` (over
/// 400 human words), `very-long-text` (over 1,000), `short-text` (under 12), `many-links` (to 10 pages or more), `warm-up` (subject of
/// the shape that mailbox warm-up services use).
/// `recipients`: envelope recipients, may be empty (To and Cc are used). At most 100 traits, each name at most 5 times, `detail` at most 200
/// octets; what is read is bounded by the limits `message` was read with. Never fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] std::vector<Trait> find_outreach_traits(const Message& message,
                                                      const std::vector<Mailbox>& recipients);

/// First trait called `name`, or nullptr. Points into `traits`. Pure, linear.
[[nodiscard]] const Trait* find_trait(const std::vector<Trait>& traits, std::string_view name);

/// True for a domain where anybody may have a mailbox (gmail.com, gmx.de ...); lower case. Pure, thread-safe, linear in the
/// (fixed) tables.
[[nodiscard]] bool is_freemail_domain(std::string_view domain);

}  // namespace coldpitch
