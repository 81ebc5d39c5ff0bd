// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>

#include "milter/service.h"
#include "parsers/result.h"

namespace coldpitch {

/// Registers coldpitch's callbacks with libmilter (smfi_register), to be run by smfi_main(). `service` must outlive the process's last
/// callback. One call a process. `descriptors` is how many files the process may have open: near it, further connections are closed, and the
/// MTA goes on without this milter. Error: `permanent` when libmilter refuses.
[[nodiscard]] Result<void> register_callbacks(Service& service, std::size_t descriptors);

/// How many connections `descriptors` are enough for.
[[nodiscard]] std::size_t connections_within(std::size_t descriptors);

}  // namespace coldpitch
