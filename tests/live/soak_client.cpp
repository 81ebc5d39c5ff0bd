// SPDX-License-Identifier: MIT
// Sends a milter messages over several connections, no two alike, and prints how much memory it holds meanwhile. See soak.py.
//
//   soak_client ADDRESS PROCESS MESSAGES CONNECTIONS
//
// A line of messages sent and KiB resident at each twentieth; exit status 1 when a message is not answered with "accept".
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/milter_client.h"
#include "tests/support/mail.h"

using namespace coldpitch;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kLines = 20;
constexpr std::size_t kMessagesPerConnection = 20;
/// As many as a large site has in a few weeks; then they come again.
constexpr std::size_t kSenders = 100'000;
constexpr std::size_t kUsers = 2'000;
constexpr std::array kSamples{"1-linkedin-inmail.eml", "2-direct-pitch.eml", "3-follow-up.eml",
                              "4-prospect-question.eml", "5-colleague.eml"};

std::size_t resident_kib(const std::string& process) {
  std::ifstream file("/proc/" + process + "/status");
  std::string word;
  std::size_t kib = 0;
  while (file >> word) {
    if (word == "VmRSS:" && file >> kib) break;
  }
  return kib;
}

/// A sample with fields, text and size of its own.
std::string message_number(std::size_t number, const std::vector<std::string>& samples) {
  std::string text = samples[number % samples.size()];
  const std::string mark = std::to_string(number);
  const std::size_t fields_end = text.find("\r\n\r\n");
  text.insert(fields_end, "\r\nX-Soak: " + mark + "\r\nReferences: <" + mark + "@outside.example>");
  const std::size_t lines = number * 7919 % 400;
  for (std::size_t line = 0; line < lines; ++line) {
    text += "Line " + std::to_string(line) + " of message " + mark + ", about the office and the rota.\r\n";
  }
  return text;
}

Envelope envelope_number(std::size_t number) {
  Envelope envelope;
  envelope.client_name = "host.outside.example";
  envelope.client_address = "192.0.2." + std::to_string(number % 250 + 1);
  envelope.helo = "host.outside.example";
  envelope.envelope_sender = "person" + std::to_string(number % kSenders) + "@outside.example";
  envelope.recipients = {"user" + std::to_string(number % kUsers) + "@example.net"};
  if (number % 10 == 0) {  // one of ours writes to somebody
    envelope.authenticated_user = "user";
    envelope.envelope_sender = "user" + std::to_string(number % kUsers) + "@example.net";
    envelope.recipients = {"person" + std::to_string(number * 31 % kSenders) + "@outside.example"};
  }
  envelope.queue_id = "SOAK" + std::to_string(number);
  envelope.known = true;
  return envelope;
}

class Soak {
 public:
  Soak(ListenAddress address, std::size_t messages) : address_(std::move(address)), messages_(messages) {
    for (const char* name : kSamples) samples_.push_back(test::sample_mail(name));
  }

  void run() {
    while (!failed_) {
      auto client = MilterClient::connect(address_, 30s);
      if (!client) {
        fail(client.error().detail);
        return;
      }
      for (std::size_t i = 0; i < kMessagesPerConnection && !failed_; ++i) {
        const std::size_t number = next_++;
        if (number >= messages_) return client->quit();
        if (!send(*client, number, i == 0)) return;
      }
      client->quit();
    }
  }

  [[nodiscard]] std::size_t sent() const { return std::min<std::size_t>(next_, messages_); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  bool send(MilterClient& client, std::size_t number, bool first) {
    const Envelope envelope = envelope_number(number);
    if (first) {
      if (auto begun = client.begin_session(envelope); !begun) return fail(begun.error().detail);
    }
    const auto outcome = client.send_message(envelope, message_number(number, samples_));
    if (!outcome) return fail(outcome.error().detail);
    if (outcome->answer == MilterAnswer::accept) return true;
    return fail("message " + std::to_string(number) + ": " + std::string(to_string(outcome->answer)));
  }

  bool fail(const std::string& what) {
    failed_ = true;
    std::fprintf(stderr, "soak_client: %s\n", what.c_str());
    return false;
  }

  ListenAddress address_;
  std::size_t messages_;
  std::vector<std::string> samples_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> failed_{false};
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fputs("usage: soak_client ADDRESS PROCESS MESSAGES CONNECTIONS\n", stderr);
    return 2;
  }
  const std::optional<ListenAddress> address = parse_listen_address(argv[1], "/");
  if (!address) {
    std::fprintf(stderr, "soak_client: no address: %s\n", argv[1]);
    return 2;
  }
  const std::string process = argv[2];
  const std::size_t messages = std::strtoull(argv[3], nullptr, 10);
  Soak soak(*address, messages);
  const std::size_t connections = std::strtoull(argv[4], nullptr, 10);
  std::vector<std::thread> threads;
  threads.reserve(connections);
  for (std::size_t i = 0; i < connections; ++i) threads.emplace_back([&soak] { soak.run(); });
  for (std::size_t line = 1; line <= kLines && !soak.failed(); ++line) {
    while (!soak.failed() && soak.sent() < messages * line / kLines) std::this_thread::sleep_for(5ms);
    std::printf("%zu %zu\n", soak.sent(), resident_kib(process));
    std::fflush(stdout);
  }
  for (std::thread& thread : threads) thread.join();
  return soak.failed() ? 1 : 0;
}
