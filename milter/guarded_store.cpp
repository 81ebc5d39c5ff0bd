// SPDX-License-Identifier: MIT
#include "milter/guarded_store.h"

#include <utility>

#include "milter/log.h"

namespace coldpitch {

GuardedStore::GuardedStore(std::unique_ptr<Store> store, GuardSettings settings, Metrics& metrics,
                           Clock clock)
    : store_(std::move(store)), settings_(settings), metrics_(metrics), clock_(std::move(clock)) {
  metrics_.before_text([this] { report(); });
}

GuardedStore::~GuardedStore() { metrics_.before_text(nullptr); }

bool GuardedStore::is_bypassed() const {
  const Lock lock(mutex_);
  return is_open_;
}

bool GuardedStore::may_ask() {
  const Lock lock(mutex_);
  if (!is_open_) return true;
  const auto now = clock_();
  if (now < try_at_) return false;
  try_at_ = now + settings_.pause;  // one tries, the others go on passing by
  return true;
}

void GuardedStore::note_success() {
  const Lock lock(mutex_);
  failed_ = 0;
  if (!is_open_) return;
  is_open_ = false;
  log_info("event=history state=back");
}

void GuardedStore::note_failure(const std::string& detail) {
  const Lock lock(mutex_);
  if (++failed_ < settings_.failures) return;
  try_at_ = clock_() + settings_.pause;
  if (is_open_) return;
  is_open_ = true;
  log_error("event=fault kind=history state=bypassed detail=" + log_value(detail));
}

template <class Answer, class Work>
Result<Answer> GuardedStore::guarded(Work&& work) {
  if (!may_ask()) {
    return tl::unexpected(
        Error{Code::temporary, 0, "the history did not answer, and is not asked for a while"});
  }
  const auto begun = clock_();
  Result<Answer> answer = work();
  const auto took = clock_() - begun;
  metrics_.observe_history(took);
  if (answer && took <= settings_.limit) {
    note_success();
  } else {
    note_failure(answer ? "answers take longer than history.limit" : answer.error().detail);
  }
  return answer;
}

Result<std::vector<ContactFacts>> GuardedStore::ask(const ContactQuestion& question) {
  return guarded<std::vector<ContactFacts>>([&] { return store_->ask(question); });
}

Result<std::vector<Correspondent>> GuardedStore::find_correspondents(const ThreadQuestion& question) {
  return guarded<std::vector<Correspondent>>([&] { return store_->find_correspondents(question); });
}

Result<void> GuardedStore::record(Event event) {
  Result<void> recorded = store_->record(std::move(event));
  report();
  return recorded;
}

void GuardedStore::report() {
  const Lock lock(mutex_);
  const QueueState queue = store_->queue();
  metrics_.set_history(queue.waiting, is_open_);
  const bool has_failed = queue.failures > write_failures_;
  if (has_failed) {
    metrics_.count_faults("history-write", static_cast<std::size_t>(queue.failures - write_failures_));
    write_failures_ = queue.failures;
  }
  // Also told of: what failed and was mended since we looked last.
  if (!was_failing_ && (queue.is_failing || has_failed)) {
    log_error("event=fault kind=history-write waiting=" + std::to_string(queue.waiting) +
              " detail=" + log_value(queue.last_error.detail));
    was_failing_ = true;
  }
  if (was_failing_ && !queue.is_failing) {
    log_info("event=history state=written");
    was_failing_ = false;
  }
}

}  // namespace coldpitch
