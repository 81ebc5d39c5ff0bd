// SPDX-License-Identifier: MIT
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <utility>

namespace coldpitch {

/// Runs `work` (which returns an exit status below 100) in a process that file permissions bind: a test run by root would see none.
/// Returns that status, or one of 100 and above when it could not be had.
template <class Work>
int run_unprivileged(Work&& work) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = ::fork();
  if (child < 0) return 100;
  if (child == 0) {
    if (::geteuid() == 0 && ::setuid(kNobody) != 0) ::_exit(101);
    ::_exit(std::forward<Work>(work)());
  }
  int status = 0;
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 102;
  return WEXITSTATUS(status);
}

}  // namespace coldpitch
