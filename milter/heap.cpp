// SPDX-License-Identifier: MIT
#include "milter/heap.h"

#include <malloc.h>

namespace coldpitch {

#ifdef __GLIBC__
void trim_heap() { malloc_trim(0); }
#else
void trim_heap() {}
#endif

}  // namespace coldpitch
