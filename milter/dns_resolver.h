// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "milter/dkim_verifier.h"

namespace coldpitch {

/// Asks name servers for TXT records, with a deadline. Built on libunbound, which caches; the servers are those of /etc/resolv.conf.
///
/// One thread of its own does all asking, with all signals blocked, so that none meant for the daemon reaches it. Thread-safe.
class DnsResolver {
 public:
  /// Look-ups under way at once; further ones fail at once, as temporary.
  static constexpr std::size_t kMaxLookups = 1000;

  /// `forwarder` ("127.0.0.1@5353") is asked in place of the servers of /etc/resolv.conf. nullptr when the library or a thread cannot be had.
  [[nodiscard]] static std::shared_ptr<DnsResolver> open(const std::string& forwarder = "");

  /// Ends the thread; look-ups under way are given up.
  ~DnsResolver();
  DnsResolver(const DnsResolver&) = delete;
  DnsResolver& operator=(const DnsResolver&) = delete;

  /// The first TXT record of `name`, its strings joined. Comes back by `deadline`, then as temporary. Several records are none, as
  /// RFC 6376 §3.6.2.2 leaves it to us.
  [[nodiscard]] DkimKeyAnswer find_text(const std::string& name,
                                        std::chrono::steady_clock::time_point deadline);

 private:
  class Loop;
  explicit DnsResolver(std::unique_ptr<Loop> loop);
  std::unique_ptr<Loop> loop_;
};

}  // namespace coldpitch
