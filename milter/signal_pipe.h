// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>

#include "parsers/result.h"

namespace coldpitch {

/// Turns HUP, USR1, TERM and INT into values read in the main thread.
///
/// libmilter takes HUP and TERM as "stop" in a thread of its own. They stay blocked in every thread but the main one, where the kernel
/// delivers them first, and a handler passes them on through a pipe. Construct in main before any thread is started.
class SignalPipe {
 public:
  [[nodiscard]] static Result<SignalPipe> open();
  SignalPipe(SignalPipe&& other) noexcept;
  SignalPipe& operator=(SignalPipe&&) = delete;
  ~SignalPipe();

  /// Lets signals in. Call in the main thread once all other threads run.
  void unblock() const;
  /// What wait() returns when nothing came in time.
  static constexpr int kNothing = 0;
  /// Waits for a signal, at most `limit` (for ever without one: then kNothing is returned); nullopt when `other_fd` becomes readable
  /// first (or is at its end).
  [[nodiscard]] std::optional<int> wait(int other_fd,
                                        std::optional<std::chrono::milliseconds> limit = std::nullopt) const;

 private:
  explicit SignalPipe(int read_end) : read_end_(read_end) {}
  int read_end_;
};

}  // namespace coldpitch
