// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <utility>

#include "history/store.h"

namespace coldpitch::test {

/// How a FailingStore behaves; shared with the test, which changes it meanwhile.
struct StoreFaults {
  std::atomic<bool> away{false};                     ///< questions fail
  std::atomic<bool> full{false};                     ///< events are refused
  std::atomic<std::chrono::milliseconds> takes{{}};  ///< each question
  std::atomic<int> asked{0};
  std::atomic<std::uint64_t> write_failures{0};
  std::atomic<bool> writes_again{false};  ///< after them
};

/// A memory store with faults.
class FailingStore final : public Store {
 public:
  explicit FailingStore(std::shared_ptr<StoreFaults> faults) : faults_(std::move(faults)) {}

  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override {
    if (!answers()) return refused();
    return store_->ask(question);
  }
  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override {
    if (!answers()) return refused();
    return store_->find_correspondents(question);
  }
  Result<void> record(Event event) override {
    if (faults_->full) return tl::unexpected(Error{Code::limit, 0, "full"});
    return store_->record(std::move(event));
  }
  Result<void> flush() override { return {}; }
  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    return store_->expire(before, texts_before);
  }
  QueueState queue() const override {
    QueueState state;
    state.waiting = 7;
    state.failures = faults_->write_failures;
    state.is_failing = state.failures > 0 && !faults_->writes_again;
    state.last_error = {Code::temporary, 0, "disk full"};
    return state;
  }
  Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) override {
    return store_->events(filter, limit);
  }
  Result<void> scan(TimePoint since, const std::function<void(const Event&)>& visit) override {
    return store_->scan(since, visit);
  }
  Result<std::size_t> erase(const EventFilter& filter) override { return store_->erase(filter); }
  Result<StoreStats> stats() override { return store_->stats(); }

 private:
  bool answers() {
    ++faults_->asked;
    std::this_thread::sleep_for(faults_->takes.load());
    return !faults_->away;
  }
  static tl::unexpected<Error> refused() {
    return tl::unexpected(Error{Code::temporary, 0, "the store is away"});
  }

  std::shared_ptr<StoreFaults> faults_;
  std::unique_ptr<Store> store_ = open_memory_store();
};

}  // namespace coldpitch::test
