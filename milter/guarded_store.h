// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "history/locks.h"
#include "history/store.h"
#include "milter/metrics.h"

namespace coldpitch {

struct GuardSettings {
  std::chrono::milliseconds limit{200};   ///< a question that takes longer has failed
  std::size_t failures = 3;               ///< in a row, after which the store is asked no more ...
  std::chrono::milliseconds pause{5000};  ///< ... for so long; then one question tries
};

/// A circuit breaker before a store, which reports to metrics and log. Thread-safe.
///
/// While it is open, questions fail at once with `temporary`, so that a store that is slow or away costs each message nothing and not its
/// limit. Events are recorded all the same: they wait in the store's queue. All other functions are those of the store. Logged is what changes:
/// the store does not answer, or does again; events cannot be written, or can again.
class GuardedStore final : public Store {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;

  /// `metrics` outlives it, and has its before_text() from it.
  GuardedStore(std::unique_ptr<Store> store, GuardSettings settings, Metrics& metrics,
               Clock clock = std::chrono::steady_clock::now);
  ~GuardedStore() override;

  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override;
  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override;
  Result<void> record(Event event) override;
  Result<void> flush() override { return store_->flush(); }
  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    return store_->expire(before, texts_before);
  }
  QueueState queue() const override { return store_->queue(); }
  Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) override {
    return store_->events(filter, limit);
  }
  Result<void> scan(TimePoint since, const std::function<void(const Event&)>& visit) override {
    return store_->scan(since, visit);
  }
  Result<std::size_t> erase(const EventFilter& filter) override { return store_->erase(filter); }
  Result<StoreStats> stats() override { return store_->stats(); }

  [[nodiscard]] bool is_bypassed() const;

 private:
  template <class Answer, class Work>
  Result<Answer> guarded(Work&& work);
  bool may_ask();
  void note_success();
  void note_failure(const std::string& detail);
  /// Tells metrics and log how writing goes.
  void report();

  const std::unique_ptr<Store> store_;
  const GuardSettings settings_;
  Metrics& metrics_;
  const Clock clock_;
  mutable Mutex mutex_;
  std::size_t failed_ GUARDED_BY(mutex_) = 0;  ///< in a row
  bool is_open_ GUARDED_BY(mutex_) = false;
  std::chrono::steady_clock::time_point try_at_ GUARDED_BY(mutex_){};  ///< while open
  std::uint64_t write_failures_ GUARDED_BY(mutex_) = 0;                ///< told to metrics
  bool was_failing_ GUARDED_BY(mutex_) = false;                        ///< told to the log
};

}  // namespace coldpitch
