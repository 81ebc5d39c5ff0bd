// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "milter/listen_address.h"
#include "parsers/envelope.h"
#include "parsers/result.h"

namespace coldpitch {

/// The final answer of a milter to a message.
enum class MilterAnswer : std::uint8_t { accept, proceed, discard, reject, tempfail, reply_code };

[[nodiscard]] std::string_view to_string(MilterAnswer answer);

/// One edit a milter asked for.
struct MilterEdit {
  enum class Kind : std::uint8_t {
    add_field,
    insert_field,
    change_field,
    quarantine,
    replace_body,
    add_recipient,
    delete_recipient,
    other
  };
  Kind kind = Kind::other;
  std::uint32_t index = 0;  ///< insert_field, change_field
  std::string name, value;  ///< quarantine: the reason in `value`; an empty value of change_field deletes

  bool operator==(const MilterEdit&) const = default;
};

/// All a milter did to one message.
struct MilterOutcome {
  MilterAnswer answer = MilterAnswer::proceed;
  std::string reply;  ///< of reply_code: "550 5.7.1 ..."
  std::vector<MilterEdit> edits;
  std::chrono::steady_clock::duration
      end_of_message{};  ///< from its command to the answer; 0 when it was not reached
};

/// The MTA's side of the milter protocol (version 6), enough to hand a milter messages and see what it says.
///
/// One connection, many messages. Not thread-safe. Every wait is bounded by the time-out. What needs no answer is sent together with
/// what does, as MTAs do.
class MilterClient {
 public:
  /// Connects and negotiates. Errors: `temporary` when nobody listens or the peer is no milter.
  [[nodiscard]] static Result<MilterClient> connect(const ListenAddress& address,
                                                    std::chrono::milliseconds timeout);

  MilterClient(MilterClient&& other) noexcept;
  MilterClient& operator=(MilterClient&&) = delete;
  ~MilterClient();

  /// Tells who connected (SMFIC_CONNECT, SMFIC_HELO). Before the first message, once.
  [[nodiscard]] Result<void> begin_session(const Envelope& envelope);
  /// Hands over one message, header and body as they are in `octets`, and returns what the milter did.
  [[nodiscard]] Result<MilterOutcome> send_message(const Envelope& envelope, std::string_view octets);
  /// SMFIC_QUIT.
  void quit();

 private:
  explicit MilterClient(int fd, std::chrono::milliseconds timeout) : fd_(fd), timeout_(timeout) {}

  struct Packet {
    char command = 0;
    std::string data;
  };
  [[nodiscard]] Result<void> negotiate();
  /// Puts a command beside those to be sent.
  [[nodiscard]] Result<void> send(char command, std::string_view data);
  [[nodiscard]] Result<void> flush();
  [[nodiscard]] Result<Packet> receive();
  /// Sends a command and waits for its answer, unless the milter said it gives none (`no_reply` is its SMFIP_NR_ bit).
  [[nodiscard]] Result<Packet> ask(char command, std::string_view data, std::uint32_t no_reply);
  [[nodiscard]] Result<Packet> send_header(std::string_view header);
  [[nodiscard]] Result<Packet> send_body(std::string_view body);
  [[nodiscard]] Result<MilterOutcome> finish_message(const std::string& queue_id);

  int fd_ = -1;
  std::chrono::milliseconds timeout_;
  std::string unsent_;
  std::uint32_t steps_ = 0;  ///< what the milter asked for
};

}  // namespace coldpitch
