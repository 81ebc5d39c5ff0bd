// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace coldpitch {

/// The two calls of libmilter the daemon needs beside the callbacks, behind names of our own, so that only callbacks.cpp and
/// edits.cpp see its header. Defined in callbacks.cpp.

/// smfi_setconn and smfi_opensocket; removes a stale Unix socket. False on failure.
[[nodiscard]] bool libmilter_open_socket(const std::string& address);
/// smfi_main: serves until the process ends. False when it ended by a fault.
[[nodiscard]] bool libmilter_run();

}  // namespace coldpitch
