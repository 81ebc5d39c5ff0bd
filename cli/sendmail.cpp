// SPDX-License-Identifier: MIT
#include "cli/sendmail.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace coldpitch {
namespace {

Error sendmail_error(const std::string& program, const std::string& what) {
  return {Code::temporary, 0, program + ": " + what};
}

/// A program that does not read to the end must not end us.
class WithoutPipeSignal {
 public:
  WithoutPipeSignal() {
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &ignore, &before_);
  }
  ~WithoutPipeSignal() { ::sigaction(SIGPIPE, &before_, nullptr); }
  WithoutPipeSignal(const WithoutPipeSignal&) = delete;
  WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

 private:
  struct sigaction before_ {};
};

bool write_all(int descriptor, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t written = ::write(descriptor, octets.data(), octets.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Starts the program with its standard input at `input`. Returns an errno.
int start(const std::string& program, const std::string& sender, const std::string& recipient, int input,
          pid_t& pid) {
  std::array<std::string, 6> words{program, "-i", "-f", sender, "--", recipient};
  std::array<char*, 7> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  posix_spawn_file_actions_t actions{};
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO);
  const int failure = ::posix_spawn(&pid, program.c_str(), &actions, nullptr, arguments.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  return failure;
}

}  // namespace

Result<void> hand_to_sendmail(const std::string& program, const std::string& sender,
                              const std::string& recipient, std::string_view message) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return tl::unexpected(sendmail_error(program, std::generic_category().message(errno)));
  }
  pid_t pid = 0;
  const int failure = start(program, sender, recipient, ends[0], pid);
  ::close(ends[0]);
  if (failure != 0) {
    ::close(ends[1]);
    return tl::unexpected(sendmail_error(program, std::generic_category().message(failure)));
  }
  const WithoutPipeSignal guard;
  const bool written = write_all(ends[1], message);
  ::close(ends[1]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return tl::unexpected(sendmail_error(
        program, WIFEXITED(status) ? "failed with status " + std::to_string(WEXITSTATUS(status))
                                   : "was ended by a signal"));
  }
  if (!written) return tl::unexpected(sendmail_error(program, "did not take the message"));
  return {};
}

}  // namespace coldpitch
