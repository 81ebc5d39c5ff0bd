// SPDX-License-Identifier: MIT
#pragma once

#include "history/store.h"
#include "tests/support/postgres_server.h"

namespace coldpitch::test {

/// One for the whole program, started when it is first asked for.
[[nodiscard]] PostgresServer& postgres_server();

/// For `schema`, with a limit that no busy machine reaches.
[[nodiscard]] PostgresOptions patient_postgres(const std::string& schema);

}  // namespace coldpitch::test
