// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "parsers/header.h"

namespace coldpitch {

/// One result of an Authentication-Results field (RFC 8601 §2.2 resinfo).
struct AuthenticationResult {
  std::string method;  ///< "dkim", lower case, without the version
  std::string result;  ///< "pass", lower case
  std::string reason;  ///< of reason=, or ""
  /// Properties as "header.d" -> "example.net", names in lower case, values unquoted as written.
  std::vector<std::pair<std::string, std::string>> properties;

  /// Value of property `name`, or "". Points into this result.
  [[nodiscard]] std::string_view property(std::string_view name) const;

  bool operator==(const AuthenticationResult&) const = default;
};

/// One Authentication-Results field.
struct AuthenticationResults {
  std::string authserv_id;  ///< lower case
  std::vector<AuthenticationResult>
      results;  ///< empty for "none", and for a version of the field other than 1

  bool operator==(const AuthenticationResults&) const = default;
};

/// Parses an unfolded Authentication-Results body (RFC 8601 §2.2: comments anywhere, quoted strings, version numbers,
/// "none"). Never fails: parsing stops at the first octet that fits nothing and keeps the results before it. Results of a
/// method in a version other than 1 are left out (§2.2: they may mean something else). At most 100 results; the result owns its text.
/// Pure, thread-safe, linear.
[[nodiscard]] AuthenticationResults parse_authentication_results(std::string_view body);

/// A DKIM signature that verified, as far as its verifier named it.
struct DkimPass {
  std::string domain;     ///< d=, else the domain of i=, lower case
  std::string selector;   ///< s=, or ""
  std::string signature;  ///< first octets of b= (RFC 6008), or ""

  bool operator==(const DkimPass&) const = default;
};

/// What may be believed about who sent a message.
struct Authentication {
  bool checked = false;  ///< a trusted field was found
  std::vector<std::string>
      dkim_domains;   ///< d= of passing signatures (from header.d, else the domain of header.i), lower case
  std::string dmarc;  ///< "pass", "fail", "none" ... or ""
  std::string dmarc_from;  ///< header.from of the DMARC result, lower case
  std::string spf;         ///< "pass", "softfail" ... or ""
  std::string spf_domain;  ///< domain of smtp.mailfrom (or smtp.helo), lower case
  std::string dkim{};      ///< "pass" when any signature passed, else the first DKIM result, or ""
  std::vector<DkimPass> dkim_passed{};  ///< the passing signatures one by one, in order, at most 100

  bool operator==(const Authentication&) const = default;
};

/// Reads the Authentication-Results fields that our own edge wrote (RFC 8601 §5, §7.1).
///
/// A field counts when its authserv-id is one of `trusted_ids` (lower case) and no Received field stands above it but those
/// written "by" a host of `trusted_ids`: all others may be the sender's. Of several such fields the topmost that has a result of a
/// method decides about that method (§5: one further down may be a forgery that our edge should have removed). Never fails; the result owns its
/// text. Pure, thread-safe, linear.
[[nodiscard]] Authentication trusted_authentication(const Header& header,
                                                    const std::vector<std::string>& trusted_ids);

/// Adds what another verifier found: what either proves is proved. Where both say nothing good of DKIM, `all` keeps its word.
/// Never fails. Pure but for `all`, linear.
void add_authentication(Authentication& all, const Authentication& more);

/// A DKIM-Signature field (RFC 6376 §3.5), as far as a filter reads it.
struct DkimSignature {
  std::string domain;                      ///< d=, lower case
  std::string selector;                    ///< s=
  std::vector<std::string> signed_fields;  ///< h=, lower case, in order
  std::string signature{};                 ///< b=, without white space

  /// True when the signature covers fields called `field_name` (lower case; RFC 6376 §5.4). Pure.
  [[nodiscard]] bool covers(std::string_view field_name) const;
  /// True when `pass` may speak of this signature: as far as it names domain, selector and octets, they are these.
  [[nodiscard]] bool may_be(const DkimPass& pass) const;
  bool operator==(const DkimSignature&) const = default;
};

/// Parses an unfolded DKIM-Signature body (RFC 6376 §3.2, §3.5); unknown tags are skipped, absent ones "". Never fails; the result owns its
/// text; the caller bounds `body` (limits.field_octets). Pure, thread-safe, linear.
[[nodiscard]] DkimSignature parse_dkim_signature(std::string_view body);

}  // namespace coldpitch
