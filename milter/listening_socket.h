// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "milter/config.h"
#include "parsers/result.h"

namespace coldpitch {

/// The milter's socket, opened through libmilter (smfi_setconn, smfi_opensocket) after callbacks were registered.
///
/// For a Unix socket a lock file (`<path>.lock`) proves that no other instance lives, since libmilter would take the place of a
/// live socket without asking; mode and group are set before anybody can connect with the wrong ones.
class ListeningSocket {
 public:
  /// Errors: `permanent` with a sentence for an admin.
  [[nodiscard]] static Result<ListeningSocket> open(const Config& config);

  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;
  ~ListeningSocket();

  /// Takes the path away, so that no new connection comes; ones that are open live on. Nothing for TCP.
  void retire() const;

 private:
  ListeningSocket(ListenAddress address, int lock) : address_(std::move(address)), lock_(lock) {}

  ListenAddress address_;
  int lock_ = -1;  ///< -1 for TCP
};

}  // namespace coldpitch
