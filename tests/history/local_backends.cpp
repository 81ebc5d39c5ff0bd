// SPDX-License-Identifier: MIT
#include "tests/history/store_backend.h"

namespace coldpitch::test {

std::vector<std::string> backend_names() { return {"memory", "sqlite"}; }

std::unique_ptr<Store> open_backend(const std::string& name, const TemporaryFolder& folder) {
  if (name == "memory") return open_memory_store();
  // A busy machine may hold a test up for longer than the default limit.
  auto opened = open_sqlite_store({folder / "history.db", 20'000});
  return opened ? std::move(*opened) : nullptr;
}

}  // namespace coldpitch::test
