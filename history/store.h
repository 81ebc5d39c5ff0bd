// SPDX-License-Identifier: MIT
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "history/sketch.h"
#include "parsers/date.h"
#include "parsers/result.h"

namespace coldpitch {

/// What happened between a local person and an outside one. The numbers are kept in stores: new kinds go to the end.
enum class EventKind : std::uint8_t {
  inbound,   ///< the outside person wrote
  outbound,  ///< our user wrote to them, of their own will (no auto-reply, bounce, list post, refusal)
  stop,      ///< our user told them to stop
  cleared,   ///< our user said they are wanted
  accepted,  ///< a LinkedIn invitation between the two was accepted
  reported,  ///< our user said that they pitch
};
inline constexpr std::size_t kEventKinds = 6;

[[nodiscard]] std::string_view to_string(EventKind kind);
[[nodiscard]] std::optional<EventKind> event_kind_from(std::string_view name);

/// Where the knowledge of an event comes from. The numbers are kept in stores.
enum class EventSource : std::uint8_t {
  mail,  ///< read off a message on its way
  user,  ///< the user said so (`coldpitch learn`)
};

[[nodiscard]] std::string_view to_string(EventSource source);

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
  EventSource source = EventSource::mail;
  /// Keys by which the person can be met again: other names of the same person (a LinkedIn thread) and brands shared with sibling
  /// domains. At most kMaxTraces; kept with the event, and looked up for all kinds but inbound.
  std::vector<std::string> traces;
  /// Inbound: keys of addresses an answer may go to instead (Reply-To), and of the list it came through. At most kMaxRoutes.
  std::vector<std::string> routes;
  std::optional<TextSketch> sketch;  ///< inbound: of the sender's own words

  bool operator==(const Event&) const = default;
};
inline constexpr std::size_t kMaxTraces = 8;
inline constexpr std::size_t kMaxRoutes = 4;

/// What a policy may ask of the past of a message's sender and its recipients, all in one round trip. Only events before
/// `as_of` are seen, so a back-test cannot see the future.
struct ContactQuestion {
  std::vector<std::string> users;  ///< keys of the local recipients; "" is nobody
  std::string person;
  std::string organisation;
  std::vector<std::string>
      aliases;  ///< keys of other names of the same person (in Event::traces, or Event::person)
  std::vector<std::string> siblings;    ///< keys of brands shared with other senders (in Event::traces)
  std::vector<std::string> references;  ///< keys of the ids the message refers to
  std::optional<TextSketch> sketch;     ///< of the message, to find the same text sent to others
  TimePoint unanswered_since = TimePoint::min();  ///< inbound events before this are unanswered no more
  TimePoint same_text_since{};                    ///< events before this are no part of the same mailing
  TimePoint as_of{};
};

/// Whom our user told to stop.
enum class StopScope : std::uint8_t {
  person,        ///< this sender, under this or another name
  organisation,  ///< somebody of the same organisation
  sibling,       ///< somebody of the same brand, under another domain
};

[[nodiscard]] std::string_view to_string(StopScope scope);

/// The answer for one user. Times are those of the events.
struct ContactFacts {
  std::size_t inbound =
      0;  ///< messages from this person (any verdict); of all of them the latest kMaxCounted are looked at
  std::size_t pitches = 0;  ///< of them, those judged pitch or worse
  std::size_t unanswered =
      0;  ///< of them, since unanswered_since and since our user last wrote to the person or said to want them
  std::optional<TimePoint> first_inbound, last_inbound;  ///< of the unanswered ones
  std::size_t unanswered_pitches = 0;  ///< of the unanswered ones, those judged pitch or worse
  std::optional<TimePoint>
      last_outbound;  ///< our user wrote to the person, or (no free mail) to the organisation
  std::optional<TimePoint>
      told_to_stop;  ///< the last stop that holds for the person (see facts_from()), unless cleared or written to later
  StopScope stop_scope = StopScope::person;     ///< of told_to_stop; the nearest one that stands
  EventSource stop_source = EventSource::mail;  ///< of told_to_stop
  std::optional<TimePoint>
      reported;  ///< the last report of the person as a pitcher, unless cleared or written to later
  std::optional<TimePoint>
      cleared;                  ///< the last cleared towards the person, unless stopped or reported later
  bool cleared_proved = false;  ///< of cleared: the sender was authenticated when our user said so
  std::optional<TimePoint> accepted;  ///< the last accepted
  bool in_our_thread = false;  ///< one of `references` is the Message-ID of an outbound event of this user

  // Of all local people together, so the same for every user of a question.
  bool wrote_here = false;     ///< the person wrote to somebody here before
  bool answered_here = false;  ///< somebody here wrote to the person or the organisation
  /// Local people, those of the question included, who got this text since same_text_since; counted up to kMaxSameText and those of
  /// the question. 0 without a sketch.
  std::size_t same_text_to = 0;

  /// Nothing is known of the person at all.
  [[nodiscard]] bool first_contact() const {
    return inbound == 0 && !last_outbound && !told_to_stop && !reported && !cleared && !accepted;
  }
  bool operator==(const ContactFacts&) const = default;
};
/// Rows of the same text that a store looks through for one question: many more than any policy asks for.
inline constexpr std::size_t kMaxSameText = 100;
/// Messages of one person to one user that are counted, so that what a machine sends every minute does not make questions slow.
inline constexpr std::size_t kMaxCounted = 10'000;

/// Whose message do these ids and addresses lead back to?
struct ThreadQuestion {
  std::string user;
  std::vector<std::string> message_ids;  ///< keys of Message-IDs of mail that may have come in
  std::vector<std::string> routes;       ///< keys as in Event::routes
  TimePoint as_of{};
};

/// The author of a stored inbound message.
struct Correspondent {
  std::string asked;  ///< the message id or route that led here
  std::string person, organisation;
  std::vector<std::string> traces;  ///< as in Event
  bool operator==(const Correspondent&) const = default;
};

/// Which events a person may see or have erased: those of any of `persons` (by person, trace or route), and of `user` where that is not
/// "". With `persons` empty all of `user`. Both empty: none.
struct EventFilter {
  std::vector<std::string> persons;
  std::string user;
};

/// What a store holds.
struct StoreStats {
  std::array<std::size_t, kEventKinds> events{};  ///< by kind
  std::size_t users = 0, persons = 0;             ///< distinct ones
  std::optional<TimePoint> oldest, newest;
  std::uintmax_t octets = 0;  ///< on disk; 0 where unknown

  bool operator==(const StoreStats&) const = default;
};

/// How the writing of recorded events goes.
struct QueueState {
  std::size_t waiting = 0;     ///< events that wait or are being written
  std::uint64_t written = 0;   ///< since the store was opened
  std::uint64_t dropped = 0;   ///< since then, for want of room
  std::uint64_t failures = 0;  ///< attempts since then that wrote nothing
  Error last_error;            ///< of the last of them
  bool is_failing = false;     ///< the last attempt of all was one

  bool operator==(const QueueState&) const = default;
};

/// Remembers events. All functions are thread-safe and bounded in time.
///
/// Errors are values: a store never throws and never stops mail. `temporary` when it is away, locked, full or slow.
class Store {
 public:
  virtual ~Store() = default;
  /// The facts as of `question.as_of`, one for each of `question.users` in their order. An event recorded before by this process
  /// is seen at the latest after flush(). On the path of every message: one round trip, all look-ups in indices.
  [[nodiscard]] virtual Result<std::vector<ContactFacts>> ask(const ContactQuestion& question) = 0;
  /// For each id and route that leads to an inbound message before `question.as_of`, the author of the latest. One round trip.
  [[nodiscard]] virtual Result<std::vector<Correspondent>> find_correspondents(
      const ThreadQuestion& question) = 0;
  /// Takes an event for writing, possibly later. `limit` when the queue is full: the event is dropped and counted.
  virtual Result<void> record(Event event) = 0;
  /// Returns once all recorded events are written (or failed to be).
  virtual Result<void> flush() = 0;
  /// Forgets the events before `before`, and the sketches of texts before `texts_before` (which only same_text_to needs). When somebody first
  /// wrote, or was first written to, before `before` and again since, then `before` counts as the first time. In steps that hold nobody
  /// up for long. Returns how many events.
  [[nodiscard]] virtual Result<std::size_t> expire(TimePoint before, TimePoint texts_before) = 0;

  /// Does not wait.
  [[nodiscard]] virtual QueueState queue() const { return {}; }

  // For people who ask what is kept; may read the whole store.
  /// The latest `limit` events of `filter`, oldest first, without routes and sketch.
  [[nodiscard]] virtual Result<std::vector<Event>> events(const EventFilter& filter, std::size_t limit) = 0;
  /// Calls `visit` for every event from `since` on, in no order, without routes and sketch. `visit` must not call the store.
  [[nodiscard]] virtual Result<void> scan(TimePoint since,
                                          const std::function<void(const Event&)>& visit) = 0;
  /// Erases the events of `filter` and all that was derived from them; wrote_here and answered_here of `filter.persons` too, unless for one user.
  /// Returns how many events.
  [[nodiscard]] virtual Result<std::size_t> erase(const EventFilter& filter) = 0;
  [[nodiscard]] virtual Result<StoreStats> stats() = 0;
};

/// In memory: for tests, replays and `history: {backend: memory}`.
[[nodiscard]] std::unique_ptr<Store> open_memory_store();

/// SQLite at `file` (created with mode 0600): WAL, synchronous=NORMAL, one writer thread with group commit (every 200 events or 50 ms, and 10000 at most where more wait)
/// and a bounded queue, read connections of their own per concurrent asker, busy and lock waits bounded by `limit_ms`, `user_version` migrations,
/// quick_check at start: a damaged file is set aside as `<file>.damaged-<time>` and a fresh one is begun, which `notice` tells.
/// Errors: `temporary` or `permanent` when it can be neither opened nor made. Destruction flushes.
struct SqliteOptions {
  std::filesystem::path file;
  unsigned limit_ms = 200;
  std::size_t queue_events = 20000;
};
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(const SqliteOptions& options,
                                                               std::string* notice = nullptr);

/// On a server that speaks PostgreSQL's protocol (14 or newer; plain SQL without extensions), so that several mail exchangers share one
/// memory. Tables `coldpitch_*` are made when absent and brought to the newest schema. Connections are opened by a thread of their own, never
/// by who asks: a server that is away, slow or comes back costs nobody more than `limit_ms`. Conflicts between servers are tried again; a group
/// of events whose fate is not known is written again without counting twice.
struct PostgresOptions {
  /// libpq's connection string or URI: several hosts, TLS, password file and all else it can say. `target_session_attrs` is
  /// read-write and `connect_timeout` two seconds unless said otherwise.
  std::string uri;
  unsigned limit_ms = 200;
  std::size_t queue_events = 20000;
  std::size_t connections = 8;  ///< open at once, at most
  /// Kept with the first event; a store with another one is refused, since two secrets would not know each other's persons. "" is any.
  std::string secret_mark;
};
/// What is wrong with such a string, "" for nothing. Pure.
[[nodiscard]] std::string postgres_uri_fault(const std::string& uri);
/// Does not wait for the server: as long as it is away all functions give `temporary`, and recorded events wait in the queue.
/// Errors: `permanent` for a string that is none.
[[nodiscard]] Result<std::unique_ptr<Store>> open_postgres_store(const PostgresOptions& options);

}  // namespace coldpitch
