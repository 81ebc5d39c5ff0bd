// SPDX-License-Identifier: MIT
// Against a name server of our own on loopback.
#include "milter/dns_resolver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Status = DkimKeyAnswer::Status;

/// Answers by the first label of the name: "none", "fail", "slow" (never), "empty", "two" (records); else a TXT of two strings.
class NameServer {
 public:
  NameServer() : socket_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~NameServer() {
    stop_ = true;
    thread_.join();
    close(socket_);
  }
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;

  [[nodiscard]] std::string address() const { return "127.0.0.1@" + std::to_string(port_); }
  [[nodiscard]] int asked() const { return asked_; }

 private:
  void run() {
    while (!stop_) {
      pollfd end{socket_, POLLIN, 0};
      if (poll(&end, 1, 20) <= 0) continue;
      std::array<char, 1500> octets{};
      sockaddr_in client{};
      socklen_t size = sizeof client;
      const ssize_t got =
          recvfrom(socket_, octets.data(), octets.size(), 0, reinterpret_cast<sockaddr*>(&client), &size);
      if (got < 17) continue;
      const std::string reply = answer({octets.data(), static_cast<std::size_t>(got)});
      if (!reply.empty())
        sendto(socket_, reply.data(), reply.size(), 0, reinterpret_cast<sockaddr*>(&client), size);
    }
  }

  static std::string record(const std::vector<std::string>& strings) {
    std::string data;
    for (const std::string& text : strings) data += static_cast<char>(text.size()) + text;
    std::string bytes("\xC0\x0C\x00\x10\x00\x01\x00\x00\x0E\x10\x00", 11);
    return bytes + static_cast<char>(data.size()) + data;
  }

  std::string answer(const std::string& query) {
    std::size_t end = 12;
    while (end < query.size() && query[end] != 0) end += static_cast<std::size_t>(query[end]) + 1;
    const std::string question = query.substr(12, end + 5 - 12);
    const bool is_text = question.substr(question.size() - 4, 2) == std::string("\0\x10", 2);
    const std::string name = question.substr(1, static_cast<std::size_t>(question[0]));
    if (is_text) ++asked_;
    if (name == "slow") return "";
    std::vector<std::string> records;
    if (is_text && name != "none" && name != "fail" && name != "empty")
      records.push_back(record({"v=DKIM1; ", "p=" + name}));
    if (is_text && name == "two") records.push_back(record({"v=DKIM1; p=x"}));
    char code = 0;
    if (name == "none") code = 3;
    if (name == "fail") code = 2;
    std::string reply = query.substr(0, 2);
    reply += '\x81';
    reply += static_cast<char>('\x80' | code);
    reply += std::string("\0\x01\0", 3) + static_cast<char>(records.size()) + std::string(4, '\0') + question;
    for (const std::string& one : records) reply += one;
    return reply;
  }

  int socket_;
  std::uint16_t port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<int> asked_{0};
  std::thread thread_;
};

TEST_CASE("answers of a name server") {
  NameServer server;
  const auto resolver = DnsResolver::open(server.address());
  REQUIRE(resolver);
  const DkimKeyAnswer found = resolver->find_text("key._domainkey.a.example", Clock::now() + 5s);
  CHECK(found.status == Status::found);
  CHECK(found.record == "v=DKIM1; p=key");
  CHECK(resolver->find_text("none.a.example", Clock::now() + 5s).status == Status::none);
  CHECK(resolver->find_text("empty.a.example", Clock::now() + 5s).status == Status::none);
  CHECK(resolver->find_text("two.a.example", Clock::now() + 5s).status == Status::none);
  const int before = server.asked();
  CHECK(resolver->find_text("key._domainkey.a.example", Clock::now() + 5s).record == "v=DKIM1; p=key");
  CHECK(server.asked() == before);  // from the cache
}

TEST_CASE("names that are no names") {
  NameServer server;
  const auto resolver = DnsResolver::open(server.address());
  REQUIRE(resolver);
  for (const std::string& name :
       {std::string(), std::string("..a"), std::string(300, 'a'), std::string(70, 'a') + ".example"}) {
    CAPTURE(name);
    CHECK(resolver->find_text(name, Clock::now() + 2s).status != Status::found);
  }
}

TEST_CASE("a server that is silent or fails costs no more than the deadline") {
  NameServer server;
  const auto resolver = DnsResolver::open(server.address());
  REQUIRE(resolver);
  const auto start = Clock::now();
  CHECK(resolver->find_text("slow.a.example", start + 100ms).status == Status::temporary);
  CHECK(Clock::now() - start < 2s);
  CHECK(resolver->find_text("fail.a.example", Clock::now() + 500ms).status == Status::temporary);
  CHECK(resolver->find_text("past.a.example", Clock::now() - 1s).status == Status::temporary);
  CHECK(resolver->find_text("key.b.example", Clock::now() + 5s).status == Status::found);
}

TEST_CASE("several threads ask at once, and closing with look-ups under way is quick") {
  NameServer server;
  auto resolver = DnsResolver::open(server.address());
  REQUIRE(resolver);
  std::atomic<int> found = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 10; ++j) {
        const std::string name = "k" + std::to_string(i * 10 + j) + ".a.example";
        if (resolver->find_text(name, Clock::now() + 5s).status == Status::found) ++found;
      }
      (void)resolver->find_text("slow.c.example", Clock::now() + 20ms);
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(found == 40);
  const auto start = Clock::now();
  resolver.reset();
  CHECK(Clock::now() - start < 3s);
}

}  // namespace
}  // namespace coldpitch
