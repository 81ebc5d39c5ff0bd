// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/result.h"

namespace coldpitch {

/// A temporary file without a name ($TMPDIR, else /tmp): gone when closed, whatever happens. For what would be too large for memory.
/// Movable. Reading is thread-safe.
class Spool {
 public:
  /// Errors: `temporary` with the reason.
  [[nodiscard]] static Result<Spool> make();
  Spool(Spool&& other) noexcept;
  Spool& operator=(Spool&& other) noexcept;
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  Result<void> append(std::string_view octets);
  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] int descriptor() const { return descriptor_; }

 private:
  explicit Spool(int descriptor) : descriptor_(descriptor) {}

  int descriptor_ = -1;
  std::uint64_t size_ = 0;
};

/// Reads up to `octets` from `offset` of an open file; fewer at its end. Errors: `temporary`.
[[nodiscard]] Result<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t octets);

/// The same of a file by name. Errors: `permanent` when it cannot be opened.
[[nodiscard]] Result<std::string> read_file_at(const std::string& path, std::uint64_t offset,
                                               std::size_t octets);

}  // namespace coldpitch
