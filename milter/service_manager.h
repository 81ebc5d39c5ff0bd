// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace coldpitch {

/// sd_notify(3): tells systemd `state` ("READY=1", "RELOADING=1", "STATUS=..."). Does nothing when not run by it, or built without
/// libsystemd.
void notify_service_manager(const std::string& state);

}  // namespace coldpitch
