// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

namespace coldpitch::test {

/// What operator new was asked for since the program began. C libraries' own calls of malloc are not counted.
struct HeapUse {
  std::uint64_t allocations = 0;
  std::uint64_t octets = 0;
};

/// Of all threads. Only in programs that link counting_heap.cpp, whose operator new counts.
[[nodiscard]] HeapUse heap_use();

}  // namespace coldpitch::test
