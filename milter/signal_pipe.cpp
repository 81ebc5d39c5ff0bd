// SPDX-License-Identifier: MIT
#include "milter/signal_pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <utility>

namespace coldpitch {
namespace {

constexpr std::array<int, 4> kSignals{SIGHUP, SIGUSR1, SIGTERM, SIGINT};

// A signal handler has no other way to its data.
std::atomic<int> write_end{-1};

void pass_on(int signal) {
  const int saved = errno;
  const auto octet = static_cast<unsigned char>(signal);
  // A full pipe already holds signals enough to be looked at.
  [[maybe_unused]] const ssize_t written = ::write(write_end, &octet, 1);
  errno = saved;
}

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kSignals) sigaddset(&set, signal);
  return set;
}

}  // namespace

// In place of the C library's, for the whole process. libmilter's thread waits for SIGHUP and SIGTERM in it and stops serving when it gets one,
// and the kernel gives it any that comes while the handler above runs: one reload among many would end the daemon. Other signals (libpq
// waits for SIGPIPE) are waited for as ever.
extern "C" __attribute__((visibility("default"))) int sigwait(const sigset_t* set, int* signal) {
  sigset_t others = *set;
  for (const int ours : kSignals) sigdelset(&others, ours);
  for (;;) {
    const int got = sigwaitinfo(&others, nullptr);
    if (got > 0) {
      *signal = got;
      return 0;
    }
    if (errno != EINTR) return errno;
  }
}

Result<SignalPipe> SignalPipe::open() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return tl::unexpected(Error{Code::permanent, 0, "cannot make a pipe for signals"});
  }
  write_end = ends[1];
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  struct sigaction action {};
  action.sa_handler = pass_on;
  action.sa_flags = SA_RESTART;
  for (const int signal : kSignals) sigaction(signal, &action, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return SignalPipe(ends[0]);
}

SignalPipe::SignalPipe(SignalPipe&& other) noexcept : read_end_(std::exchange(other.read_end_, -1)) {}

SignalPipe::~SignalPipe() {
  if (read_end_ >= 0) ::close(read_end_);
}

void SignalPipe::unblock() const {
  const sigset_t set = handled_signals();
  pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

std::optional<int> SignalPipe::wait(int other_fd, std::optional<std::chrono::milliseconds> limit) const {
  std::array<pollfd, 2> watched{{{read_end_, POLLIN, 0}, {other_fd, POLLIN, 0}}};
  for (;;) {
    const int ready = ::poll(watched.data(), watched.size(), limit ? static_cast<int>(limit->count()) : -1);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return kNothing;
    unsigned char octet = 0;
    if (::read(read_end_, &octet, 1) == 1) return octet;
    if (watched[1].revents != 0) return std::nullopt;
  }
}

}  // namespace coldpitch
