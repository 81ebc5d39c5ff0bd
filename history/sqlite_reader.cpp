// SPDX-License-Identifier: MIT
#include "history/sqlite_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace coldpitch {
namespace {

/// Places of the statements below in SqliteReader::statements_.
enum Question : std::size_t {
  kPerson,
  kTrace,
  kUnanswered,
  kAnswered,
  kSent,
  kSeen,
  kSameText,
  kById,
  kByRoute
};

// Each SELECT below is one search in an index. Of several events in one second that of the user's own word comes first, then that
// of proved mail. Kinds are the numbers of EventKind; so is the first column, but for
// what Row says.

enum Row : std::int64_t {
  kAccepted = 4,
  kOrganisation = 10,  ///< added to the kind of what was done to the organisation
};

// ?1 user, ?2 person, ?3 organisation, ?4 as_of. "kind <> 0" says again what the partial index says, because the planner wants
// to see it.
constexpr std::string_view kPersonSql = R"sql(
  SELECT * FROM (SELECT 1, time, source, authenticated FROM event WHERE user=?1 AND person=?2 AND kind=1 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 2, time, source, authenticated FROM event WHERE user=?1 AND person=?2 AND kind=2 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 3, time, source, authenticated FROM event WHERE user=?1 AND person=?2 AND kind=3 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 4, time, source, authenticated FROM event WHERE user=?1 AND person=?2 AND kind=4 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 5, time, source, authenticated FROM event WHERE user=?1 AND person=?2 AND kind=5 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 11, time, source, authenticated FROM event
                 WHERE user=?1 AND organisation=?3 AND kind=1 AND kind<>0 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 12, time, source, authenticated FROM event
                 WHERE user=?1 AND organisation=?3 AND kind=2 AND kind<>0 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 13, time, source, authenticated FROM event
                 WHERE user=?1 AND organisation=?3 AND kind=3 AND kind<>0 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1))sql";

// ?1 user, ?2 trace, ?4 as_of.
constexpr std::string_view kTraceSql = R"sql(
  SELECT * FROM (SELECT 1, time, source, authenticated FROM trace JOIN event USING (user, person, kind, time, seq)
                 WHERE user=?1 AND trace=?2 AND kind=1 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 2, time, source, authenticated FROM trace JOIN event USING (user, person, kind, time, seq)
                 WHERE user=?1 AND trace=?2 AND kind=2 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 3, time, source, authenticated FROM trace JOIN event USING (user, person, kind, time, seq)
                 WHERE user=?1 AND trace=?2 AND kind=3 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1) UNION ALL
  SELECT * FROM (SELECT 5, time, source, authenticated FROM trace JOIN event USING (user, person, kind, time, seq)
                 WHERE user=?1 AND trace=?2 AND kind=5 AND time<?4
                 ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1))sql";

// ?1 user, ?2 person, ?3 from after, ?4 as_of, ?5 and ?6 kPitchVerdicts.
constexpr std::string_view kUnansweredSql = R"sql(
  SELECT count(*), min(time), max(time), sum(verdict IN (?5, ?6)) FROM event
  WHERE user=?1 AND person=?2 AND kind=0 AND time>?3 AND time<?4)sql";

// ?1 user, ?2 person, ?3 up to, which is before as_of, ?5 and ?6 kPitchVerdicts.
constexpr std::string_view kAnsweredSql = R"sql(
  SELECT count(*), sum(verdict IN (?5, ?6)) FROM event WHERE user=?1 AND person=?2 AND kind=0 AND time<=?3)sql";

// ?1 user, ?2 message id, ?4 as_of.
constexpr std::string_view kSentSql =
    "SELECT 1 FROM event WHERE user=?1 AND message_id=?2 AND kind=1 AND time<?4 LIMIT 1";

// ?2 person, ?3 organisation.
constexpr std::string_view kSeenSql = R"sql(
  SELECT 0, first FROM seen WHERE key=?2 AND kind=0 UNION ALL
  SELECT 1, first FROM seen WHERE key=?2 AND kind=1 UNION ALL
  SELECT 1, first FROM seen WHERE key=?3 AND kind=1)sql";

// ?1 to ?4 bands, ?5 since, ?6 as_of, ?7 most rows.
constexpr std::string_view kSameTextSql =
    "SELECT DISTINCT user, sketch FROM text WHERE band IN (?1, ?2, ?3, ?4) AND time>=?5 AND time<?6 LIMIT ?7";

// ?1 user, ?2 message id, ?4 as_of.
constexpr std::string_view kByIdSql = R"sql(
  SELECT person, organisation, traces FROM event WHERE user=?1 AND message_id=?2 AND kind=0 AND time<?4
  ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1)sql";

// ?1 user, ?2 route, ?4 as_of.
constexpr std::string_view kByRouteSql = R"sql(
  SELECT person, organisation, traces FROM trace JOIN event USING (user, person, kind, time, seq)
  WHERE user=?1 AND trace=?2 AND kind=0 AND time<?4
  ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1)sql";

constexpr std::array kStatements = {kPersonSql, kTraceSql,    kUnansweredSql, kAnsweredSql, kSentSql,
                                    kSeenSql,   kSameTextSql, kByIdSql,       kByRouteSql};

std::optional<TimePoint> time_in(const SqliteStatement& row, int column) {
  const std::optional<std::int64_t> value = row.integer(column);
  if (!value) return std::nullopt;
  return TimePoint(std::chrono::seconds(*value));
}

std::size_t count_in(const SqliteStatement& row, int column) {
  return static_cast<std::size_t>(row.integer(column).value_or(0));
}

/// Where a row of kPersonSql and kTraceSql belongs.
std::optional<Milestone>* place_of(std::int64_t row, Deeds& person, Deeds* organisation,
                                   std::optional<Milestone>* accepted) {
  if (row == kAccepted) return accepted;
  Deeds* deeds = row > kOrganisation ? organisation : &person;
  if (deeds == nullptr) return nullptr;
  return deeds->of(static_cast<EventKind>(row > kOrganisation ? row - kOrganisation : row));
}

Result<void> read_milestones(SqliteStatement& statement, Deeds& person, Deeds* organisation,
                             std::optional<Milestone>* accepted) {
  while (true) {
    const Result<bool> row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    std::optional<Milestone>* place =
        place_of(statement.integer(0).value_or(0), person, organisation, accepted);
    const std::optional<TimePoint> time = time_in(statement, 1);
    if (place == nullptr || !time) continue;
    *place = Milestone{*time, statement.integer(2) == 1 ? EventSource::user : EventSource::mail,
                       statement.integer(3) == 1};
  }
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
  for (const std::string_view sql : kStatements) {
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
  auto transaction = SqliteTransaction::begin_reading(connection_);
  if (!transaction) return tl::unexpected(transaction.error());
  Result<Answer> answer = work();
  for (SqliteStatement& statement : statements_) statement.reset();
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
    answers.push_back(std::move(facts));
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
  SqliteStatement& statement = statements_[kPerson];
  statement.bind_key(1, user);
  statement.bind_key(2, question.person);
  statement.bind_key(3, question.organisation);
  statement.bind(4, sqlite_seconds(question.as_of));
  return read_milestones(statement, milestones.person, &milestones.organisation, &milestones.accepted);
}

Result<void> SqliteReader::find_traces(const std::string& user, const std::vector<std::string>& keys,
                                       TimePoint as_of, std::vector<Deeds>& deeds) {
  SqliteStatement& statement = statements_[kTrace];
  statement.bind_key(1, user);
  statement.bind(4, sqlite_seconds(as_of));
  for (const std::string& key : keys) {
    statement.bind_key(2, key);
    deeds.emplace_back();
    if (Result<void> read = read_milestones(statement, deeds.back(), nullptr, nullptr); !read) return read;
  }
  return {};
}

Result<void> SqliteReader::count_inbound(const std::string& user, const ContactQuestion& question,
                                         TimePoint answered, ContactFacts& facts) {
  for (const Question kind : {kUnanswered, kAnswered}) {
    SqliteStatement& statement = statements_[kind];
    statement.bind_key(1, user);
    statement.bind_key(2, question.person);
    statement.bind(3, sqlite_seconds(answered));
    statement.bind(5, kPitchVerdicts[0]);
    statement.bind(6, kPitchVerdicts[1]);
  }
  SqliteStatement& unanswered = statements_[kUnanswered];
  unanswered.bind(4, sqlite_seconds(question.as_of));
  if (const Result<bool> row = unanswered.step(); !row) return tl::unexpected(row.error());
  facts.unanswered = count_in(unanswered, 0);
  facts.first_inbound = time_in(unanswered, 1);
  facts.last_inbound = time_in(unanswered, 2);
  facts.unanswered_pitches = count_in(unanswered, 3);
  SqliteStatement& earlier = statements_[kAnswered];
  if (const Result<bool> row = earlier.step(); !row) return tl::unexpected(row.error());
  facts.inbound = facts.unanswered + count_in(earlier, 0);
  facts.pitches = facts.unanswered_pitches + count_in(earlier, 1);
  unanswered.reset();
  earlier.reset();
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
  SqliteStatement& statement = statements_[kSameText];
  int parameter = 0;
  for (const std::uint64_t band : question.sketch->bands) {
    statement.bind(++parameter, static_cast<std::int64_t>(band));
  }
  statement.bind(++parameter, sqlite_seconds(question.same_text_since));
  statement.bind(++parameter, sqlite_seconds(question.as_of));
  statement.bind(++parameter, static_cast<std::int64_t>(kMaxSameText));
  while (true) {
    const Result<bool> row = statement.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) break;
    const auto bits = static_cast<std::uint64_t>(statement.integer(1).value_or(0));
    if (is_same_text(*question.sketch, bits)) users.insert(statement.key(0));
  }
  facts.same_text_to = users.size();
  return {};
}

}  // namespace coldpitch
