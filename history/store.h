// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/date.h"
#include "parsers/result.h"

namespace coldpitch {

/// What happened between a local person and an outside one.
enum class EventKind : std::uint8_t {
  inbound,   ///< the outside person wrote
  outbound,  ///< our user wrote to them, of their own will (no auto-reply, bounce, list post)
  stop,      ///< our user told them to stop
  cleared,   ///< our user said they are wanted
  accepted,  ///< our user accepted their LinkedIn invitation
};

[[nodiscard]] std::string_view to_string(EventKind kind);
[[nodiscard]] std::optional<EventKind> event_kind_from(std::string_view name);

/// One event. All keys come from Keyring::key(); "" where there is none.
struct Event {
  EventKind kind = EventKind::inbound;
  TimePoint time{};
  std::string user;          ///< key of the local address
  std::string person;        ///< key of the outside person
  std::string organisation;  ///< key of their organisation, or ""
  std::string message_id;    ///< key of the Message-ID, or ""
  std::string verdict;       ///< inbound: name of the verdict, else ""
  double score = 0;          ///< inbound: the score
  bool authenticated = false;

  bool operator==(const Event&) const = default;
};

/// What a policy may ask of the past of (user, person). Only events before `as_of` are seen, so a back-test cannot
/// see the future.
struct ContactQuestion {
  std::string user;
  std::string person;
  std::string organisation;
  std::vector<std::string> references;  ///< keys of the ids the message refers to
  TimePoint as_of{};
};

/// The answer. Times are those of the events.
struct ContactFacts {
  std::size_t inbound = 0;  ///< messages from this person (any verdict)
  std::size_t unanswered =
      0;  ///< of them, since our user last wrote to the person or was last said to want them
  std::optional<TimePoint> first_inbound, last_inbound;  ///< of the unanswered ones
  std::size_t unanswered_pitches = 0;  ///< of the unanswered ones, those judged pitch or worse
  std::optional<TimePoint>
      last_outbound;  ///< our user wrote to the person, or (no free mail) to the organisation
  std::optional<TimePoint>
      told_to_stop;  ///< the last stop towards person or organisation, unless cleared or written to later
  std::optional<TimePoint> cleared;   ///< the last cleared towards the person, unless stopped later
  std::optional<TimePoint> accepted;  ///< the last accepted
  bool in_our_thread = false;  ///< one of `references` is the Message-ID of an outbound event of this user

  /// Nothing is known of the person at all.
  [[nodiscard]] bool first_contact() const {
    return inbound == 0 && !last_outbound && !told_to_stop && !cleared && !accepted;
  }
  bool operator==(const ContactFacts&) const = default;
};

/// Remembers events. All functions are thread-safe and bounded in time.
///
/// Errors are values: a store never throws and never stops mail. `temporary` when it is away, locked, full or slow.
class Store {
 public:
  virtual ~Store() = default;
  /// The facts as of `question.as_of`. An event recorded before by this process is seen at the latest after flush().
  [[nodiscard]] virtual Result<ContactFacts> ask(const ContactQuestion& question) = 0;
  /// Takes an event for writing, possibly later. `limit` when the queue is full: the event is dropped and counted.
  virtual Result<void> record(Event event) = 0;
  /// Returns once all recorded events are written (or failed to be).
  virtual Result<void> flush() = 0;
  /// Forgets events older than `before`. Returns how many.
  [[nodiscard]] virtual Result<std::size_t> expire(TimePoint before) = 0;
};

/// In memory: for tests, replays and `history: {backend: memory}`.
[[nodiscard]] std::unique_ptr<Store> open_memory_store();

/// SQLite at `file` (created with mode 0600): WAL, synchronous=NORMAL, one writer thread with group commit (at most 200 events or 50 ms)
/// and a bounded queue, read connections of their own per concurrent asker, busy and lock waits bounded by `limit_ms`, `user_version` migrations,
/// quick_check at start: a damaged file is set aside as `<file>.damaged-<time>` and a fresh one is begun, which `notice` tells.
/// Errors: `temporary` or `permanent` when it can be neither opened nor made. Destruction flushes.
struct SqliteOptions {
  std::filesystem::path file;
  unsigned limit_ms = 200;
  std::size_t queue_events = 10000;
};
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options,
                                                               std::string* notice = nullptr);

}  // namespace coldpitch
