// SPDX-License-Identifier: MIT
#include "milter/judging_threads.h"

#include "history/blocked_signals.h"

namespace coldpitch {

JudgingThreads::JudgingThreads(std::size_t most) : most_(most) {
  // So that nothing has to be found room for later.
  workers_.reserve(most);
  idle_.reserve(most);
}

JudgingThreads::~JudgingThreads() {
  std::vector<std::unique_ptr<Worker>> workers;
  {
    const Lock lock(mutex_);
    stopping_ = true;
    workers.swap(workers_);
  }
  for (const std::unique_ptr<Worker>& worker : workers) {
    worker->called.notify_one();
    worker->thread.join();
  }
}

void JudgingThreads::run(const std::function<void()>& work) {
  Job job{work};
  if (!run_elsewhere(job)) return work();
  if (job.fault) std::rethrow_exception(job.fault);
}

std::size_t JudgingThreads::started() const {
  const Lock lock(mutex_);
  return workers_.size();
}

bool JudgingThreads::run_elsewhere(Job& job) {
  Lock lock(mutex_);
  Worker* worker = take_worker();
  if (worker == nullptr) return false;
  worker->job = &job;
  worker->called.notify_one();
  job.done.wait(lock.waiting(), [&] { return job.is_done; });
  return true;
}

JudgingThreads::Worker* JudgingThreads::take_worker() {
  if (!idle_.empty()) {
    Worker* worker = idle_.back();
    idle_.pop_back();
    return worker;
  }
  if (workers_.size() == most_) return nullptr;
  try {
    const BlockedSignals blocked;
    auto worker = std::make_unique<Worker>();
    worker->thread = std::thread(&JudgingThreads::serve, this, std::ref(*worker));
    return workers_.emplace_back(std::move(worker)).get();
  } catch (const std::exception&) {
    return nullptr;
  }
}

void JudgingThreads::serve(Worker& worker) {
  Lock lock(mutex_);
  while (true) {
    worker.called.wait(lock.waiting(), [&]() REQUIRES(mutex_) { return stopping_ || worker.job != nullptr; });
    if (worker.job == nullptr) return;
    Job& job = *worker.job;
    worker.job = nullptr;
    lock.unlock();
    try {
      job.work();
    } catch (...) {
      job.fault = std::current_exception();
    }
    lock.lock();
    idle_.push_back(&worker);
    // Under the lock: as soon as it is given back the job may be gone.
    job.is_done = true;
    job.done.notify_one();
  }
}

}  // namespace coldpitch
