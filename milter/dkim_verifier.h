// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "parsers/authentication.h"

namespace coldpitch {

/// What a name server says of a key.
struct DkimKeyAnswer {
  enum class Status : std::uint8_t {
    found,
    none,       ///< there is no such name, or no TXT record
    temporary,  ///< no answer in time, or a failure
  };
  Status status = Status::temporary;
  std::string record;  ///< TXT, its strings joined
};

/// Looks up the TXT record of `name` ("s1._domainkey.example.net") and comes back by `deadline`. Called by the thread that
/// verifies, so by several at once.
using DkimKeySource =
    std::function<DkimKeyAnswer(const std::string& name, std::chrono::steady_clock::time_point deadline)>;

/// Verifies DKIM signatures (RFC 6376) in this process, for sites without a verifier in front. Built on libopendkim.
///
/// Thread-safe. The only part that waits is the key source.
class DkimVerifier {
 public:
  /// Further DKIM-Signature fields of a message are not looked at.
  static constexpr std::size_t kMaxSignatures = 10;

  virtual ~DkimVerifier() = default;
  DkimVerifier(const DkimVerifier&) = delete;
  DkimVerifier& operator=(const DkimVerifier&) = delete;

  /// Verifies the signatures of a whole message as it came, folds and blanks untouched; LF line ends are read as CRLF.
  ///
  /// A signature passes when it verifies with a key of at least 1,024 bits that is not in test mode, by an algorithm still allowed
  /// (RFC 8301), is not expired, and covers the whole body. `dkim` of the result is "pass", "fail", "none" (not signed), "temperror" (a
  /// key could not be had in time) or "permerror"; `dkim_domains` and `dkim_passed` name what passed; DMARC and SPF stay empty. All
  /// look-ups of one message share the time given at construction. Never throws but std::bad_alloc.
  [[nodiscard]] virtual Authentication verify(std::string_view octets) const = 0;

 protected:
  DkimVerifier() = default;
};

/// True when this build can verify.
[[nodiscard]] bool has_dkim_verification();

/// A verifier with keys from `source`. nullptr when this build has none, or the library cannot be set up.
[[nodiscard]] std::shared_ptr<const DkimVerifier> make_dkim_verifier(DkimKeySource source,
                                                                     std::chrono::milliseconds dns_timeout);

/// The same with keys from DNS, asked by a thread of its own with all signals blocked.
[[nodiscard]] std::shared_ptr<const DkimVerifier> make_dkim_verifier(std::chrono::milliseconds dns_timeout);

}  // namespace coldpitch
