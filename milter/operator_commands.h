// SPDX-License-Identifier: MIT
#pragma once

#include "milter/control.h"
#include "milter/reloader.h"
#include "milter/service.h"

namespace coldpitch {

/// What an operator asks a daemon over its control socket. Both must outlive the commands.
///
/// `status`: "ok {...}", one JSON object: version, process, started, state ("running", "stopping"), config (file, loaded, load: "ok" or
/// "refused", problem), policies, rules, history ("none" while it is away), messages, open. No address and nothing of any message.
/// `reload`: "ok", or "error " and the first error when the configuration is refused. Only for root and the daemon's own user, over a
/// Unix socket.
[[nodiscard]] ControlCommands make_operator_commands(Service& service, Reloader& reloader);

}  // namespace coldpitch
