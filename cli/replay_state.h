// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/replay_summary.h"
#include "history/store.h"

namespace coldpitch {

/// What came of one message, as it is told and kept.
struct ReplayRecord {
  ReplayRow row;
  std::string json;     ///< the line of --json; "" when none is printed
  std::string error;    ///< why it could not be read
  bool is_told = true;  ///< false: it only made history
};

/// A store that keeps a copy of what is recorded in it, until it is taken away.
class JournalStore final : public Store {
 public:
  explicit JournalStore(std::unique_ptr<Store> store) : store_(std::move(store)) {}

  [[nodiscard]] std::vector<Event> take_journal() { return std::exchange(journal_, {}); }

  Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) override {
    return store_->ask(question);
  }
  Result<std::vector<Correspondent>> find_correspondents(const ThreadQuestion& question) override {
    return store_->find_correspondents(question);
  }
  Result<void> record(Event event) override {
    journal_.push_back(event);
    return store_->record(std::move(event));
  }
  Result<void> flush() override { return store_->flush(); }
  Result<std::size_t> expire(TimePoint before, TimePoint texts_before) override {
    return store_->expire(before, texts_before);
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
  std::unique_ptr<Store> store_;
  std::vector<Event> journal_;
};

/// A file that a replay which was broken off goes on from: a line of JSON for each message, with what came of it and the events it made. It holds
/// senders, subjects and keyed hashes, and is readable by its owner only.
class ReplayState {
 public:
  /// Opens or makes `path`. Errors: `permanent` when it cannot be, or belongs to a replay with another fingerprint.
  [[nodiscard]] static Result<ReplayState> open(const std::string& path, const std::string& fingerprint);

  /// Tells what is in the file, in order: one record after the other, and its events by side. What stands behind a line that was not written
  /// whole is cut off. Returns how many records there were.
  [[nodiscard]] Result<std::size_t> restore(
      const std::function<void(const ReplayRecord&, const std::vector<std::vector<Event>>&)>& record);
  /// Writes a record behind the others. Errors: `permanent`.
  Result<void> append(const ReplayRecord& record, const std::vector<std::vector<Event>>& events);

 private:
  explicit ReplayState(std::string path) : path_(std::move(path)) {}

  std::string path_;
  std::ofstream file_;
};

/// Tells replays apart that would not say the same: program version, options, configurations with their policies, and the archive.
[[nodiscard]] std::string replay_fingerprint(const ReplayOptions& options,
                                             const std::vector<ReplaySide>& sides, const MailIndex& index);

}  // namespace coldpitch
