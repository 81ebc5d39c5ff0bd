// SPDX-License-Identifier: MIT
#include "cli/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace coldpitch {
namespace {

Error error_now(Code code) { return {code, 0, std::generic_category().message(errno)}; }

}  // namespace

Result<Spool> Spool::make() {
  const char* folder = std::getenv("TMPDIR");
  std::string name =
      std::string(folder == nullptr || *folder == '\0' ? "/tmp" : folder) + "/coldpitch-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) {
    Error error = error_now(Code::temporary);
    error.detail = "no temporary file " + name + ": " + error.detail + "; set TMPDIR to a folder with room";
    return tl::unexpected(std::move(error));
  }
  ::unlink(name.c_str());
  return Spool(descriptor);
}

Spool::Spool(Spool&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), size_(std::exchange(other.size_, 0)) {}

Spool& Spool::operator=(Spool&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(size_, other.size_);
  return *this;
}

Spool::~Spool() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<void> Spool::append(std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor_, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      Error error = error_now(Code::temporary);
      error.detail = "temporary file: " + error.detail + "; set TMPDIR to a folder with room";
      return tl::unexpected(std::move(error));
    }
    octets.remove_prefix(static_cast<std::size_t>(written));
    size_ += static_cast<std::size_t>(written);
  }
  return {};
}

Result<std::string> read_at(int descriptor, std::uint64_t offset, std::size_t octets) {
  std::string text(octets, '\0');
  std::size_t have = 0;
  while (have < octets) {
    const ssize_t got =
        ::pread(descriptor, text.data() + have, octets - have, static_cast<off_t>(offset + have));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return tl::unexpected(error_now(Code::temporary));
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  text.resize(have);
  return text;
}

Result<std::string> read_file_at(const std::string& path, std::uint64_t offset, std::size_t octets) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return tl::unexpected(error_now(Code::permanent));
  Result<std::string> text = read_at(descriptor, offset, octets);
  ::close(descriptor);
  return text;
}

}  // namespace coldpitch
