// SPDX-License-Identifier: MIT
#include "cli/opened_history.h"

#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

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

std::optional<OpenedJudge> open_judge(const std::string& config_file, const std::string& history) {
  std::vector<Diagnostic> diagnostics;
  OpenedJudge judge{load_snapshot(config_file, diagnostics), {}};
  std::cerr << format(diagnostics);
  if (judge.snapshot == nullptr) return std::nullopt;
  Result<OpenedMemory> opened = open_history(history);
  if (!opened) {
    std::cerr << "coldpitch: --history: " << opened.error().detail << '\n';
    return std::nullopt;
  }
  judge.opened = std::move(*opened);
  return judge;
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
