// SPDX-License-Identifier: MIT
#include "cli/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace coldpitch {
namespace {

tl::unexpected<Error> failure(const std::string& program, int error) {
  return tl::unexpected(
      Error{Code::permanent, 0, "cannot run " + program + ": " + std::generic_category().message(error)});
}

/// Reads both ends until they are closed.
void read_all(std::array<int, 2> ends, ProgramOutput& output) {
  std::array<std::string*, 2> texts{&output.out, &output.errors};
  std::array<pollfd, 2> watched{{{ends[0], POLLIN, 0}, {ends[1], POLLIN, 0}}};
  while (watched[0].fd >= 0 || watched[1].fd >= 0) {
    if (::poll(watched.data(), watched.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i = 0; i < watched.size(); ++i) {
      if (watched[i].fd < 0 || watched[i].revents == 0) continue;
      std::array<char, 4096> block{};
      const ssize_t got = ::read(watched[i].fd, block.data(), block.size());
      if (got > 0) {
        texts[i]->append(block.data(), static_cast<std::size_t>(got));
      } else if (got == 0 || errno != EINTR) {
        ::close(watched[i].fd);
        watched[i].fd = -1;
      }
    }
  }
}

}  // namespace

Result<ProgramOutput> run_program(const std::vector<std::string>& words) {
  std::array<int, 2> out{}, errors{};
  if (::pipe2(out.data(), O_CLOEXEC) != 0) return failure(words.front(), errno);
  if (::pipe2(errors.data(), O_CLOEXEC) != 0) return failure(words.front(), errno);
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, out[1], 1);
  posix_spawn_file_actions_adddup2(&actions, errors[1], 2);
  std::vector<std::string> copies = words;
  std::vector<char*> arguments;
  arguments.reserve(copies.size() + 1);
  for (std::string& word : copies) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawnp(&child, words.front().c_str(), &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(out[1]);
  ::close(errors[1]);
  if (error != 0) {
    ::close(out[0]);
    ::close(errors[0]);
    return failure(words.front(), error);
  }
  ProgramOutput output;
  read_all({out[0], errors[0]}, output);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  output.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return output;
}

}  // namespace coldpitch
