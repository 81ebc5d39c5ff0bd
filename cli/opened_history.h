// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "milter/memory.h"
#include "milter/pipeline.h"
#include "milter/snapshot.h"
#include "parsers/result.h"

namespace coldpitch {

/// The store a command's --history names: "none" is no store, else an SQLite file, which must exist, for looking must not make
/// one. Errors: `permanent` with what is wrong.
[[nodiscard]] Result<OpenedMemory> open_history(const std::string& history);

/// What judging messages takes.
struct OpenedJudge {
  std::shared_ptr<const Snapshot> snapshot;
  OpenedMemory opened;

  /// Points into this.
  [[nodiscard]] Memory memory() const { return {opened.store.get(), opened.keyring.get()}; }
};

/// Loads the configuration ("": the usual one) and opens the history a command's --history names. nullopt when either cannot be had; the
/// reason, and warnings, go to standard error.
[[nodiscard]] std::optional<OpenedJudge> open_judge(const std::string& config_file,
                                                    const std::string& history);

/// A store to look through without its secret: an SQLite file must exist. Errors: those of the store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_store_to_read(const HistorySettings& settings);

}  // namespace coldpitch
