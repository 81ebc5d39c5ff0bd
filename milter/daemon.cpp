// SPDX-License-Identifier: MIT
#include "milter/daemon.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>
#include <utility>

#include "milter/callbacks.h"
#include "milter/control.h"
#include "milter/heap.h"
#include "milter/housekeeping.h"
#include "milter/libmilter_socket.h"
#include "milter/listening_socket.h"
#include "milter/log.h"
#include "milter/memory.h"
#include "milter/operator_commands.h"
#include "milter/reloader.h"
#include "milter/service.h"
#include "milter/service_manager.h"
#include "milter/signal_pipe.h"

namespace coldpitch {
namespace {

constexpr int kExitFailed = 1;
constexpr int kExitBadConfig = 2;
/// Time for libmilter to hand out its last answers after the last callback returned.
constexpr std::chrono::milliseconds kLastAnswers{500};
constexpr std::chrono::minutes kFirstHousekeeping{1};
constexpr std::chrono::hours kHousekeeping{1};
/// No judgement takes so long, whatever the limits say.
constexpr std::chrono::seconds kLongestWork{30};
/// Where the system sets none: tables of all descriptors, open or not, would become huge.
constexpr rlim_t kMostDescriptors = 1U << 16U;

TimePoint system_now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

/// smfi_main in a thread of its own; the pipe tells when it ended.
class Listener {
 public:
  explicit Listener(std::array<int, 2> ends) : ends_(ends), thread_([this] { run(); }) {}
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() {
    thread_.join();
    ::close(ends_[0]);
  }

  [[nodiscard]] int ended_fd() const { return ends_[0]; }

 private:
  void run() {
    // Nobody asks it to end.
    log_error(libmilter_run() ? "event=fault kind=listener detail=\"libmilter stopped by itself\""
                              : "event=fault kind=listener detail=\"libmilter ended by a fault\"");
    ::close(ends_[1]);
  }

  std::array<int, 2> ends_;
  std::thread thread_;
};

/// Absent when none is configured. One that cannot be opened is no reason to let mail pass unjudged.
std::unique_ptr<ControlServer> open_control(Service& service, Reloader& reloader, const Config& config) {
  if (!config.control_listen) return nullptr;
  ControlOptions options;
  options.listen = *config.control_listen;
  options.group = config.socket_group;
  options.body_octets = config.limits.message_octets + 1;
  options.is_allowed = [&service](std::string_view address) {
    return service.snapshot()->config.is_internal_client(address);
  };
  ControlCommands commands = make_control_commands(service);
  commands.merge(make_operator_commands(service, reloader));
  Result<std::unique_ptr<ControlServer>> server =
      ControlServer::start(std::move(options), std::move(commands));
  if (server) return std::move(*server);
  log_error("event=fault kind=control detail=" + log_value(server.error().detail));
  service.metrics().count_fault("control");
  return nullptr;
}

bool is_stop(int signal) { return signal == SIGTERM || signal == SIGINT; }

/// Serves until told to stop. Does not return by the normal way out of main: libmilter's workers may still be about, and must
/// not meet destroyed globals. smfi_stop() is not called: it waits up to five seconds for the listener's poll, in which mail
/// would go unjudged, and what it ends, draining has ended already.
[[noreturn]] void serve(Service& service, const ListeningSocket& socket, const SignalPipe& signals,
                        const std::string& config_file) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) std::_Exit(kExitFailed);
  const Listener listener(ends);
  Reloader reloader(service, config_file, notify_service_manager);
  std::unique_ptr<ControlServer> control = open_control(service, reloader, service.snapshot()->config);
  auto housekeeping = std::make_unique<Housekeeping>(service, kFirstHousekeeping, kHousekeeping);
  signals.unblock();
  notify_service_manager("READY=1\nSTATUS=running");
  log_info("event=ready listen=" + service.snapshot()->config.listen.for_libmilter());
  const std::optional<std::chrono::milliseconds> watchdog = watchdog_interval();
  int status = EXIT_SUCCESS;
  for (;;) {
    const std::optional<int> signal = signals.wait(listener.ended_fd(), watchdog);
    if (signal == SignalPipe::kNothing) {
      // A judgement that hangs is not fed: systemd then restarts the daemon, and the MTA delivers meanwhile.
      if (service.work_watch().makes_progress(kLongestWork)) notify_service_manager("WATCHDOG=1");
      continue;
    }
    if (!signal) {
      status = kExitFailed;
      break;
    }
    if (is_stop(*signal)) break;
    // Signals that came meanwhile ask for the same reload; a stop among them is not kept waiting by it.
    std::optional<int> next;
    do {
      next = signals.wait(listener.ended_fd(), std::chrono::milliseconds(0));
    } while (next && *next != SignalPipe::kNothing && !is_stop(*next));
    if (next && is_stop(*next)) break;
    reloader.reload();
  }
  notify_service_manager("STOPPING=1");
  socket.retire();
  control.reset();
  service.start_draining();
  const bool idle = service.wait_until_idle(service.snapshot()->config.drain);
  std::this_thread::sleep_for(kLastAnswers);
  housekeeping.reset();
  if (const Memory memory = service.memory(); memory.available() && !memory.store->flush()) {
    log_error("event=fault kind=history detail=\"the last events could not be written\"");
  }
  log_info(idle ? "event=stopped result=ok" : "event=stopped result=\"transactions were left open\"");
  std::_Exit(status);
}

/// It could not be opened, or a damaged one was set aside.
void tell_of_history(Service& service, const std::string& what) {
  const std::string_view kind = service.misses_history() ? "history-open" : "history-damaged";
  log_error("event=fault kind=" + std::string(kind) + " detail=" + log_value(what));
  service.metrics().count_fault(kind);
  service.metrics().set_history(0, service.misses_history());
}

/// Raises the limit of open files to the most this process may ask for, and returns it. A login shell's is too low for a busy MTA.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return SIZE_MAX;
  const rlim_t before = std::exchange(limit.rlim_cur, std::min(limit.rlim_max, kMostDescriptors));
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) limit.rlim_cur = before;
  return limit.rlim_cur;
}

void warn_of_few_descriptors(std::size_t descriptors, std::size_t connections) {
  if (connections <= connections_within(descriptors)) return;
  log_warning("event=config detail=\"limits.connections is " + std::to_string(connections) +
              ", and the limit of open files (LimitNOFILE), " + std::to_string(descriptors) +
              ", is enough for " + std::to_string(connections_within(descriptors)) + "\"");
}

bool refuses_root(const DaemonOptions& options) {
  if (::geteuid() != 0 || options.allow_root) return false;
  std::fputs(
      "coldpitch-milter: refusing to run as root: it needs no right of root's.\n"
      "Run it as a user of its own (the service unit does), or give --allow-root inside a container.\n",
      stderr);
  return true;
}

}  // namespace

int run_daemon(const DaemonOptions& options) {
  if (refuses_root(options)) return kExitFailed;
  bound_heap();
  std::vector<Diagnostic> diagnostics;
  std::shared_ptr<const Snapshot> snapshot = load_snapshot(options.config_file, diagnostics);
  trim_heap();
  if (!diagnostics.empty()) std::fputs(format(diagnostics).c_str(), stderr);
  if (snapshot == nullptr) return kExitBadConfig;
  const Config config = snapshot->config;
  set_log_level(config.log_level);

  const Result<SignalPipe> signals = SignalPipe::open();
  if (!signals) return kExitFailed;
  OpenedMemory memory = open_memory(config.history);
  Service service(std::move(snapshot), std::move(memory.store), std::move(memory.keyring), system_now);
  if (!memory.warning.empty()) tell_of_history(service, memory.warning);
  if (config.metrics_listen) {
    if (auto served =
            service.metrics().serve(*config.metrics_listen, [&service] { return !service.draining(); });
        !served) {
      log_error("event=fault kind=metrics detail=" + log_value(served.error().detail));
      return kExitFailed;
    }
  }
  const std::size_t descriptors = raise_descriptor_limit();
  warn_of_few_descriptors(descriptors, config.limits.connections);
  if (auto registered = register_callbacks(service, descriptors); !registered) {
    log_error("event=fault detail=" + log_value(registered.error().detail));
    return kExitFailed;
  }
  const Result<ListeningSocket> socket = ListeningSocket::open(config);
  if (!socket) {
    log_error("event=fault kind=socket detail=" + log_value(socket.error().detail));
    return kExitFailed;
  }
  serve(service, *socket, *signals, options.config_file);
}

}  // namespace coldpitch
