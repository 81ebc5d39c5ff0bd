// SPDX-License-Identifier: MIT
#include "history/postgres_connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <array>
#include <utility>

namespace coldpitch {
namespace {

/// Classes of SQLSTATE that will not pass by themselves: unsupported, wrong data, constraints, authorisation, no such database or schema, wrong SQL.
Code code_of(std::string_view state) {
  constexpr std::array<std::string_view, 7> kPermanent = {"0A", "22", "23", "28", "3D", "3F", "42"};
  const bool is_permanent =
      std::find(kPermanent.begin(), kPermanent.end(), state.substr(0, 2)) != kPermanent.end();
  return is_permanent ? Code::permanent : Code::temporary;
}

/// Their session is of no use any more: the server stops, or became a standby.
bool ends_session(std::string_view state) { return state.starts_with("57P") || state == "25006"; }

/// One line.
std::string tidy(std::string_view message) {
  std::string text;
  for (const char octet : message) text += octet == '\n' || octet == '\t' ? ' ' : octet;
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// Milliseconds for poll(2): rounded up, so that time which is left is not spun away.
int milliseconds_until(Deadline deadline) {
  const auto left =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

void ignore_notice(void*, const char*) {}

bool wait_for(int descriptor, short events, Deadline deadline) {
  pollfd waited{descriptor, events, 0};
  while (true) {
    const int ready = ::poll(&waited, 1, milliseconds_until(deadline));
    if (ready > 0) return true;
    if (std::chrono::steady_clock::now() >= deadline) return false;
  }
}

}  // namespace

void PostgresConnection::Finish::operator()(pg_conn* connection) const noexcept { PQfinish(connection); }

Result<PostgresConnection> PostgresConnection::open(const std::string& uri) {
  // Those before dbname are defaults, which the string may overrule.
  const std::array<std::pair<const char*, const char*>, 6> parameters = {{
      {"connect_timeout", "2"},
      {"target_session_attrs", "read-write"},
      {"fallback_application_name", "coldpitch"},
      {"dbname", uri.c_str()},
      {"client_encoding", "UTF8"},
      {nullptr, nullptr},
  }};
  std::array<const char*, parameters.size()> names{};
  std::array<const char*, parameters.size()> values{};
  for (std::size_t i = 0; i < parameters.size(); ++i) std::tie(names[i], values[i]) = parameters[i];
  PostgresConnection connection(PQconnectdbParams(names.data(), values.data(), 1));
  PGconn* raw = connection.connection_.get();
  if (raw == nullptr) return tl::unexpected(Error{Code::temporary, 0, "PostgreSQL: out of memory"});
  PQsetNoticeProcessor(raw, ignore_notice, nullptr);  // else libpq writes to standard error
  if (PQstatus(raw) != CONNECTION_OK || PQsetnonblocking(raw, 1) != 0) {
    return tl::unexpected(Error{Code::temporary, 0, "PostgreSQL: " + tidy(PQerrorMessage(raw))});
  }
  return connection;
}

tl::unexpected<Error> PostgresConnection::lost(std::string detail) {
  is_usable_ = false;
  state_.clear();
  return tl::unexpected(Error{Code::temporary, 0, "PostgreSQL: " + std::move(detail)});
}

Error PostgresConnection::failure(const pg_result* result) {
  const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  state_ = state != nullptr ? state : "";
  if (state_.empty() || ends_session(state_)) is_usable_ = false;
  const std::string text = message != nullptr ? message : PQresultErrorMessage(result);
  return {code_of(state_), 0, "PostgreSQL: " + tidy(text) + (state_.empty() ? "" : " (" + state_ + ")")};
}

bool PostgresConnection::send(const PostgresQuery& query) {
  std::vector<const char*> values;
  std::vector<int> lengths;
  std::vector<int> formats;
  for (const PostgresParameters::Value& value : query.parameters.values_) {
    values.push_back(value.is_null ? nullptr : value.octets.c_str());
    lengths.push_back(static_cast<int>(value.octets.size()));
    formats.push_back(value.is_binary ? 1 : 0);
  }
  PGconn* connection = connection_.get();
  const int count = static_cast<int>(values.size());
  switch (query.kind) {
    case PostgresQuery::Kind::prepare:
      return PQsendPrepare(connection, query.name, query.sql.c_str(), 0, nullptr) == 1;
    case PostgresQuery::Kind::prepared:
      return PQsendQueryPrepared(connection, query.name, count, values.data(), lengths.data(), formats.data(),
                                 0) == 1;
    case PostgresQuery::Kind::direct:
      return PQsendQueryParams(connection, query.sql.c_str(), count, nullptr, values.data(), lengths.data(),
                               formats.data(), 0) == 1;
  }
  return false;
}

/// The next result, nullptr at the end of a query's.
Result<pg_result*> PostgresConnection::next_result(Deadline deadline) {
  PGconn* connection = connection_.get();
  while (true) {
    const int unsent = PQflush(connection);
    if (unsent < 0) return lost(tidy(PQerrorMessage(connection)));
    if (PQisBusy(connection) == 0) return PQgetResult(connection);
    const auto events = static_cast<short>(unsent == 0 ? POLLIN : POLLIN | POLLOUT);
    if (!wait_for(PQsocket(connection), events, deadline)) return lost("no answer within the limit");
    if (PQconsumeInput(connection) == 0) return lost(tidy(PQerrorMessage(connection)));
  }
}

Result<std::vector<PostgresRows>> PostgresConnection::collect(std::size_t queries, Deadline deadline) {
  std::vector<PostgresRows> answers;
  answers.reserve(queries);
  std::optional<Error> first_error;
  while (true) {
    const Result<pg_result*> next = next_result(deadline);
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) {
      if (PQstatus(connection_.get()) == CONNECTION_BAD) {
        return first_error ? tl::unexpected(*first_error) : lost("the connection was closed");
      }
      continue;
    }
    PostgresRows rows(*next);
    switch (PQresultStatus(*next)) {
      case PGRES_PIPELINE_SYNC:
        if (first_error) return tl::unexpected(std::move(*first_error));
        return answers;
      case PGRES_COMMAND_OK:
      case PGRES_TUPLES_OK:
        answers.push_back(std::move(rows));
        break;
      case PGRES_PIPELINE_ABORTED:
        break;
      default:
        if (!first_error) first_error = failure(*next);
    }
  }
}

Result<std::vector<PostgresRows>> PostgresConnection::run(const std::vector<PostgresQuery>& queries,
                                                          Deadline deadline) {
  PGconn* connection = connection_.get();
  state_.clear();
  if (PQenterPipelineMode(connection) == 0) return lost("the connection is not idle");
  for (const PostgresQuery& query : queries) {
    if (!send(query)) return lost(tidy(PQerrorMessage(connection)));
  }
  if (PQpipelineSync(connection) == 0) return lost(tidy(PQerrorMessage(connection)));
  Result<std::vector<PostgresRows>> answers = collect(queries.size(), deadline);
  if (!is_usable_) return answers;
  if (PQexitPipelineMode(connection) == 0) return lost(tidy(PQerrorMessage(connection)));
  if (!answers && PQtransactionStatus(connection) == PQTRANS_INERROR) {
    const std::string state = state_;
    if (!execute("ROLLBACK", deadline)) is_usable_ = false;
    state_ = state;
  }
  return answers;
}

Result<PostgresRows> PostgresConnection::execute(std::string sql, Deadline deadline) {
  Result<std::vector<PostgresRows>> answers =
      run({{PostgresQuery::Kind::direct, "", std::move(sql), {}}}, deadline);
  if (!answers) return tl::unexpected(std::move(answers.error()));
  if (answers->empty()) return lost("no answer");
  return std::move(answers->front());
}

Result<void> PostgresConnection::stream(const PostgresQuery& query, Deadline deadline,
                                        const std::function<void(const PostgresRows&)>& visit) {
  PGconn* connection = connection_.get();
  state_.clear();
  if (!send(query) || PQsetSingleRowMode(connection) == 0) return lost(tidy(PQerrorMessage(connection)));
  std::optional<Error> error;
  while (true) {
    const Result<pg_result*> next = next_result(deadline);
    if (!next) return tl::unexpected(next.error());
    if (*next == nullptr) break;
    const PostgresRows rows(*next);
    const ExecStatusType status = PQresultStatus(*next);
    if (status == PGRES_SINGLE_TUPLE) {
      visit(rows);
    } else if (status != PGRES_TUPLES_OK && !error) {
      error = failure(*next);
    }
  }
  if (error) return tl::unexpected(std::move(*error));
  return {};
}

bool PostgresConnection::is_alive() {
  PGconn* connection = connection_.get();
  pollfd waited{PQsocket(connection), POLLIN, 0};
  // Nothing is expected from an idle server but notices, and its farewell.
  if (::poll(&waited, 1, 0) > 0 && PQconsumeInput(connection) == 0) is_usable_ = false;
  return is_usable_ && PQstatus(connection) == CONNECTION_OK;
}

}  // namespace coldpitch
