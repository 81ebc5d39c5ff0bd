// SPDX-License-Identifier: MIT
#include "milter/heap.h"

#include <malloc.h>

namespace coldpitch {

#ifdef __GLIBC__
void bound_heap() {
  constexpr int kArenas = 2;
  constexpr int kMappedOctets = 256 * 1024;
  constexpr int kSpareOctets = 1024 * 1024;
  mallopt(M_ARENA_MAX, kArenas);
  mallopt(M_MMAP_THRESHOLD, kMappedOctets);
  mallopt(M_TRIM_THRESHOLD, kSpareOctets);
}

void trim_heap() { malloc_trim(0); }
#else
void bound_heap() {}
void trim_heap() {}
#endif

}  // namespace coldpitch
