// SPDX-License-Identifier: MIT
#include "cli/output_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <system_error>

namespace coldpitch {
namespace {

Error error_now(const std::string& path) {
  return {Code::permanent, 0, path + ": " + std::generic_category().message(errno)};
}

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// A device or a pipe is written to, not replaced.
bool is_special(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
}

}  // namespace

Result<void> write_output(const std::string& path, std::string_view octets) {
  if (path == "-") {
    std::cout << octets << std::flush;
    return std::cout ? Result<void>()
                     : tl::unexpected(Error{Code::permanent, 0, "standard output: write error"});
  }
  if (is_special(path)) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    if (file == nullptr) return tl::unexpected(error_now(path));
    const bool done = std::fwrite(octets.data(), 1, octets.size(), file) == octets.size();
    return std::fclose(file) == 0 && done ? Result<void>() : tl::unexpected(error_now(path));
  }
  std::string beside = path + ".XXXXXX";
  const int descriptor = ::mkstemp(beside.data());
  if (descriptor < 0) return tl::unexpected(error_now(path));
  const bool written = write_all(descriptor, octets);
  const bool closed = ::close(descriptor) == 0;
  if (written && closed && std::rename(beside.c_str(), path.c_str()) == 0) return {};
  const Error error = error_now(path);
  ::unlink(beside.c_str());
  return tl::unexpected(error);
}

}  // namespace coldpitch
