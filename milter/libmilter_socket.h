// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace coldpitch {

/// The three calls of libmilter the daemon needs beside the callbacks, behind names of our own, so that only callbacks.cpp and
/// edits.cpp see its header. Defined in callbacks.cpp.

/// smfi_setconn and smfi_opensocket; removes a stale Unix socket. False on failure.
[[nodiscard]] bool libmilter_open_socket(const std::string& address);
/// smfi_main: serves until libmilter_stop(). False when it ended by a fault.
[[nodiscard]] bool libmilter_run();
/// smfi_stop: sessions under way are abandoned, so drain first.
void libmilter_stop();

}  // namespace coldpitch
