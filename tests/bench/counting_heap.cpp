// SPDX-License-Identifier: MIT
#include "tests/bench/counting_heap.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::uint64_t> allocations{0};
std::atomic<std::uint64_t> allocated_octets{0};

}  // namespace

void* operator new(std::size_t octets) {
  allocations.fetch_add(1, std::memory_order_relaxed);
  allocated_octets.fetch_add(octets, std::memory_order_relaxed);
  void* const block = std::malloc(octets == 0 ? 1 : octets);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t /*octets*/) noexcept { std::free(block); }

namespace coldpitch::test {

HeapUse heap_use() { return {allocations, allocated_octets}; }

}  // namespace coldpitch::test
