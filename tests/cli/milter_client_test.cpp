// SPDX-License-Identifier: MIT
#include "cli/milter_client.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <thread>

#include "tests/support/catch.h"

using namespace coldpitch;

namespace {

/// A peer that takes one connection, sends `octets` at once, reads until the other end closes, and keeps what it read.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(std::string octets) : path_("/tmp/coldpitch-peer-" + std::to_string(::getpid())) {
    ::unlink(path_.c_str());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path_.c_str(), path_.size() + 1);
    REQUIRE(::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(listener_, 1) == 0);
    thread_ = std::thread([this, octets = std::move(octets)] { serve(octets); });
  }
  ~ScriptedPeer() {
    if (thread_.joinable()) thread_.join();
    ::close(listener_);
    ::unlink(path_.c_str());
  }
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;

  [[nodiscard]] ListenAddress address() const {
    ListenAddress address;
    address.path = path_;
    return address;
  }
  /// All that was sent to it; call once the client is gone.
  const std::string& received() {
    thread_.join();
    return received_;
  }

 private:
  void serve(const std::string& octets) {
    const int fd = ::accept(listener_, nullptr, nullptr);
    [[maybe_unused]] const ssize_t sent = ::send(fd, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (octets.empty()) ::shutdown(fd, SHUT_WR);
    char block[4096];
    for (ssize_t got = 0; (got = ::recv(fd, block, sizeof block, 0)) > 0;)
      received_.append(block, static_cast<std::size_t>(got));
    ::close(fd);
  }

  std::string path_, received_;
  int listener_ = -1;
  std::thread thread_;
};

std::string packet(std::string_view content) {
  std::string octets{0, 0, 0, static_cast<char>(content.size())};
  return octets.append(content);
}

/// Negotiation answer: version 6, all edits, and `steps`.
std::string negotiation(const std::string& steps) {
  return packet(std::string("O") + std::string("\0\0\0\6", 4) + std::string("\0\0\1\xFF", 4) + steps);
}

const std::string kNoReplies("\0\0\xF0\0", 4);  // no replies to connect, helo, mail, rcpt
constexpr std::chrono::milliseconds kShort{300};

}  // namespace

TEST_CASE("a peer that is no milter is an error, not a hang") {
  SECTION("it closes") {
    ScriptedPeer peer("");
    const auto client = MilterClient::connect(peer.address(), kShort);
    REQUIRE_FALSE(client);
    CHECK_THAT(client.error().detail, ContainsSubstring("closed the connection"));
  }
  SECTION("it speaks SMTP") {
    ScriptedPeer peer("220 mx.example.net ESMTP\r\n");
    const auto client = MilterClient::connect(peer.address(), kShort);
    REQUIRE_FALSE(client);
    CHECK_THAT(client.error().detail, ContainsSubstring("milter"));
  }
  SECTION("it says nothing") {
    ScriptedPeer peer(std::string("\0", 1));
    const auto client = MilterClient::connect(peer.address(), kShort);
    REQUIRE_FALSE(client);
    CHECK_THAT(client.error().detail, ContainsSubstring("did not answer in time"));
  }
  SECTION("nobody is there") {
    ListenAddress nowhere;
    nowhere.path = "/nonexistent/milter.sock";
    CHECK_FALSE(MilterClient::connect(nowhere, kShort));
  }
}

TEST_CASE("a message is handed over and the edits are read") {
  std::string script = negotiation(kNoReplies);
  for (int i = 0; i < 6; ++i)
    script += packet("c");  // DATA, two fields, end of header, one body chunk ... and one
  script.resize(script.size() - packet("c").size());
  script += packet("p");
  script += packet(std::string("m\0\0\0\2X-Cold-Pitch\0\0", 19));
  script += packet(std::string("i\0\0\0\0X-Cold-Pitch\0 none\0", 24));
  script += packet(std::string("q", 1) + std::string("held\0", 5));
  script += packet(std::string("y550 5.7.1 no\0", 14));
  ScriptedPeer peer(script);
  MilterOutcome outcome;
  {
    Result<MilterClient> client = MilterClient::connect(peer.address(), kShort);
    REQUIRE(client);
    Envelope envelope;
    envelope.client_address = "192.0.2.1";
    envelope.envelope_sender = "a@example.org";
    envelope.recipients = {"b@example.net"};
    REQUIRE(client->begin_session(envelope));
    const Result<MilterOutcome> sent =
        client->send_message(envelope, "Subject: one\n two\nTo: b@example.net\n\nbody\n");
    REQUIRE(sent);
    outcome = *sent;
    client->quit();
  }
  CHECK(outcome.answer == MilterAnswer::reply_code);
  CHECK(outcome.reply == "550 5.7.1 no");
  const std::vector<MilterEdit> expected = {{MilterEdit::Kind::change_field, 2, "X-Cold-Pitch", ""},
                                            {MilterEdit::Kind::insert_field, 0, "X-Cold-Pitch", " none"},
                                            {MilterEdit::Kind::quarantine, 0, "", "held"}};
  CHECK(outcome.edits == expected);
  const std::string& received = peer.received();
  CHECK(received.find(std::string("LSubject\0one\n two\0", 18)) != std::string::npos);
  CHECK(received.find(std::string("M<a@example.org>\0", 17)) != std::string::npos);
  CHECK(received.find(std::string("R<b@example.net>\0", 17)) != std::string::npos);
  CHECK(received.find("Bbody\r\n") != std::string::npos);
}
