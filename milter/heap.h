// SPDX-License-Identifier: MIT
#pragma once

namespace coldpitch {

/// Bounds what the C library keeps of freed memory. By itself it makes up to eight heaps for each core, and each keeps what the largest
/// message in it took; now there are two, and buffers of a large message go back to the system at once. Call it before other threads
/// are started.
void bound_heap();

/// Gives the system what is free in the heap but kept for later: loading a configuration takes far more than what remains of it. Takes
/// milliseconds. Thread-safe; without effect where the C library has no such function.
void trim_heap();

}  // namespace coldpitch
