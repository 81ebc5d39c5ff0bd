// SPDX-License-Identifier: MIT
#pragma once

#include "milter/service.h"
#include "parsers/result.h"

namespace coldpitch {

/// Registers coldpitch's callbacks with libmilter (smfi_register), to be run by smfi_main(). `service` must outlive the process's last
/// callback. One call a process. Error: `permanent` when libmilter refuses.
[[nodiscard]] Result<void> register_callbacks(Service& service);

}  // namespace coldpitch
