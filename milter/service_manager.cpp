// SPDX-License-Identifier: MIT
#include "milter/service_manager.h"

#ifdef COLDPITCH_HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

namespace coldpitch {

void notify_service_manager([[maybe_unused]] const std::string& state) {
#ifdef COLDPITCH_HAVE_SYSTEMD
  sd_notify(0, state.c_str());
#endif
}

}  // namespace coldpitch
