// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace coldpitch {

/// sd_notify(3): tells systemd `state` ("READY=1", "RELOADING=1", "STATUS=..."). Does nothing when not run by it, or built without
/// libsystemd.
void notify_service_manager(const std::string& state);

/// How often systemd wants to hear "WATCHDOG=1" (half of WatchdogSec=), or nullopt when it does not (sd_watchdog_enabled(3)).
[[nodiscard]] std::optional<std::chrono::milliseconds> watchdog_interval();

}  // namespace coldpitch
