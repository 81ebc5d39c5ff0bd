// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <string>

#include "history/identity.h"
#include "history/store.h"
#include "milter/config.h"

namespace coldpitch {

/// A store and its secret, opened as the configuration says. Both null for `backend: none` and when opening failed: filtering then
/// goes on by content alone.
struct OpenedMemory {
  std::unique_ptr<Store> store;
  std::unique_ptr<Keyring> keyring;
  std::string warning;  ///< what went wrong or was mended, for the log; "" for nothing
};

[[nodiscard]] OpenedMemory open_memory(const HistorySettings& settings);

}  // namespace coldpitch
