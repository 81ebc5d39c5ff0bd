// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <vector>

#include "history/postgres_connection.h"
#include "history/store.h"
#include "parsers/result.h"

namespace coldpitch {

/// Makes the statements of the two questions below; once for each connection.
[[nodiscard]] Result<void> prepare_postgres_questions(PostgresConnection& connection, Deadline deadline);

/// Store::ask() and Store::find_correspondents(). One round trip each.
[[nodiscard]] Result<std::vector<ContactFacts>> ask_postgres(PostgresConnection& connection,
                                                             const ContactQuestion& question,
                                                             Deadline deadline);
[[nodiscard]] Result<std::vector<Correspondent>> find_postgres_correspondents(PostgresConnection& connection,
                                                                              const ThreadQuestion& question,
                                                                              Deadline deadline);

}  // namespace coldpitch
