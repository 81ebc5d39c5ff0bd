// SPDX-License-Identifier: MIT
#include "history/event_writer.h"

#include <algorithm>
#include <iterator>
#include <new>
#include <system_error>
#include <utility>

#include "history/blocked_signals.h"

namespace coldpitch {
namespace {

/// The words need no memory themselves: they are short enough to lie in the string.
tl::unexpected<Error> out_of_memory() { return tl::unexpected(Error{Code::temporary, 0, "out of memory"}); }

}  // namespace

EventWriter::EventWriter(Sink sink, Settings settings) : sink_(std::move(sink)), settings_(settings) {}

Result<std::unique_ptr<EventWriter>> EventWriter::start(Sink sink, Settings settings) {
  std::unique_ptr<EventWriter> writer(new EventWriter(std::move(sink), settings));
  try {
    const BlockedSignals blocked;
    writer->thread_ = std::thread(&EventWriter::run, writer.get());
  } catch (const std::system_error& error) {
    return tl::unexpected(Error{Code::temporary, 0, std::string("no thread to write with: ") + error.what()});
  }
  return writer;
}

EventWriter::~EventWriter() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  work_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Result<void> EventWriter::add(Event event) {
  bool is_due = false;
  {
    const std::lock_guard lock(mutex_);
    if (added_ - written_ >= settings_.queue_events) {
      ++dropped_;
      return tl::unexpected(
          Error{Code::limit, 0, "queue of events full, dropped so far: " + std::to_string(dropped_)});
    }
    queue_.push_back(std::move(event));
    ++added_;
    is_due = queue_.size() == 1 || queue_.size() == settings_.group_events;
  }
  if (is_due) work_.notify_one();
  return {};
}

QueueState EventWriter::state() const {
  const std::lock_guard lock(mutex_);
  return {
      static_cast<std::size_t>(added_ - written_), written_, dropped_, failures_, last_error_, is_failing_};
}

Result<void> EventWriter::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t target = added_;
  const std::uint64_t failures = failures_;
  ++flushers_;
  work_.notify_one();
  outcome_.wait(lock, [&] { return written_ >= target || failures_ != failures; });
  --flushers_;
  if (written_ >= target) return {};
  return tl::unexpected(last_error_);
}

/// Waits until a group is due and moves it out of the queue. Leaves `group` empty only when stopping with nothing left, or in want of memory.
Result<void> EventWriter::gather(std::unique_lock<std::mutex>& lock, std::vector<Event>& group) {
  work_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
  work_.wait_for(lock, settings_.group_delay,
                 [&] { return is_hurried() || queue_.size() >= settings_.group_events; });
  const std::size_t count = std::min(queue_.size(), settings_.most_events);
  try {
    group.reserve(count);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(count);
  std::move(queue_.begin(), end, std::back_inserter(group));
  queue_.erase(queue_.begin(), end);
  return {};
}

/// No exception may leave the thread: it would end the process.
Result<void> EventWriter::write(const std::vector<Event>& group) const {
  try {
    return sink_(group);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

void EventWriter::note_failure(Error error) {
  is_failing_ = true;
  ++failures_;
  last_error_ = std::move(error);
  outcome_.notify_all();
}

void EventWriter::run() {
  std::vector<Event> group;
  std::unique_lock lock(mutex_);
  while (true) {
    Result<void> written = group.empty() ? gather(lock, group) : Result<void>();
    if (written && group.empty()) return;
    if (written) {
      lock.unlock();
      written = write(group);
      lock.lock();
    }
    if (written) {
      is_failing_ = false;
      written_ += group.size();
      group.clear();
      outcome_.notify_all();
      continue;
    }
    note_failure(std::move(written.error()));
    if (stopping_) return;
    work_.wait_for(lock, settings_.retry_delay, [&] { return is_hurried(); });
  }
}

}  // namespace coldpitch
