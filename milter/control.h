// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "milter/listen_address.h"
#include "milter/service.h"
#include "parsers/result.h"

namespace coldpitch {

/// The control socket: how a command, or a mail server on another host, talks to the running daemon.
///
/// One request a connection: a line "COMMAND key=value key=value octets=N", then N octets. One line back: "ok ..." or "error ...".
/// Values hold no blanks. What does not keep to this is answered with an error.

struct ControlRequest {
  std::string command;
  std::map<std::string, std::string, std::less<>> values;
  std::string body;
  std::optional<unsigned> user;  ///< who asks, by number; absent over TCP

  /// Value of `key`, or "".
  [[nodiscard]] std::string get(std::string_view key) const;
};

/// Reads the first line, without its end. `body_octets` gets N (0 without "octets"). Errors: `syntax`. Pure.
[[nodiscard]] Result<ControlRequest> parse_control_line(std::string_view line, std::size_t& body_octets);

/// Returns the answer: a line without its end. Called by several threads at once; must not throw.
using ControlCommand = std::function<std::string(const ControlRequest&)>;
using ControlCommands = std::map<std::string, ControlCommand, std::less<>>;

struct ControlOptions {
  ListenAddress listen;
  std::string group;  ///< of a Unix socket, which has mode 0660; "" leaves the process's
  std::size_t body_octets = 10U * 1024 * 1024;  ///< longer ones are refused
  std::chrono::milliseconds limit{10000};       ///< for one connection, from its first octet to the answer
  /// TCP only: whether a client of this address may ask.
  std::function<bool(std::string_view address)> is_allowed = [](std::string_view) { return false; };
};

/// Serves in threads of its own until destruction. A Unix path that a live server answers at is left to it; a stale one is taken over.
class ControlServer {
 public:
  /// Errors: `permanent` with a sentence for an admin.
  [[nodiscard]] static Result<std::unique_ptr<ControlServer>> start(ControlOptions options,
                                                                    ControlCommands commands);
  ~ControlServer();
  ControlServer(const ControlServer&) = delete;
  ControlServer& operator=(const ControlServer&) = delete;

 private:
  struct Parts;
  explicit ControlServer(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// Asks the server at `address`. Returns its answer without the line end. Errors: `temporary` when none is there or it does not answer
/// within `limit`.
[[nodiscard]] Result<std::string> ask_control(const ListenAddress& address, const std::string& line,
                                              std::string_view body, std::chrono::milliseconds limit);

/// The commands of a daemon: `learn as=pitch|wanted|stop recipient=ADDRESS`, with the message as body. `service` must outlive them.
[[nodiscard]] ControlCommands make_control_commands(Service& service);

}  // namespace coldpitch
