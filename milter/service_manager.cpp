// SPDX-License-Identifier: MIT
#include "milter/service_manager.h"

#include <cstdint>

#ifdef COLDPITCH_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace coldpitch {

void notify_service_manager([[maybe_unused]] const std::string& state) {
#ifdef COLDPITCH_HAVE_SYSTEMD
  sd_notify(0, state.c_str());
#endif
}

std::optional<std::chrono::milliseconds> watchdog_interval() {
#ifdef COLDPITCH_HAVE_SYSTEMD
  std::uint64_t microseconds = 0;
  if (sd_watchdog_enabled(0, &microseconds) > 0) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::microseconds(microseconds)) / 2;
  }
#endif
  return std::nullopt;
}

}  // namespace coldpitch
