// SPDX-License-Identifier: MIT
#include "tests/bench/process_usage.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

namespace coldpitch::test {
namespace {

struct ProcessTimes {
  pid_t parent = 0;
  double ticks = 0;
};

/// proc(5), /proc/pid/stat; what stands behind the command, which may hold anything.
ProcessTimes times_of(const std::filesystem::path& folder) {
  std::ifstream file(folder / "stat");
  std::string line;
  std::getline(file, line);
  const std::size_t end = line.rfind(')');
  if (end == std::string::npos) return {};
  std::istringstream fields(line.substr(end + 1));
  ProcessTimes times;
  std::string state;
  fields >> state >> times.parent;
  double skipped = 0;
  for (int i = 0; i < 9; ++i) fields >> skipped;
  for (int i = 0; i < 4; ++i) {  // utime, stime, cutime, cstime
    double ticks = 0;
    fields >> ticks;
    times.ticks += ticks;
  }
  return times;
}

void add_status(const std::filesystem::path& folder, ProcessUsage& usage) {
  std::ifstream file(folder / "status");
  std::string name;
  double value = 0;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    if (!(fields >> name >> value)) continue;
    if (name == "VmRSS:") usage.resident_octets += value * 1024;
    if (name == "VmHWM:") usage.peak_octets += value * 1024;
    if (name == "Threads:") usage.threads += static_cast<std::size_t>(value);
  }
}

std::map<pid_t, ProcessTimes> all_processes() {
  std::map<pid_t, ProcessTimes> all;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    all.emplace(static_cast<pid_t>(std::strtol(name.c_str(), nullptr, 10)), times_of(entry.path()));
  }
  return all;
}

}  // namespace

ProcessUsage usage_of(const std::vector<pid_t>& roots) {
  const std::map<pid_t, ProcessTimes> all = all_processes();
  const double ticks_per_second = static_cast<double>(::sysconf(_SC_CLK_TCK));
  ProcessUsage usage;
  for (const auto& [pid, times] : all) {
    pid_t at = pid;
    while (at > 1 && std::find(roots.begin(), roots.end(), at) == roots.end()) {
      const auto found = all.find(at);
      at = found == all.end() ? 0 : found->second.parent;
    }
    if (at <= 1) continue;
    usage.cpu_seconds += times.ticks / ticks_per_second;
    ++usage.processes;
    add_status("/proc/" + std::to_string(pid), usage);
  }
  return usage;
}

StartedProgram::StartedProgram(std::vector<std::string> words, const std::string& log_file) {
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                   0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  const int error = ::posix_spawnp(&pid_, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0)
    throw std::runtime_error("cannot start " + words[0] + ": " + std::generic_category().message(error));
}

bool StartedProgram::is_running() {
  if (!ended_) ended_ = ::waitpid(pid_, nullptr, WNOHANG) == pid_;
  return !ended_;
}

StartedProgram::~StartedProgram() {
  if (!is_running()) return;
  ::kill(pid_, SIGTERM);
  for (int i = 0; i < 1000; ++i) {
    if (!is_running()) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace coldpitch::test
