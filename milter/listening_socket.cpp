// SPDX-License-Identifier: MIT
#include "milter/listening_socket.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "milter/libmilter_socket.h"

namespace coldpitch {
namespace {

tl::unexpected<Error> failure(std::string what) {
  return tl::unexpected(Error{Code::permanent, 0, std::move(what)});
}

std::string reason() { return std::generic_category().message(errno); }

Result<int> take_lock(const std::string& path) {
  const std::string name = path + ".lock";
  const int lock = ::open(name.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return failure("cannot make the lock file " + name + ": " + reason());
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return failure("another coldpitch-milter serves " + path + " (its lock file is held)");
  }
  return lock;
}

Result<void> hand_to_group(const std::string& path, const std::string& group) {
  const struct group* entry = getgrnam(group.c_str());
  if (entry == nullptr) return failure("socket_group: there is no group called '" + group + "'");
  if (::chown(path.c_str(), static_cast<uid_t>(-1), entry->gr_gid) != 0) {
    return failure("cannot give " + path + " to group " + group + ": " + reason() +
                   " (is the daemon's user a member of it?)");
  }
  return {};
}

}  // namespace

Result<ListeningSocket> ListeningSocket::open(const Config& config) {
  const bool is_unix = config.listen.kind == ListenAddress::Kind::unix_socket;
  int lock = -1;
  if (is_unix) {
    const Result<int> taken = take_lock(config.listen.path);
    if (!taken) return tl::unexpected(taken.error());
    lock = *taken;
  }
  ListeningSocket socket(config.listen, lock);
  const mode_t before = ::umask(0777);
  const bool opened = libmilter_open_socket(config.listen.for_libmilter());
  ::umask(before);
  if (!opened) {
    return failure("cannot listen on " + config.listen.for_libmilter() +
                   " (does its folder exist, may this user write there, is the port free?)");
  }
  if (!is_unix) return socket;
  if (!config.socket_group.empty()) {
    if (auto handed = hand_to_group(config.listen.path, config.socket_group); !handed) {
      return tl::unexpected(handed.error());
    }
  }
  if (::chmod(config.listen.path.c_str(), static_cast<mode_t>(config.socket_mode)) != 0) {
    return failure("cannot set the mode of " + config.listen.path + ": " + reason());
  }
  return socket;
}

ListeningSocket::ListeningSocket(ListeningSocket&& other) noexcept
    : address_(std::move(other.address_)), lock_(std::exchange(other.lock_, -1)) {}

ListeningSocket::~ListeningSocket() {
  if (lock_ >= 0) ::close(lock_);
}

void ListeningSocket::retire() const {
  if (address_.kind == ListenAddress::Kind::unix_socket) ::unlink(address_.path.c_str());
}

}  // namespace coldpitch
