// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string_view>

namespace coldpitch {

/// What a link to a host says about the mail.
enum class HostUse : std::uint8_t {
  sales_tool,        ///< a sales-engagement tool: opens, clicks and refusals of sequences
  personal_tracker,  ///< opens, counted for one person's mailbox; mostly honest mail
  calendar,          ///< a page to book a meeting with one person
};

/// How KnownHost::host is compared.
enum class HostMatch : std::uint8_t {
  below,   ///< the host, or one below it; "#" stands for digits, "*" for letters, digits and hyphens
  prefix,  ///< the host starts so: tools that own one name under many suffixes
  any,     ///< any host: the path alone tells (customers' own host names)
};

struct KnownHost {
  HostUse use;
  HostMatch match;
  std::string_view host;
  std::string_view path;  ///< the path starts so, "" for any
  std::string_view tool;  ///< name of the product
};

/// The entry that fits `host` (lower case) and `path`, or nullptr. The entry lives for ever. Pure, thread-safe, linear in the (fixed)
/// table.
[[nodiscard]] const KnownHost* find_known_host(std::string_view host, std::string_view path);

/// 13 letters and digits: how MailWizz names a campaign, list or subscriber. Pure.
[[nodiscard]] bool is_mailwizz_id(std::string_view text);

/// The self-hosted mass mailer whose links look so, or "". Honest senders run these programs, too. `query` is without "?". The name lives
/// for ever. Pure, thread-safe, linear.
[[nodiscard]] std::string_view find_bulk_mailer_link(std::string_view path, std::string_view query);

/// "info", "sales", "kontakt": a mailbox of a task rather than of a person (RFC 2142 and custom). Lower case. Pure, thread-safe.
[[nodiscard]] bool is_role_local_part(std::string_view local_part);

}  // namespace coldpitch
