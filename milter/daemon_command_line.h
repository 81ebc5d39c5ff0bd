// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include "milter/daemon.h"

namespace CLI {
class App;
}

namespace coldpitch {

/// The command line of coldpitch-milter: what its main() parses into `options`, which must outlive the result, and what its man page is
/// written from.
[[nodiscard]] std::unique_ptr<CLI::App> make_daemon_command_line(DaemonOptions& options);

}  // namespace coldpitch
