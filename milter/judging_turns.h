// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>

#include "history/locks.h"

namespace coldpitch {

/// Who judges now: a message takes many times its octets while it is judged, and more of them at once than there are processors make
/// none quicker. Thread-safe; outlives its turns.
class JudgingTurns {
 public:
  /// What a turn may be, as its message's configuration says.
  struct Terms {
    std::size_t at_once = 1;  ///< turns at a time
    std::chrono::milliseconds patience{
        0};  ///< longest wait; then it begins all the same, so that no mail is held up
  };

  class Break;

  /// A turn: waited for by the constructor, first come first served; over with the destructor.
  class Turn {
   public:
    Turn(JudgingTurns& turns, Terms terms);
    ~Turn();
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

    /// Patience was over before others were done.
    [[nodiscard]] bool was_forced() const { return was_forced_; }

   private:
    friend class Break;
    JudgingTurns& turns_;
    Terms terms_;
    bool was_forced_ = false;
  };

  /// While one waits for others (name servers, a history), the turn is somebody else's. Whoever comes back goes before those who have
  /// not begun: what they hold is given back the sooner. Does nothing without a turn.
  class Break {
   public:
    explicit Break(Turn* turn);
    ~Break();
    Break(const Break&) = delete;
    Break& operator=(const Break&) = delete;

   private:
    Turn* turn_;
  };

  /// Turns under way, and those who wait for one.
  [[nodiscard]] std::size_t under_way() const;
  [[nodiscard]] std::size_t waiting() const;

 private:
  /// On the stack of its thread: where memory runs out, waiting still works.
  struct Waiter {
    std::condition_variable called;
    bool may_begin = false;
    Waiter* next = nullptr;
  };
  class Queue {
   public:
    [[nodiscard]] bool empty() const { return first_ == nullptr; }
    [[nodiscard]] std::size_t size() const;
    void push(Waiter& waiter);
    Waiter& pop();
    void remove(const Waiter& waiter);

   private:
    Waiter* first_ = nullptr;
  };

  [[nodiscard]] bool begin(Terms terms, bool returns);
  void end();

  mutable Mutex mutex_;
  std::size_t under_way_ GUARDED_BY(mutex_) = 0;
  std::size_t at_once_ GUARDED_BY(mutex_) = 1;  ///< of the last who came
  Queue new_ GUARDED_BY(mutex_), returning_ GUARDED_BY(mutex_);
};

}  // namespace coldpitch
