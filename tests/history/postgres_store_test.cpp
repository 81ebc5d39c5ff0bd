// SPDX-License-Identifier: MIT
// What only a store on a server can do wrong: several writers, schemas, a server that goes away.
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "history/postgres_connection.h"
#include "history/postgres_schema.h"
#include "history/postgres_writer.h"
#include "milter/guarded_store.h"
#include "tests/history/postgres_backend.h"
#include "tests/history/store_backend.h"
#include "tests/support/catch.h"

using namespace coldpitch;
using namespace coldpitch::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

std::unique_ptr<Store> open(const PostgresOptions& options) {
  auto store = open_postgres_store(options);
  REQUIRE(store.has_value());
  return std::move(*store);
}

/// What a daemon with the default limit would have.
PostgresOptions impatient(const std::string& schema) {
  PostgresOptions options = patient_postgres(schema);
  options.limit_ms = 200;
  return options;
}

std::size_t remembered(Store& store) {
  const Result<std::vector<ContactFacts>> facts = store.ask(about(kJane));
  if (!facts) UNSCOPED_INFO(facts.error().detail);
  REQUIRE(facts.has_value());
  return facts->front().inbound;
}

Error error_of(Store& store) {
  const Result<std::vector<ContactFacts>> facts = store.ask(about(kJane));
  REQUIRE_FALSE(facts.has_value());
  return facts.error();
}

/// True when the store answers again before anybody loses patience.
bool recovers(Store& store) {
  for (const auto end = Clock::now() + 30s; Clock::now() < end; std::this_thread::sleep_for(20ms)) {
    if (store.ask(about(kJane))) return true;
  }
  return false;
}

bool flushes(Store& store) {
  for (const auto end = Clock::now() + 30s; Clock::now() < end; std::this_thread::sleep_for(20ms)) {
    if (store.flush()) return true;
  }
  return false;
}

/// Times ten questions that must all fail. Returns the longest.
Clock::duration longest_refusal(Store& store) {
  Clock::duration longest{};
  for (int i = 0; i < 10; ++i) {
    const auto begun = Clock::now();
    CHECK(error_of(store).code == Code::temporary);
    longest = std::max(longest, Clock::now() - begun);
  }
  return longest;
}

}  // namespace

TEST_CASE("two stores on one server see each other's events", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  PostgresOptions over_tcp = patient_postgres(schema);
  over_tcp.uri = postgres_server().tcp_uri(schema);
  const auto first = open(patient_postgres(schema));
  const auto second = open(over_tcp);
  for (int i = 0; i < 50; ++i) {
    REQUIRE(first->record(inbound(i)).has_value());
    REQUIRE(second->record(inbound(i)).has_value());
  }
  REQUIRE(first->flush().has_value());
  REQUIRE(second->flush().has_value());
  CHECK(remembered(*first) == 100);
  CHECK(remembered(*second) == 100);
  REQUIRE(first->record(event(EventKind::stop, 100)).has_value());
  REQUIRE(first->flush().has_value());
  const Result<std::vector<ContactFacts>> facts = second->ask(about(kJane));
  REQUIRE(facts.has_value());
  CHECK(facts->front().told_to_stop == at(100));
}

TEST_CASE("stores that start at once make the tables once", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  std::vector<std::unique_ptr<Store>> stores;
  for (int i = 0; i < 6; ++i) stores.push_back(open(patient_postgres(schema)));
  for (const auto& store : stores) REQUIRE(store->record(inbound(1)).has_value());
  for (const auto& store : stores) CHECK(store->flush().has_value());
  CHECK(remembered(*stores.front()) == 6);
  CHECK(postgres_server().query(schema, "SELECT count(*) FROM coldpitch_schema") == "1");
}

TEST_CASE("conflicts between servers are tried again", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  PostgresOptions strict = patient_postgres(schema);
  strict.uri += "\\ -cdefault_transaction_isolation=serializable";
  std::vector<std::unique_ptr<Store>> stores;
  for (int i = 0; i < 4; ++i) stores.push_back(open(strict));
  std::vector<std::thread> threads;
  for (const auto& store : stores) {
    threads.emplace_back([&store] {
      for (int i = 0; i < 40; ++i) {
        (void)store->record(inbound(i));
        if (i % 4 == 0) (void)store->flush();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const auto& store : stores) CHECK(flushes(*store));
  CHECK(remembered(*stores.front()) == 160);
  CHECK(postgres_server().query(schema, "SELECT last_time - first_time FROM coldpitch_seen") == "39");
}

TEST_CASE("a group whose fate is not known is not written twice", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  const PostgresOptions options = patient_postgres(schema);
  Result<PostgresConnection> connection = PostgresConnection::open(options.uri);
  REQUIRE(connection.has_value());
  REQUIRE(prepare_postgres_schema(*connection, "").has_value());
  Event stop = event(EventKind::stop, 20);
  stop.traces = {kThread};
  const std::vector<Event> events = {inbound(10), inbound(10), stop, inbound_text(30, kUser, 7)};
  for (int i = 0; i < 2; ++i)
    REQUIRE(write_postgres(*connection, events, 1000, Clock::now() + 20s).has_value());
  CHECK(remembered(*open(options)) == 3);
  REQUIRE(write_postgres(*connection, events, 1004, Clock::now() + 20s).has_value());
  CHECK(remembered(*open(options)) == 6);
}

TEST_CASE("a store of another program or secret is refused", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  PostgresOptions options = patient_postgres(schema);
  options.secret_mark = kLetter;
  const auto first = open(options);
  REQUIRE(first->record(inbound(1)).has_value());
  REQUIRE(first->flush().has_value());
  CHECK(remembered(*open(options)) == 1);
  options.secret_mark = kThread;
  const Error other_secret = error_of(*open(options));
  CHECK(other_secret.code == Code::permanent);
  CHECK_THAT(other_secret.detail, ContainsSubstring("another secret"));
  options.secret_mark = "";
  CHECK(remembered(*open(options)) == 1);

  postgres_server().query(schema, "UPDATE coldpitch_schema SET version = 1000");
  const Error newer = error_of(*open(options));
  CHECK(newer.code == Code::permanent);
  CHECK_THAT(newer.detail, ContainsSubstring("schema 1000, made by a newer program"));
}

TEST_CASE("a user who may not make tables uses those that are there", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  PostgresOptions options = patient_postgres(schema);
  options.uri += " user=guest_" + schema;
  PostgresServer& server = postgres_server();
  server.query("public", "CREATE ROLE guest_" + schema + " LOGIN");
  const Error refused = error_of(*open(options));
  CHECK(refused.code == Code::permanent);
  CHECK_THAT(refused.detail, ContainsSubstring("coldpitch_schema") || ContainsSubstring("no schema"));
  REQUIRE(open(patient_postgres(schema))->flush().has_value());
  REQUIRE(remembered(*open(patient_postgres(schema))) == 0);
  server.query("public", "GRANT USAGE ON SCHEMA " + schema + " TO guest_" + schema);
  server.query("public", "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + schema +
                             " TO guest_" + schema);
  const auto store = open(options);
  REQUIRE(store->record(inbound(1)).has_value());
  CHECK(store->flush().has_value());
  CHECK(remembered(*store) == 1);
}

TEST_CASE("what is no connection string is refused, what leads nowhere is an error",
          "[history][postgresql]") {
  PostgresOptions options;
  options.uri = "postgresql://[";
  const auto refused = open_postgres_store(options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == Code::permanent);
  CHECK_FALSE(postgres_uri_fault("hots=localhost").empty());
  CHECK(postgres_uri_fault("postgresql://user@a,b:5433/mail?sslmode=verify-full").empty());

  options.uri = "host=/nonexistent user=nobody dbname=none";
  options.limit_ms = 20'000;
  const auto nowhere = open(options);
  CHECK(error_of(*nowhere).code == Code::temporary);
  CHECK_THAT(error_of(*nowhere).detail, ContainsSubstring("/nonexistent"));
  CHECK(nowhere->record(inbound(1)).has_value());
  CHECK_FALSE(nowhere->flush().has_value());

  const std::string schema = postgres_server().fresh_schema();
  options.uri = postgres_server().tcp_uri(schema) + "&sslmode=require";
  CHECK_THAT(error_of(*open(options)).detail, ContainsSubstring("SSL"));
}

TEST_CASE("of several hosts the first that answers is taken", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  PostgresOptions options = patient_postgres(schema);
  options.uri.replace(0, 5, "host=/nonexistent,");
  const auto store = open(options);
  CHECK(remembered(*store) == 0);
}

TEST_CASE("a server that freezes holds nobody up for longer than the limit", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  const auto store = open(impatient(schema));
  REQUIRE(recovers(*store));
  postgres_server().freeze();
  CHECK(longest_refusal(*store) < 1s);  // 200 ms, and what a busy machine adds
  for (int i = 0; i < 300; ++i) CHECK(store->record(inbound(i)).has_value());
  postgres_server().thaw();
  CHECK(recovers(*store));
  CHECK(flushes(*store));
  CHECK(remembered(*open(patient_postgres(schema))) == 300);
}

TEST_CASE("a server that is killed and started again loses and doubles nothing", "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  const auto store = open(impatient(schema));
  REQUIRE(recovers(*store));
  for (int i = 0; i < 400; ++i) REQUIRE(store->record(inbound(i)).has_value());
  postgres_server().kill();
  CHECK(longest_refusal(*store) < 1s);
  for (int i = 0; i < 400; ++i) REQUIRE(store->record(inbound(1000 + i)).has_value());
  CHECK_FALSE(store->flush().has_value());
  postgres_server().start();
  CHECK(flushes(*store));
  CHECK(recovers(*store));
  CHECK(remembered(*open(patient_postgres(schema))) == 800);
}

TEST_CASE("connections that the server closed while idle are replaced without anybody noticing",
          "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  const auto store = open(patient_postgres(schema));
  CHECK(remembered(*store) == 0);
  postgres_server().query(schema,
                          "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                          " WHERE application_name = 'coldpitch' AND pid <> pg_backend_pid()");
  CHECK(remembered(*store) == 0);
}

TEST_CASE("behind its guard a frozen server costs a few messages the limit, and the rest nothing",
          "[history][postgresql]") {
  const std::string schema = postgres_server().fresh_schema();
  Metrics metrics;
  auto inner = open(impatient(schema));
  REQUIRE(recovers(*inner));
  GuardedStore store(std::move(inner), {200ms, 3, 300ms}, metrics);
  postgres_server().freeze();
  const auto begun = Clock::now();
  for (int i = 0; i < 100; ++i) {
    CHECK_FALSE(store.ask(about(kJane)).has_value());
    CHECK(store.record(inbound(i)).has_value());
  }
  CHECK(Clock::now() - begun < 5s);  // 100 times the limit are 20 s
  CHECK(store.is_bypassed());
  postgres_server().thaw();
  CHECK(recovers(store));
  CHECK(flushes(store));
  CHECK_FALSE(store.is_bypassed());
  CHECK(remembered(*open(patient_postgres(schema))) == 100);
}
