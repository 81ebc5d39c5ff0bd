// SPDX-License-Identifier: MIT
#include "tests/support/postgres_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "history/postgres_connection.h"

namespace coldpitch::test {
namespace {

using namespace std::chrono_literals;

constexpr uid_t kNobody = 65534;
constexpr auto kPatience = 60s;

int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool known = ::bind(descriptor, generic, size) == 0 && ::getsockname(descriptor, generic, &size) == 0;
  ::close(descriptor);
  if (!known) throw std::runtime_error("no free port");
  return ntohs(address.sin_port);
}

/// A child that does not outlive us.
pid_t spawn(const std::vector<std::string>& command, const std::string& folder) {
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::string log = folder + "/log";
  const pid_t child = ::fork();
  if (child != 0) return child;
  if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(101);
  ::prctl(PR_SET_PDEATHSIG, SIGQUIT);
  const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(output, STDOUT_FILENO);
  ::dup2(output, STDERR_FILENO);
  if (::chdir(folder.c_str()) != 0) ::_exit(102);
  ::execv(arguments.front(), arguments.data());
  ::_exit(103);
}

Deadline soon() { return std::chrono::steady_clock::now() + kPatience; }

/// The parent of a process, 0 when it is gone.
pid_t parent_of(const std::string& process) {
  std::ifstream file("/proc/" + process + "/status");
  std::string word;
  while (file >> word) {
    pid_t parent = 0;
    if (word == "PPid:" && file >> parent) return parent;
  }
  return 0;
}

}  // namespace

PostgresServer::PostgresServer() : port_(free_port()) {
  if (::geteuid() == 0 && ::chown(folder_.path().c_str(), kNobody, kNobody) != 0) {
    throw std::runtime_error("cannot give the folder away");
  }
  run({COLDPITCH_POSTGRES_BIN "/initdb", "-D", (folder_ / "data").string(), "-U", "coldpitch", "-A", "trust",
       "-E", "UTF8", "--locale=C", "--no-sync"});
  start();
}

PostgresServer::~PostgresServer() { kill(); }

void PostgresServer::run(const std::vector<std::string>& command) {
  int status = 0;
  const pid_t child = spawn(command, folder_.path().string());
  if (child < 0 || ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    std::ifstream log(folder_ / "log");
    const std::string text((std::istreambuf_iterator<char>(log)), {});
    throw std::runtime_error(command.front() + " failed: " + text);
  }
}

void PostgresServer::start() {
  const std::string folder = folder_.path().string();
  std::vector<std::string> command = {
      COLDPITCH_POSTGRES_BIN "/postgres", "-D", folder + "/data", "-k", folder, "-p", std::to_string(port_)};
  for (const char* setting : {"listen_addresses=127.0.0.1", "fsync=off", "full_page_writes=off",
                              "shared_buffers=32MB", "max_connections=100", "autovacuum=off"}) {
    command.insert(command.end(), {"-c", setting});
  }
  process_ = spawn(command, folder);
  const Deadline deadline = soon();
  while (!PostgresConnection::open(socket_uri("public"))) {
    if (std::chrono::steady_clock::now() > deadline || ::waitpid(process_, nullptr, WNOHANG) != 0) {
      std::ifstream log(folder_ / "log");
      const std::string text((std::istreambuf_iterator<char>(log)), {});
      throw std::runtime_error("the server does not start: " + text);
    }
    std::this_thread::sleep_for(20ms);
  }
}

/// The server's own processes, and nobody else's.
void PostgresServer::signal_all(int signal) const {
  if (process_ <= 0) return;
  std::vector<pid_t> processes = {process_};
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    if (parent_of(name) == process_) processes.push_back(std::stoi(name));
  }
  for (const pid_t process : processes) ::kill(process, signal);
}

void PostgresServer::kill() {
  if (process_ <= 0) return;
  signal_all(SIGKILL);
  ::waitpid(process_, nullptr, 0);
  process_ = -1;
}

std::string PostgresServer::socket_uri(const std::string& schema) const {
  return "host=" + folder_.path().string() + " port=" + std::to_string(port_) +
         " user=coldpitch dbname=postgres options=-csearch_path=" + schema;
}

std::string PostgresServer::tcp_uri(const std::string& schema) const {
  return "postgresql://coldpitch@127.0.0.1:" + std::to_string(port_) + "/postgres?options=-csearch_path%3D" +
         schema;
}

std::string PostgresServer::fresh_schema() {
  const std::string schema = "test_" + std::to_string(++schemas_);
  query("public", "CREATE SCHEMA " + schema);
  return schema;
}

std::string PostgresServer::query(const std::string& schema, const std::string& sql) const {
  Result<PostgresConnection> connection = PostgresConnection::open(socket_uri(schema));
  if (!connection) throw std::runtime_error(connection.error().detail);
  const Result<PostgresRows> rows = connection->execute(sql, soon());
  if (!rows) throw std::runtime_error(rows.error().detail);
  return rows->size() == 0 ? std::string() : rows->text(0, 0);
}

}  // namespace coldpitch::test
