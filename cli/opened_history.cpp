// SPDX-License-Identifier: MIT
#include "cli/opened_history.h"

#include <filesystem>

namespace coldpitch {

Result<OpenedMemory> open_history(const std::string& history) {
  if (history == "none") return OpenedMemory{};
  if (!std::filesystem::is_regular_file(history)) {
    return tl::unexpected(Error{Code::permanent, 0, "no history store at " + history});
  }
  HistorySettings settings;
  settings.path = history;
  OpenedMemory opened = open_memory(settings);
  if (!opened.store) return tl::unexpected(Error{Code::permanent, 0, opened.warning});
  return opened;
}

Result<std::unique_ptr<Store>> open_store_to_read(const HistorySettings& settings) {
  if (settings.backend == HistoryBackend::sqlite) {
    SqliteOptions options;
    options.file = settings.path;
    return open_sqlite_store(options);
  }
  OpenedMemory opened = open_memory(settings);
  if (!opened.store) return tl::unexpected(Error{Code::permanent, 0, opened.warning});
  return std::move(opened.store);
}

}  // namespace coldpitch
