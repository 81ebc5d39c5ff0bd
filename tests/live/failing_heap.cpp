// SPDX-License-Identifier: MIT
// Linked into a coldpitch-milter of the tests: after SIGUSR2, and until the next, operator new fails now and then, once in about
// $COLDPITCH_FAIL_ONE_IN calls, in whatever thread that hits. Not for libmimetic's own calls: what copies a mimetic::Field frees it twice
// when memory runs out in the middle (0.9.8), and nobody outside can prevent that.
#include <execinfo.h>
#include <link.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>

namespace {

volatile std::sig_atomic_t is_failing = 0;
std::uint64_t one_in = 10'000;

std::uintptr_t mimetic_begin = 0;
std::uintptr_t mimetic_end = 0;

int note_mimetic(dl_phdr_info* object, std::size_t /*octets*/, void* /*data*/) {
  if (std::strstr(object->dlpi_name, "libmimetic") == nullptr) return 0;
  mimetic_begin = object->dlpi_addr;
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& part = object->dlpi_phdr[i];
    mimetic_end = std::max<std::uintptr_t>(mimetic_end, object->dlpi_addr + part.p_vaddr + part.p_memsz);
  }
  return 1;
}

/// Also where mimetic has the C++ library allocate for it.
bool is_for_mimetic() {
  std::array<void*, 16> frames{};
  const int count = ::backtrace(frames.data(), static_cast<int>(frames.size()));
  return std::any_of(frames.begin(), frames.begin() + count, [](const void* frame) {
    const auto address = reinterpret_cast<std::uintptr_t>(frame);
    return address >= mimetic_begin && address < mimetic_end;
  });
}

bool fails() {
  thread_local std::uint64_t state = reinterpret_cast<std::uintptr_t>(&state) | 1U;
  state ^= state << 13U;
  state ^= state >> 7U;
  state ^= state << 17U;
  return state % one_in == 0 && !is_for_mimetic();
}

const bool is_set_up = [] {
  dl_iterate_phdr(note_mimetic, nullptr);
  is_for_mimetic();  // its first call allocates
  if (const char* text = std::getenv("COLDPITCH_FAIL_ONE_IN")) one_in = std::strtoull(text, nullptr, 10);
  struct sigaction action {};
  action.sa_handler = [](int) {
    is_failing = is_failing == 0 ? 1 : 0;
    [[maybe_unused]] const auto written = ::write(
        STDERR_FILENO, is_failing != 0 ? "memory fails\n" : "memory is back\n", is_failing != 0 ? 13 : 15);
  };
  action.sa_flags = SA_RESTART;
  sigaction(SIGUSR2, &action, nullptr);
  return true;
}();

}  // namespace

void* operator new(std::size_t octets) {
  void* const block = is_failing != 0 && fails() ? nullptr : std::malloc(octets == 0 ? 1 : octets);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t /*octets*/) noexcept { std::free(block); }
