// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "history/locks.h"
#include "milter/guarded_store.h"
#include "milter/judging_threads.h"
#include "milter/judging_turns.h"
#include "milter/metrics.h"
#include "milter/pipeline.h"
#include "milter/snapshot.h"
#include "milter/work_watch.h"

namespace coldpitch {

/// What all connections of a daemon share. Thread-safe; outlives every Connection.
class Service {
 public:
  using Clock = std::function<TimePoint()>;

  /// `store` and `keyring` may be null. The store is put behind a GuardedStore, set as the configuration says.
  Service(std::shared_ptr<const Snapshot> snapshot, std::unique_ptr<Store> store,
          std::unique_ptr<Keyring> keyring, Clock clock);

  /// What holds for a transaction that begins now.
  struct InForce {
    std::shared_ptr<const Snapshot> snapshot;
    std::shared_ptr<const RuleCounts> rule_counts;  ///< of the snapshot's rules
  };
  [[nodiscard]] InForce in_force() const;
  /// The configuration alone.
  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const;
  /// Puts a new one into force; transactions under way keep theirs.
  void replace_snapshot(std::shared_ptr<const Snapshot> snapshot);

  /// Both null as long as there is no history. What was there once stays until the end.
  [[nodiscard]] Memory memory() const;
  /// The configuration wants one that lasts, and it could not be opened.
  [[nodiscard]] bool misses_history() const;
  /// Puts a history in place that could not be opened before. Without effect when there is one.
  void adopt_memory(std::unique_ptr<Store> store, std::unique_ptr<Keyring> keyring);
  [[nodiscard]] TimePoint now() const { return clock_(); }
  [[nodiscard]] Metrics& metrics() { return metrics_; }

  /// From now on new transactions pass unjudged (see Connection::begin), so that the count of open ones can only fall.
  void start_draining() { draining_ = true; }
  [[nodiscard]] bool draining() const { return draining_; }
  /// Waits until no transaction is open, at most `limit`. False when some still are.
  [[nodiscard]] bool wait_until_idle(std::chrono::milliseconds limit);

  /// Logs and counts an exception that ends nothing but what was under way.
  void note_exception(std::string_view what) noexcept;

  /// True the first time it is asked about `event` in the life of the process: what is to be said once.
  [[nodiscard]] bool is_first(const std::string& event);

  /// Whose turn it is to be judged.
  [[nodiscard]] JudgingTurns& judging_turns() { return judging_turns_; }

  /// Where.
  [[nodiscard]] JudgingThreads& judging_threads() { return judging_threads_; }

  /// What is being judged: entered by transactions, asked by the watchdog.
  [[nodiscard]] WorkWatch& work_watch() { return work_watch_; }

  [[nodiscard]] TimePoint started() const { return started_; }
  [[nodiscard]] std::size_t open_transactions() const;
  void transaction_opened();
  void transaction_closed();

 private:
  /// More than judge at once on most machines: those who wait for a history or name server have theirs, too.
  static constexpr std::size_t kMostJudgingThreads = 16;

  Clock clock_;
  TimePoint started_ = clock_();
  Metrics metrics_;  ///< before the store, which reports to it
  WorkWatch work_watch_;
  JudgingTurns judging_turns_;
  JudgingThreads judging_threads_{kMostJudgingThreads};
  std::atomic<bool> draining_{false};
  mutable Mutex mutex_;
  InForce in_force_ GUARDED_BY(mutex_);
  std::unique_ptr<GuardedStore> store_ GUARDED_BY(mutex_);  ///< set once
  std::unique_ptr<Keyring> keyring_ GUARDED_BY(mutex_);     ///< set once
  std::condition_variable idle_;
  std::size_t open_ GUARDED_BY(mutex_) = 0;
  std::set<std::string> happened_ GUARDED_BY(mutex_);
};

}  // namespace coldpitch
