// SPDX-License-Identifier: MIT
#include "tests/history/postgres_backend.h"

#include "tests/history/store_backend.h"

namespace coldpitch::test {

PostgresServer& postgres_server() {
  static PostgresServer server;
  return server;
}

PostgresOptions patient_postgres(const std::string& schema) {
  PostgresOptions options;
  options.uri = postgres_server().socket_uri(schema);
  options.limit_ms = 20'000;
  return options;
}

std::vector<std::string> backend_names() { return {"postgresql"}; }

std::unique_ptr<Store> open_backend(const std::string&, const TemporaryFolder&) {
  auto opened = open_postgres_store(patient_postgres(postgres_server().fresh_schema()));
  return opened ? std::move(*opened) : nullptr;
}

}  // namespace coldpitch::test
