// SPDX-License-Identifier: MIT
#include "history/sqlite_reader.h"

#include <algorithm>
#include <set>
#include <utility>
#include <vector>

#include "history/sqlite_filter.h"

namespace coldpitch {
namespace {

/// Places of the statements below in SqliteReader::statements_.
enum Question : std::size_t {
  kOfPerson,
  kOfPersonBefore,
  kOfOrganisation,
  kOfOrganisationBefore,
  kOfTrace,
  kOfTraceBefore,
  kInbound,
  kSent,
  kSeen,
  kSameText,
  kText,
  kById,
  kByRoute,
  kBegin,
  kEnd
};

/// Of the texts with the same band the latest are looked through, so that thousands of the same alert to one user cost no more than this.
constexpr std::int64_t kMostRowsOfBand = 1000;

// Each SELECT below is one search in an index that has all it asks for. Of several events in one second that of the user's own word comes
// first, then that of proved mail. Kinds are the numbers of EventKind.

/// ?1 user, ?2 key, ?3 and ?4 the least and the greatest kind: the last event of the greatest kind there is. So one search tells of most senders
/// that nothing was ever done towards them.
std::string last_of(const std::string& from) {
  return "SELECT kind, time, source, authenticated FROM " + from +
         "=?2 AND user=?1 AND kind BETWEEN ?3 AND ?4"
         " ORDER BY kind DESC, time DESC, source DESC, authenticated DESC LIMIT 1";
}

/// ?1 user, ?2 key, ?4 kind, ?5 as_of: the last event of the kind before.
std::string last_before(const std::string& from) {
  return "SELECT kind, time, source, authenticated FROM " + from +
         "=?2 AND user=?1 AND kind=?4 AND time<?5 ORDER BY time DESC, source DESC, authenticated DESC LIMIT "
         "1";
}

constexpr const char* kFromPerson = "event WHERE person";
/// "kind <> 0" says again what the partial index says, because the planner wants to see it.
constexpr const char* kFromOrganisation = "event WHERE kind<>0 AND organisation";
constexpr const char* kFromTrace = "trace WHERE trace";

// ?1 user, ?2 person, ?3 answered until, ?4 as_of, ?5 kMaxCounted.
constexpr const char* kInboundSql = R"sql(
  SELECT count(*), sum(pitch), sum(time>?3), sum(time>?3 AND pitch), min(CASE WHEN time>?3 THEN time END), max(time)
  FROM (SELECT time, pitch FROM event WHERE person=?2 AND user=?1 AND kind=0 AND time<?4 ORDER BY time DESC LIMIT ?5))sql";

// ?1 user, ?2 message id, ?4 as_of.
constexpr const char* kSentSql =
    "SELECT 1 FROM event WHERE kind=1 AND message_id=?2 AND user=?1 AND time<?4 LIMIT 1";

// ?2 person, ?3 organisation.
constexpr const char* kSeenSql = R"sql(
  SELECT kind, first FROM seen WHERE key=?2 UNION ALL SELECT kind, first FROM seen WHERE key=?3 AND kind=1)sql";

// ?1 band, ?2 since, ?3 as_of, ?4 most rows.
constexpr const char* kSameTextSql =
    "SELECT event FROM text WHERE band=?1 AND time>=?2 AND time<?3 ORDER BY time DESC LIMIT ?4";

// ?1 event.
constexpr const char* kTextSql = "SELECT user, sketch FROM event WHERE id=?1";

/// ?1 user, ?2 message id or route, ?4 as_of: the last inbound event that leads back to. A key is searched in each part of the table.
std::string last_origin(const std::string& condition) {
  return std::string("WITH RECURSIVE ") + kOriginParts + R"sql(
    SELECT e.person, e.organisation, e.traces
    FROM parts CROSS JOIN origin AS o ON o.part=parts.part AND o.key=substr(?2, -8) CROSS JOIN event AS e ON e.id=o.event
    WHERE e.user=?1 AND e.kind=0 AND e.time<?4)sql" +
         condition + " ORDER BY e.time DESC, e.source DESC, e.authenticated DESC, e.id DESC LIMIT 1";
}

/// In the order of Question.
std::vector<std::string> questions() {
  return {last_of(kFromPerson),
          last_before(kFromPerson),
          last_of(kFromOrganisation),
          last_before(kFromOrganisation),
          last_of(kFromTrace),
          last_before(kFromTrace),
          kInboundSql,
          kSentSql,
          kSeenSql,
          kSameTextSql,
          kTextSql,
          last_origin(" AND e.message_id=?2"),
          last_origin(""),
          "BEGIN",
          "ROLLBACK"};
}

std::optional<TimePoint> time_in(const SqliteStatement& row, int column) {
  const std::optional<std::int64_t> value = row.integer(column);
  if (!value) return std::nullopt;
  return TimePoint(std::chrono::seconds(*value));
}

Milestone milestone_in(const SqliteStatement& row) {
  return {TimePoint(std::chrono::seconds(row.integer(1).value_or(0))),
          row.integer(2) == 1 ? EventSource::user : EventSource::mail, row.integer(3) == 1};
}

std::size_t count_in(const SqliteStatement& row, int column) {
  return static_cast<std::size_t>(row.integer(column).value_or(0));
}

Result<void> read_correspondent(SqliteStatement& statement, const std::string& asked,
                                std::vector<Correspondent>& found) {
  const Result<bool> row = statement.step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  found.push_back({asked, statement.key(0), statement.key(1), statement.keys(2)});
  statement.reset();
  return {};
}

}  // namespace

Result<std::unique_ptr<SqliteReader>> SqliteReader::open(const SqliteOptions& options) {
  const std::chrono::milliseconds limit(options.limit_ms);
  auto connection = SqliteConnection::open(options.file, SqliteConnection::Access::read_only, limit);
  if (!connection) return tl::unexpected(connection.error());
  connection->allow(limit);
  std::vector<SqliteStatement> statements;
  for (const std::string& sql : questions()) {
    auto statement = connection->prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    statements.push_back(std::move(*statement));
  }
  return std::unique_ptr<SqliteReader>(
      new SqliteReader(std::move(*connection), std::move(statements), limit));
}

template <class Answer, class Work>
Result<Answer> SqliteReader::in_one_transaction(Work&& work) {
  connection_.allow(limit_);
  if (Result<bool> begun = statements_[kBegin].step(); !begun)
    return tl::unexpected(std::move(begun.error()));
  Result<Answer> answer = work();
  for (SqliteStatement& statement : statements_) statement.reset();
  // Should SQLite have rolled back already, then the error that says so is the state we want.
  (void)statements_[kEnd].step();
  return answer;
}

Result<std::vector<ContactFacts>> SqliteReader::ask(const ContactQuestion& question) {
  return in_one_transaction<std::vector<ContactFacts>>([&] { return find_facts(question); });
}

Result<std::vector<Correspondent>> SqliteReader::find_correspondents(const ThreadQuestion& question) {
  return in_one_transaction<std::vector<Correspondent>>([&]() -> Result<std::vector<Correspondent>> {
    std::vector<Correspondent> found;
    for (const Question kind : {kById, kByRoute}) {
      SqliteStatement& statement = statements_[kind];
      statement.bind_key(1, question.user);
      statement.bind(4, sqlite_seconds(question.as_of));
      for (const std::string& key : kind == kById ? question.message_ids : question.routes) {
        statement.bind_key(2, key);
        if (Result<void> read = read_correspondent(statement, key, found); !read)
          return tl::unexpected(read.error());
      }
    }
    return found;
  });
}

Result<std::vector<ContactFacts>> SqliteReader::find_facts(const ContactQuestion& question) {
  ContactFacts of_all;
  if (Result<void> found = find_seen(question, of_all); !found) return tl::unexpected(found.error());
  if (Result<void> found = count_same_text(question, of_all); !found) return tl::unexpected(found.error());
  std::vector<ContactFacts> answers;
  answers.reserve(question.users.size());
  for (const std::string& user : question.users) {
    ContactFacts facts;
    if (!user.empty()) {
      Result<void> found = find_facts_of_user(user, question, facts);
      if (!found) return tl::unexpected(found.error());
      facts.wrote_here = of_all.wrote_here;
      facts.answered_here = of_all.answered_here;
      facts.same_text_to = of_all.same_text_to;
    }
    answers.push_back(facts);
  }
  return answers;
}

Result<void> SqliteReader::find_facts_of_user(const std::string& user, const ContactQuestion& question,
                                              ContactFacts& facts) {
  Milestones milestones;
  Result<void> found = find_person(user, question, milestones);
  if (found) found = find_traces(user, question.aliases, question.as_of, milestones.aliases);
  if (found) found = find_traces(user, question.siblings, question.as_of, milestones.siblings);
  if (!found) return found;
  facts = facts_from(milestones);
  found = count_inbound(user, question, answered_until(milestones, question), facts);
  if (!found) return found;
  const Result<bool> ours = is_our_thread(user, question);
  if (!ours) return tl::unexpected(ours.error());
  facts.in_our_thread = *ours;
  return {};
}

Result<void> SqliteReader::find_person(const std::string& user, const ContactQuestion& question,
                                       Milestones& milestones) {
  Result<void> found = find_deeds(kOfPerson, EventKind::reported, user, question.person, question.as_of,
                                  milestones.person, &milestones.accepted);
  if (!found) return found;
  return find_deeds(kOfOrganisation, EventKind::cleared, user, question.organisation, question.as_of,
                    milestones.organisation, nullptr);
}

Result<void> SqliteReader::find_traces(const std::string& user, const std::vector<std::string>& keys,
                                       TimePoint as_of, std::vector<Deeds>& deeds) {
  for (const std::string& key : keys) {
    deeds.emplace_back();
    Result<void> found = find_deeds(kOfTrace, EventKind::reported, user, key, as_of, deeds.back(), nullptr);
    if (!found) return found;
  }
  return {};
}

Result<void> SqliteReader::find_deeds(std::size_t question, EventKind greatest, const std::string& user,
                                      const std::string& key, TimePoint as_of, Deeds& deeds,
                                      std::optional<Milestone>* accepted) {
  if (key.empty()) return {};
  SqliteStatement& last = statements_[question];
  last.bind_key(1, user);
  last.bind_key(2, key);
  last.bind(3, static_cast<std::int64_t>(EventKind::outbound));
  for (auto kind = static_cast<std::int64_t>(greatest); kind > 0; --kind) {
    last.bind(4, kind);
    Result<bool> row = last.step();
    if (row && !*row) return {};
    if (!row) return tl::unexpected(std::move(row.error()));
    kind = last.integer(0).value_or(0);
    SqliteStatement* found = &last;
    if (time_in(last, 1) >= as_of) {
      found = &statements_[question + 1];  // the one of the same that sees no future
      found->bind_key(1, user);
      found->bind_key(2, key);
      found->bind(4, kind);
      found->bind(5, sqlite_seconds(as_of));
      row = found->step();
      if (!row) return tl::unexpected(std::move(row.error()));
    }
    if (*row) {
      const auto of = static_cast<EventKind>(kind);
      if (auto* place = of == EventKind::accepted ? accepted : deeds.of(of); place != nullptr) {
        *place = milestone_in(*found);
      }
      found->reset();
    }
    last.reset();
  }
  return {};
}

Result<void> SqliteReader::count_inbound(const std::string& user, const ContactQuestion& question,
                                         TimePoint answered, ContactFacts& facts) {
  SqliteStatement& inbound = statements_[kInbound];
  inbound.bind_key(1, user);
  inbound.bind_key(2, question.person);
  inbound.bind(3, sqlite_seconds(answered));
  inbound.bind(4, sqlite_seconds(question.as_of));
  inbound.bind(5, static_cast<std::int64_t>(kMaxCounted));
  if (const Result<bool> row = inbound.step(); !row) return tl::unexpected(row.error());
  facts.inbound = count_in(inbound, 0);
  facts.pitches = count_in(inbound, 1);
  facts.unanswered = count_in(inbound, 2);
  facts.unanswered_pitches = count_in(inbound, 3);
  facts.first_inbound = time_in(inbound, 4);
  if (facts.unanswered > 0) facts.last_inbound = time_in(inbound, 5);
  inbound.reset();
  return {};
}

Result<bool> SqliteReader::is_our_thread(const std::string& user, const ContactQuestion& question) {
  SqliteStatement& sent = statements_[kSent];
  sent.bind_key(1, user);
  sent.bind(4, sqlite_seconds(question.as_of));
  for (const std::string& id : question.references) {
    sent.bind_key(2, id);
    Result<bool> found = sent.step();
    if (found && *found) sent.reset();
    if (!found || *found) return found;
  }
  return false;
}

Result<void> SqliteReader::find_seen(const ContactQuestion& question, ContactFacts& facts) {
  SqliteStatement& statement = statements_[kSeen];
  statement.bind_key(2, question.person);
  statement.bind_key(3, question.organisation);
  while (true) {
    const Result<bool> row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    if (statement.integer(1).value_or(0) >= sqlite_seconds(question.as_of)) continue;
    (statement.integer(0) == 0 ? facts.wrote_here : facts.answered_here) = true;
  }
}

Result<void> SqliteReader::count_same_text(const ContactQuestion& question, ContactFacts& facts) {
  if (!question.sketch) return {};
  std::set<std::string> users(question.users.begin(), question.users.end());
  users.erase("");
  const std::size_t enough = users.size() + kMaxSameText;
  SqliteStatement& near = statements_[kSameText];
  near.bind(2, sqlite_seconds(question.same_text_since));
  near.bind(3, sqlite_seconds(question.as_of));
  near.bind(4, kMostRowsOfBand);
  std::set<std::int64_t> seen;  // an event is met once for each band it shares
  for (const std::uint64_t band : question.sketch->bands) {
    near.bind(1, static_cast<std::int64_t>(band));
    while (users.size() < enough) {
      const Result<bool> row = near.step();
      if (!row) return tl::unexpected(row.error());
      if (!*row) break;
      const std::int64_t event = near.integer(0).value_or(0);
      if (!seen.insert(event).second) continue;
      if (Result<void> read = add_user_of_text(event, *question.sketch, users); !read) return read;
    }
    near.reset();
  }
  facts.same_text_to = users.size();
  return {};
}

Result<void> SqliteReader::add_user_of_text(std::int64_t event, const TextSketch& sketch,
                                            std::set<std::string>& users) {
  SqliteStatement& text = statements_[kText];
  text.bind(1, event);
  const Result<bool> row = text.step();
  if (!row) return tl::unexpected(row.error());
  if (!*row) return {};
  if (is_same_text(sketch, static_cast<std::uint64_t>(text.integer(1).value_or(0))))
    users.insert(text.key(0));
  text.reset();
  return {};
}

}  // namespace coldpitch
