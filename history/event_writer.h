// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// A bounded queue of events and the one thread that writes them in groups.
///
/// A group that cannot be written is kept and tried again, so a passing lock loses nothing; meanwhile the queue fills
/// up and then refuses. All functions are thread-safe. The thread blocks every signal: they belong to the main thread.
class EventWriter {
 public:
  /// Writes a group whole or not at all. Called by one thread at a time; must be bounded in time and must not throw.
  using Sink = std::function<Result<void>(const std::vector<Event>&)>;

  struct Settings {
    std::size_t queue_events = 10000;            ///< waiting or being written
    std::size_t group_events = 200;              ///< a group is written when it has so many ...
    std::chrono::milliseconds group_delay{50};   ///< ... or its first event has waited so long
    std::chrono::milliseconds retry_delay{200};  ///< between attempts to write the same group
    std::size_t most_events = 500;               ///< in a group, where more wait than make it full
  };

  /// Errors: `temporary` when no thread can be had.
  [[nodiscard]] static Result<std::unique_ptr<EventWriter>> start(Sink sink, Settings settings);

  /// Writes what waits, giving up at the first group that fails.
  ~EventWriter();
  EventWriter(const EventWriter&) = delete;
  EventWriter& operator=(const EventWriter&) = delete;

  /// Errors: `limit` when the queue is full; the event is dropped, and counted in `detail`.
  Result<void> add(Event event);

  [[nodiscard]] QueueState state() const;

  /// Returns when all events added before are written, or with the error of the next attempt that fails.
  Result<void> flush();

 private:
  EventWriter(Sink sink, Settings settings);
  void run();
  Result<void> gather(std::unique_lock<std::mutex>& lock, std::vector<Event>& group);
  [[nodiscard]] Result<void> write(const std::vector<Event>& group) const;
  void note_failure(Error error);
  [[nodiscard]] bool is_hurried() const { return stopping_ || flushers_ > 0; }

  const Sink sink_;
  const Settings settings_;
  mutable std::mutex mutex_;         ///< guards all below but thread_
  std::condition_variable work_;     ///< something for the thread to do
  std::condition_variable outcome_;  ///< a group was written, or failed
  std::deque<Event> queue_;
  std::uint64_t added_ = 0;
  std::uint64_t written_ = 0;
  std::uint64_t dropped_ = 0;
  std::uint64_t failures_ = 0;
  std::size_t flushers_ = 0;
  Error last_error_;
  bool is_failing_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace coldpitch
