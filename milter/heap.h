// SPDX-License-Identifier: MIT
#pragma once

namespace coldpitch {

/// Gives the system what is free in the heap but kept for later: loading a configuration takes far more than what remains of it. Takes
/// milliseconds. Thread-safe; without effect where the C library has no such function.
void trim_heap();

}  // namespace coldpitch
