// SPDX-License-Identifier: MIT
#include "history/postgres_reader.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>

#include "history/milestones.h"

namespace coldpitch {
namespace {

constexpr const char* kPerson = "coldpitch_person";
constexpr const char* kTrace = "coldpitch_trace";
constexpr const char* kInbound = "coldpitch_inbound";
constexpr const char* kSent = "coldpitch_sent";
constexpr const char* kSeen = "coldpitch_seen";
constexpr const char* kSameText = "coldpitch_same_text";
constexpr const char* kById = "coldpitch_by_id";
constexpr const char* kByRoute = "coldpitch_by_route";

/// Added to the kind of what was done to the organisation.
constexpr std::int64_t kOrganisation = 10;

/// The last event of a kind before $3, with user $1. Of several in one second that of the user's own word comes first, then that of proved mail.
std::string last_of(int kind, const std::string& from, const std::string& where, std::int64_t mark = 0) {
  const std::string number = std::to_string(kind);
  return "(SELECT " + std::to_string(kind + mark) + " AS deed, time, source, authenticated FROM " + from +
         " WHERE local_user = $1::bytea AND " + where + " AND kind = " + number +
         " AND time < $3::bigint ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1)";
}

std::string all_of(const std::vector<std::string>& selects) {
  std::string sql;
  for (const std::string& select : selects) sql += (sql.empty() ? "" : " UNION ALL ") + select;
  return sql;
}

constexpr const char* kTraced =
    "coldpitch_trace JOIN coldpitch_event USING (local_user, person, kind, time, seq)";

// $1 user, $2 person, $3 as_of, $4 organisation.
std::string person_sql() {
  std::vector<std::string> selects;
  for (const int kind : {1, 2, 3, 4, 5})
    selects.push_back(last_of(kind, "coldpitch_event", "person = $2::bytea"));
  for (const int kind : {1, 2, 3}) {
    // "kind <> 0" says again what the partial index says, because the planner wants to see it.
    selects.push_back(
        last_of(kind, "coldpitch_event", "organisation = $4::bytea AND kind <> 0", kOrganisation));
  }
  return all_of(selects);
}

// $1 user, $2 trace, $3 as_of.
std::string trace_sql() {
  std::vector<std::string> selects;
  for (const int kind : {1, 2, 3, 5}) selects.push_back(last_of(kind, kTraced, "trace = $2::bytea"));
  return all_of(selects);
}

// $1 user, $2 person, $3 as_of, $4 unanswered_since less a second, $5 and $6 kPitchVerdicts, $7 kMaxCounted. See answered_until().
constexpr const char* kInboundSql = R"sql(
  SELECT count(*), sum(CASE WHEN verdict IN ($5::text, $6::text) THEN 1 ELSE 0 END),
         sum(CASE WHEN time > answered THEN 1 ELSE 0 END),
         sum(CASE WHEN time > answered AND verdict IN ($5::text, $6::text) THEN 1 ELSE 0 END),
         min(CASE WHEN time > answered THEN time END), max(CASE WHEN time > answered THEN time END)
  FROM (SELECT time, verdict FROM coldpitch_event
        WHERE local_user = $1::bytea AND person = $2::bytea AND kind = 0 AND time < $3::bigint
        ORDER BY time DESC LIMIT $7::bigint) AS latest CROSS JOIN
    (SELECT greatest($4::bigint,
       (SELECT max(time) FROM coldpitch_event
        WHERE local_user = $1::bytea AND person = $2::bytea AND kind = 1 AND time < $3::bigint),
       (SELECT max(time) FROM coldpitch_event
        WHERE local_user = $1::bytea AND person = $2::bytea AND kind = 3 AND time < $3::bigint)) AS answered) AS b)sql";

// $1 user, $2 message ids, $3 as_of.
constexpr const char* kSentSql =
    "SELECT 1 FROM coldpitch_event WHERE local_user = $1::bytea AND message_id = ANY($2::bytea[]) AND kind = "
    "1"
    " AND time < $3::bigint LIMIT 1";

// $1 person, $2 organisation, $3 as_of.
constexpr const char* kSeenSql =
    "SELECT kind FROM coldpitch_seen WHERE first_time < $3::bigint AND"
    " ((key = $1::bytea AND kind IN (0, 1)) OR (key = $2::bytea AND kind = 1))";

// $1 bands, $2 since, $3 as_of, $4 most rows.
constexpr const char* kSameTextSql =
    "SELECT DISTINCT local_user, sketch FROM coldpitch_text WHERE band = ANY($1::bigint[])"
    " AND time >= $2::bigint AND time < $3::bigint LIMIT $4::bigint";

// $1 user, $2 message id or route, $3 as_of.
std::string correspondent_sql(const std::string& from, const std::string& key) {
  return "SELECT person, organisation, traces FROM " + from + " WHERE local_user = $1::bytea AND " + key +
         " = $2::bytea AND kind = 0 AND time < $3::bigint"
         " ORDER BY time DESC, source DESC, authenticated DESC LIMIT 1";
}

std::int64_t seconds(TimePoint time) { return time.time_since_epoch().count(); }

std::optional<TimePoint> time_in(const PostgresRows& rows, int row, int column) {
  const std::optional<std::int64_t> value = rows.integer(row, column);
  if (!value) return std::nullopt;
  return TimePoint(std::chrono::seconds(*value));
}

std::size_t count_in(const PostgresRows& rows, int column) {
  return rows.size() == 0 ? 0 : static_cast<std::size_t>(rows.integer(0, column).value_or(0));
}

void read_milestones(const PostgresRows& rows, Deeds& person, Deeds* organisation,
                     std::optional<Milestone>* accepted) {
  for (int row = 0; row < rows.size(); ++row) {
    const std::int64_t deed = rows.integer(row, 0).value_or(0);
    const bool is_organisation = deed > kOrganisation;
    const auto kind = static_cast<EventKind>(is_organisation ? deed - kOrganisation : deed);
    Deeds* deeds = is_organisation ? organisation : &person;
    if (deeds == nullptr) continue;
    std::optional<Milestone>* place = kind == EventKind::accepted ? accepted : deeds->of(kind);
    const std::optional<TimePoint> time = time_in(rows, row, 1);
    if (place == nullptr || !time) continue;
    *place = Milestone{*time, rows.integer(row, 2) == 1 ? EventSource::user : EventSource::mail,
                       rows.integer(row, 3) == 1};
  }
}

/// Asks all at once, and reads the answers in the order of the questions.
class Facts {
 public:
  explicit Facts(const ContactQuestion& question) : question_(question) {}

  [[nodiscard]] std::vector<PostgresQuery> queries() const {
    std::vector<PostgresQuery> all;
    add(all, kSeen).key(question_.person).key(question_.organisation).integer(seconds(question_.as_of));
    if (question_.sketch) add_same_text(all);
    for (const std::string& user : question_.users) {
      if (!user.empty()) add_user(all, user);
    }
    return all;
  }

  [[nodiscard]] std::vector<ContactFacts> read(const std::vector<PostgresRows>& answers) {
    answers_ = &answers;
    ContactFacts of_all;
    const PostgresRows& seen = next();
    for (int row = 0; row < seen.size(); ++row) {
      (seen.integer(row, 0) == 0 ? of_all.wrote_here : of_all.answered_here) = true;
    }
    if (question_.sketch) count_same_text(of_all);
    std::vector<ContactFacts> facts;
    facts.reserve(question_.users.size());
    for (const std::string& user : question_.users) {
      facts.push_back(user.empty() ? ContactFacts{} : read_user(of_all));
    }
    return facts;
  }

 private:
  static PostgresParameters& add(std::vector<PostgresQuery>& queries, const char* name) {
    queries.push_back({PostgresQuery::Kind::prepared, name, {}, {}});
    return queries.back().parameters;
  }

  void add_same_text(std::vector<PostgresQuery>& all) const {
    PostgresArray bands;
    for (const std::uint64_t band : question_.sketch->bands) bands.integer(static_cast<std::int64_t>(band));
    add(all, kSameText)
        .text(std::move(bands).take())
        .integer(seconds(question_.same_text_since))
        .integer(seconds(question_.as_of))
        .integer(static_cast<std::int64_t>(kMaxSameText));
  }

  void add_user(std::vector<PostgresQuery>& all, const std::string& user) const {
    const std::int64_t as_of = seconds(question_.as_of);
    add(all, kPerson).key(user).key(question_.person).integer(as_of).key(question_.organisation);
    for (const auto* keys : {&question_.aliases, &question_.siblings}) {
      for (const std::string& key : *keys) add(all, kTrace).key(user).key(key).integer(as_of);
    }
    const bool is_limited = question_.unanswered_since != TimePoint::min();
    add(all, kInbound)
        .key(user)
        .key(question_.person)
        .integer(as_of)
        .integer(seconds(question_.unanswered_since) - (is_limited ? 1 : 0))
        .text(kPitchVerdicts[0])
        .text(kPitchVerdicts[1])
        .integer(static_cast<std::int64_t>(kMaxCounted));
    if (!question_.references.empty())
      add(all, kSent).key(user).text(postgres_key_array(question_.references)).integer(as_of);
  }

  const PostgresRows& next() { return answers_->at(at_++); }

  ContactFacts read_user(const ContactFacts& of_all) {
    Milestones milestones;
    read_milestones(next(), milestones.person, &milestones.organisation, &milestones.accepted);
    for (auto* deeds : {&milestones.aliases, &milestones.siblings}) {
      deeds->resize(deeds == &milestones.aliases ? question_.aliases.size() : question_.siblings.size());
      for (Deeds& one : *deeds) read_milestones(next(), one, nullptr, nullptr);
    }
    ContactFacts facts = facts_from(milestones);
    const PostgresRows& inbound = next();
    facts.inbound = count_in(inbound, 0);
    facts.pitches = count_in(inbound, 1);
    facts.unanswered = count_in(inbound, 2);
    facts.unanswered_pitches = count_in(inbound, 3);
    facts.first_inbound = time_in(inbound, 0, 4);
    facts.last_inbound = time_in(inbound, 0, 5);
    if (!question_.references.empty()) facts.in_our_thread = next().size() > 0;
    facts.wrote_here = of_all.wrote_here;
    facts.answered_here = of_all.answered_here;
    facts.same_text_to = of_all.same_text_to;
    return facts;
  }

  void count_same_text(ContactFacts& facts) {
    std::set<std::string> users(question_.users.begin(), question_.users.end());
    users.erase("");
    const PostgresRows& rows = next();
    for (int row = 0; row < rows.size(); ++row) {
      const auto bits = static_cast<std::uint64_t>(rows.integer(row, 1).value_or(0));
      if (is_same_text(*question_.sketch, bits)) users.insert(rows.key(row, 0));
    }
    facts.same_text_to = users.size();
  }

  const ContactQuestion& question_;
  const std::vector<PostgresRows>* answers_ = nullptr;
  std::size_t at_ = 0;
};

}  // namespace

Result<void> prepare_postgres_questions(PostgresConnection& connection, Deadline deadline) {
  const std::pair<const char*, std::string> statements[] = {
      {kPerson, person_sql()},
      {kTrace, trace_sql()},
      {kInbound, kInboundSql},
      {kSent, kSentSql},
      {kSeen, kSeenSql},
      {kSameText, kSameTextSql},
      {kById, correspondent_sql("coldpitch_event", "message_id")},
      {kByRoute, correspondent_sql(kTraced, "trace")},
  };
  std::vector<PostgresQuery> queries;
  for (const auto& [name, sql] : statements) queries.push_back({PostgresQuery::Kind::prepare, name, sql, {}});
  const Result<std::vector<PostgresRows>> prepared = connection.run(queries, deadline);
  if (!prepared) return tl::unexpected(prepared.error());
  return {};
}

Result<std::vector<ContactFacts>> ask_postgres(PostgresConnection& connection,
                                               const ContactQuestion& question, Deadline deadline) {
  Facts facts(question);
  const std::vector<PostgresQuery> queries = facts.queries();
  const Result<std::vector<PostgresRows>> answers = connection.run(queries, deadline);
  if (!answers) return tl::unexpected(answers.error());
  return facts.read(*answers);
}

Result<std::vector<Correspondent>> find_postgres_correspondents(PostgresConnection& connection,
                                                                const ThreadQuestion& question,
                                                                Deadline deadline) {
  std::vector<PostgresQuery> queries;
  std::vector<std::string> asked;
  for (const auto& [name, keys] :
       {std::pair(kById, &question.message_ids), std::pair(kByRoute, &question.routes)}) {
    for (const std::string& key : *keys) {
      PostgresQuery query{PostgresQuery::Kind::prepared, name, {}, {}};
      query.parameters.key(question.user).key(key).integer(seconds(question.as_of));
      queries.push_back(std::move(query));
      asked.push_back(key);
    }
  }
  std::vector<Correspondent> found;
  if (queries.empty()) return found;
  const Result<std::vector<PostgresRows>> answers = connection.run(queries, deadline);
  if (!answers) return tl::unexpected(answers.error());
  for (std::size_t i = 0; i < answers->size(); ++i) {
    const PostgresRows& rows = (*answers)[i];
    if (rows.size() > 0) found.push_back({asked[i], rows.key(0, 0), rows.key(0, 1), rows.keys(0, 2)});
  }
  return found;
}

}  // namespace coldpitch
