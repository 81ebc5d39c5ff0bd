// SPDX-License-Identifier: MIT
#include "milter/control.h"

#include <fcntl.h>
#include <grp.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <exception>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "milter/learning.h"
#include "milter/log.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxLine = 4096;
constexpr std::size_t kThreads = 4;
constexpr int kBacklog = 16;
constexpr std::chrono::seconds kLastWord{1};

tl::unexpected<Error> failure(Code code, std::string what) {
  return tl::unexpected(Error{code, 0, std::move(what)});
}

std::string reason() { return std::generic_category().message(errno); }

class Socket {
 public:
  explicit Socket(int number = -1) : number_(number) {}
  Socket(Socket&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Socket& operator=(Socket&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Socket() {
    if (number_ >= 0) ::close(number_);
  }
  [[nodiscard]] int get() const { return number_; }

 private:
  int number_;
};

/// Waits until `socket` is ready for `events`, at most until `deadline`.
bool wait_for(int socket, short events, Clock::time_point deadline) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd poll_for{socket, events, 0};
    const int ready = ::poll(&poll_for, 1, static_cast<int>(left));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
}

/// What is sent until a line end, and what came behind it. nullopt when the peer goes away, is slow or says too much.
class Reader {
 public:
  Reader(int socket, Clock::time_point deadline) : socket_(socket), deadline_(deadline) {}

  std::optional<std::string> line() {
    while (true) {
      if (const std::size_t end = pending_.find('\n'); end != std::string::npos) {
        std::string line = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        if (line.ends_with('\r')) line.pop_back();
        return line;
      }
      if (pending_.size() > kMaxLine || !more()) return std::nullopt;
    }
  }

  std::optional<std::string> octets(std::size_t count) {
    while (pending_.size() < count) {
      if (!more()) return std::nullopt;
    }
    pending_.resize(count);
    return std::move(pending_);
  }

 private:
  bool more() {
    std::array<char, 16384> buffer;
    if (!wait_for(socket_, POLLIN, deadline_)) return false;
    const ssize_t count = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) return true;
    if (count <= 0) return false;
    pending_.append(buffer.data(), static_cast<std::size_t>(count));
    return true;
  }

  int socket_;
  Clock::time_point deadline_;
  std::string pending_;
};

bool send_all(int socket, std::string_view octets, Clock::time_point deadline) {
  while (!octets.empty()) {
    if (!wait_for(socket, POLLOUT, deadline)) return false;
    const ssize_t count = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (count < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (count > 0) octets.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Addresses resolve(const ListenAddress& address, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const std::string port = std::to_string(address.port);
  if (::getaddrinfo(address.host.empty() ? nullptr : address.host.c_str(), port.c_str(), &hints, &list) != 0)
    return {};
  return Addresses(list);
}

std::optional<sockaddr_un> unix_address(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return std::nullopt;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Result<Socket> connect_to(const ListenAddress& address) {
  if (address.kind == ListenAddress::Kind::unix_socket) {
    const auto target = unix_address(address.path);
    Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!target || socket.get() < 0) return failure(Code::temporary, "no socket for " + address.path);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&*target), sizeof *target) == 0)
      return socket;
    return failure(Code::temporary, "cannot connect to " + address.path + ": " + reason());
  }
  const Addresses list = resolve(address, 0);
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    Socket socket(::socket(entry->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (socket.get() >= 0 && ::connect(socket.get(), entry->ai_addr, entry->ai_addrlen) == 0) return socket;
  }
  return failure(Code::temporary, "cannot connect to " + address.for_postfix() + ": " + reason());
}

Result<Socket> listen_at_path(const std::string& path, const std::string& group) {
  const auto address = unix_address(path);
  if (!address) return failure(Code::permanent, "the path of the control socket is too long");
  ListenAddress there;
  there.path = path;
  if (connect_to(there)) return failure(Code::permanent, "another coldpitch-milter serves " + path);
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode)) ::unlink(path.c_str());
  Socket socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  const mode_t before = ::umask(0777);
  const bool bound = socket.get() >= 0 &&
                     ::bind(socket.get(), reinterpret_cast<const sockaddr*>(&*address), sizeof *address) == 0;
  ::umask(before);
  if (!bound) return failure(Code::permanent, "cannot make the control socket " + path + ": " + reason());
  if (!group.empty()) {
    const struct group* entry = ::getgrnam(group.c_str());
    if (entry == nullptr || ::chown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0) {
      return failure(Code::permanent, "cannot give " + path + " to group " + group);
    }
  }
  if (::chmod(path.c_str(), 0660) != 0)
    return failure(Code::permanent, "cannot set the mode of " + path + ": " + reason());
  return socket;
}

Result<Socket> listen_at_port(const ListenAddress& address) {
  const Addresses list = resolve(address, AI_PASSIVE);
  for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
    Socket socket(::socket(entry->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int on = 1;
    if (socket.get() < 0) continue;
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(socket.get(), entry->ai_addr, entry->ai_addrlen) == 0) return socket;
  }
  return failure(Code::permanent, "cannot listen at " + address.for_postfix() + ": " + reason());
}

/// The address of a TCP peer in numbers, "" for others.
std::string peer_of(const sockaddr_storage& address, socklen_t size) {
  std::array<char, NI_MAXHOST> host{};
  const auto* peer = reinterpret_cast<const sockaddr*>(&address);
  if (::getnameinfo(peer, size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST) != 0) return {};
  return host.data();
}

/// Who is at the other end of a Unix socket (unix(7)).
std::optional<unsigned> user_of(int peer) {
  ucred credentials{};
  socklen_t size = sizeof credentials;
  if (::getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return std::nullopt;
  // Of a TCP socket the kernel tells no process.
  if (credentials.pid == 0 && credentials.uid == static_cast<uid_t>(-1)) return std::nullopt;
  return credentials.uid;
}

std::string on_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char octet) { return octet == '\n' || octet == '\r'; }, ' ');
  return text;
}

}  // namespace

struct ControlServer::Parts {
  ControlOptions options;
  ControlCommands commands;
  Socket listening;
  std::array<int, 2> stop{-1, -1};
  std::vector<std::thread> threads;

  void run() {
    while (true) {
      std::array<pollfd, 2> wait{pollfd{listening.get(), POLLIN, 0}, pollfd{stop[0], POLLIN, 0}};
      if (::poll(wait.data(), wait.size(), -1) < 0 && errno != EINTR) return;
      if (wait[1].revents != 0) return;
      if (wait[0].revents == 0) continue;
      sockaddr_storage address{};
      socklen_t size = sizeof address;
      const Socket peer(::accept4(listening.get(), reinterpret_cast<sockaddr*>(&address), &size,
                                  SOCK_CLOEXEC | SOCK_NONBLOCK));
      // Another thread may have been first; without descriptors a pause helps.
      if (peer.get() < 0) {
        if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(std::chrono::milliseconds(100));
        continue;
      }
      serve(peer.get(), address, size);
    }
  }

  /// No exception may leave the thread: it would end the daemon. The peer sees the end of the connection.
  void serve(int peer, const sockaddr_storage& address, socklen_t size) const noexcept {
    try {
      const bool is_unix = options.listen.kind == ListenAddress::Kind::unix_socket;
      if (is_unix || options.is_allowed(peer_of(address, size))) answer(peer);
    } catch (const std::exception&) {
      log_error(
          "event=fault kind=control detail=\"a command could not be answered, memory may have run out\"");
    }
  }

  void answer(int peer) const {
    const auto deadline = Clock::now() + options.limit;
    std::string answer = answer_to(peer, deadline);
    // Who was too slow is told so.
    send_all(peer, on_one_line(std::move(answer)) + "\n", std::max(deadline, Clock::now() + kLastWord));
  }

  [[nodiscard]] std::string answer_to(int peer, Clock::time_point deadline) const {
    Reader reader(peer, deadline);
    const std::optional<std::string> line = reader.line();
    if (!line) return "error no request";
    std::size_t octets = 0;
    Result<ControlRequest> request = parse_control_line(*line, octets);
    if (!request) return "error " + request.error().detail;
    const auto command = commands.find(request->command);
    if (command == commands.end()) return "error unknown command";
    if (octets > options.body_octets) return "error too long";
    std::optional<std::string> body = reader.octets(octets);
    if (!body) return "error the request was cut off";
    request->body = std::move(*body);
    request->user = user_of(peer);
    try {
      return command->second(*request);
    } catch (const std::exception& fault) {
      return std::string("error ") + fault.what();
    }
  }
};

std::string ControlRequest::get(std::string_view key) const {
  const auto found = values.find(key);
  return found == values.end() ? std::string() : found->second;
}

Result<ControlRequest> parse_control_line(std::string_view line, std::size_t& body_octets) {
  ControlRequest request;
  body_octets = 0;
  for (const std::string_view word : split(line, ' ')) {
    if (word.empty()) continue;
    if (request.command.empty()) {
      request.command = word;
      continue;
    }
    const std::size_t sign = word.find('=');
    if (sign == std::string_view::npos || sign == 0) return failure(Code::syntax, "not key=value");
    request.values[std::string(word.substr(0, sign))] = word.substr(sign + 1);
  }
  if (request.command.empty()) return failure(Code::syntax, "no command");
  if (const auto octets = request.values.find("octets"); octets != request.values.end()) {
    const std::string& digits = octets->second;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), body_octets);
    if (error != std::errc{} || end != digits.data() + digits.size())
      return failure(Code::syntax, "octets is no number");
  }
  return request;
}

ControlServer::ControlServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<ControlServer>> ControlServer::start(ControlOptions options,
                                                            ControlCommands commands) {
  const bool is_unix = options.listen.kind == ListenAddress::Kind::unix_socket;
  Result<Socket> listening =
      is_unix ? listen_at_path(options.listen.path, options.group) : listen_at_port(options.listen);
  if (!listening) return tl::unexpected(listening.error());
  if (::listen(listening->get(), kBacklog) != 0)
    return failure(Code::permanent, "cannot listen: " + reason());
  auto parts = std::make_unique<Parts>();
  parts->options = std::move(options);
  parts->commands = std::move(commands);
  parts->listening = std::move(*listening);
  if (::pipe2(parts->stop.data(), O_CLOEXEC) != 0) return failure(Code::permanent, "no pipe: " + reason());
  std::unique_ptr<ControlServer> server(new ControlServer(std::move(parts)));
  // Signals belong to the main thread.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    for (std::size_t i = 0; i < kThreads; ++i) {
      server->parts_->threads.emplace_back([own = server->parts_.get()] { own->run(); });
    }
  } catch (const std::system_error&) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return failure(Code::permanent, "no thread for the control socket");
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return server;
}

ControlServer::~ControlServer() {
  ::close(parts_->stop[1]);  // ends every poll()
  for (std::thread& thread : parts_->threads) thread.join();
  ::close(parts_->stop[0]);
  if (parts_->options.listen.kind == ListenAddress::Kind::unix_socket)
    ::unlink(parts_->options.listen.path.c_str());
}

Result<std::string> ask_control(const ListenAddress& address, const std::string& line, std::string_view body,
                                std::chrono::milliseconds limit) {
  const auto deadline = Clock::now() + limit;
  const Result<Socket> socket = connect_to(address);
  if (!socket) return tl::unexpected(socket.error());
  const std::string request = line + " octets=" + std::to_string(body.size()) + "\n";
  // A server that refuses answers early; then not all can be sent.
  if (send_all(socket->get(), request, deadline)) send_all(socket->get(), body, deadline);
  std::optional<std::string> answer = Reader(socket->get(), deadline).line();
  if (!answer) return failure(Code::temporary, "no answer from " + address.for_postfix());
  return std::move(*answer);
}

ControlCommands make_control_commands(Service& service) {
  ControlCommands commands;
  commands["learn"] = [&service](const ControlRequest& request) -> std::string {
    const std::optional<Lesson> lesson = lesson_from(request.get("as"));
    if (!lesson) return "error as must be pitch, wanted or stop";
    const Result<Event> learned = learn(request.body, *lesson, request.get("recipient"), service.now(),
                                        *service.snapshot(), service.memory());
    if (!learned) {
      log_warning("event=learn result=refused detail=" + log_value(learned.error().detail));
      return "error " + learned.error().detail;
    }
    log_info("event=learn result=ok as=" + std::string(to_string(*lesson)));
    return "ok learned=" + std::string(to_string(*lesson));
  };
  return commands;
}

}  // namespace coldpitch
