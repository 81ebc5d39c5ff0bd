// SPDX-License-Identifier: MIT
#include "milter/service.h"

#include <utility>

#include "milter/log.h"

namespace coldpitch {

Service::Service(std::shared_ptr<const Snapshot> snapshot, std::unique_ptr<Store> store,
                 std::unique_ptr<Keyring> keyring, Clock clock)
    : clock_(std::move(clock)), in_force_{std::move(snapshot), nullptr} {
  in_force_.rule_counts = metrics_.judging().counts_of(in_force_.snapshot->engine->policies());
  metrics_.set_load(true, started_);
  adopt_memory(std::move(store), std::move(keyring));
}

Service::InForce Service::in_force() const {
  const Lock lock(mutex_);
  return in_force_;
}

Memory Service::memory() const {
  const Lock lock(mutex_);
  return {store_.get(), keyring_.get()};
}

bool Service::misses_history() const {
  const Lock lock(mutex_);
  const HistoryBackend backend = in_force_.snapshot->config.history.backend;
  return store_ == nullptr && (backend == HistoryBackend::sqlite || backend == HistoryBackend::postgresql);
}

void Service::adopt_memory(std::unique_ptr<Store> store, std::unique_ptr<Keyring> keyring) {
  if (store == nullptr) return;
  const Lock lock(mutex_);
  if (store_ != nullptr) return;
  const HistorySettings& settings = in_force_.snapshot->config.history;
  metrics_.set_history(0, false);
  store_ = std::make_unique<GuardedStore>(
      std::move(store), GuardSettings{settings.limit, settings.failures, settings.pause}, metrics_);
  keyring_ = std::move(keyring);
}

std::shared_ptr<const Snapshot> Service::snapshot() const {
  const Lock lock(mutex_);
  return in_force_.snapshot;
}

void Service::replace_snapshot(std::shared_ptr<const Snapshot> snapshot) {
  InForce next{std::move(snapshot), nullptr};
  next.rule_counts = metrics_.judging().counts_of(next.snapshot->engine->policies());
  // Swapped rather than assigned: the old one may be large, and is freed after the lock is.
  const Lock lock(mutex_);
  std::swap(in_force_, next);
}

bool Service::wait_until_idle(std::chrono::milliseconds limit) {
  Lock lock(mutex_);
  return idle_.wait_for(lock.waiting(), limit, [this]() REQUIRES(mutex_) { return open_ == 0; });
}

void Service::note_exception(std::string_view what) noexcept {
  try {
    metrics_.count_fault("exception");
    log_error("event=fault kind=exception detail=" + log_value(what));
  } catch (...) {
    return;  // nothing is left to tell it with; the mail goes on all the same
  }
}

bool Service::is_first(const std::string& event) {
  const Lock lock(mutex_);
  return happened_.insert(event).second;
}

std::size_t Service::open_transactions() const {
  const Lock lock(mutex_);
  return open_;
}

void Service::transaction_opened() {
  const Lock lock(mutex_);
  ++open_;
}

void Service::transaction_closed() {
  const Lock lock(mutex_);
  if (--open_ == 0) idle_.notify_all();
}

}  // namespace coldpitch
