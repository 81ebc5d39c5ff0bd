// SPDX-License-Identifier: MIT
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

namespace coldpitch::test {

/// What a process and its descendants used so far, from /proc. Zeros once they are gone.
struct ProcessUsage {
  double cpu_seconds =
      0;  ///< user and system, of ended descendants too; in steps of a clock tick (10 ms as a rule)
  double resident_octets = 0;
  double peak_octets =
      0;  ///< highest resident size; of several processes the sum of each one's, shared pages counted in each
  std::size_t threads = 0;
  std::size_t processes = 0;
};
[[nodiscard]] ProcessUsage usage_of(const std::vector<pid_t>& roots);

/// A program that runs until this object ends: told to stop by SIGTERM, and by SIGKILL ten seconds later.
class StartedProgram {
 public:
  /// `words` is the program and its arguments; what it prints goes to `log_file`. Throws std::runtime_error when it cannot be started.
  StartedProgram(std::vector<std::string> words, const std::string& log_file);
  ~StartedProgram();
  StartedProgram(const StartedProgram&) = delete;
  StartedProgram& operator=(const StartedProgram&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool is_running();

 private:
  pid_t pid_ = -1;
  bool ended_ = false;
};

}  // namespace coldpitch::test
