// SPDX-License-Identifier: MIT
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cli/milter_client.h"
#include "tests/bench/mixed_mail.h"

namespace coldpitch::test {

struct LoadOptions {
  ListenAddress socket;
  std::size_t connections = 4;
  double rate = 0;  ///< messages a second of all connections together; 0: as fast as answers come
  std::size_t per_connection = 0;  ///< messages before a connection is left and made anew; 0: all
  std::chrono::milliseconds timeout{30000};
};

/// Times in seconds, sorted.
class Latencies {
 public:
  void add(std::vector<float>&& times);
  /// The smallest time that `share` (0..1) of all do not exceed; 0 of none.
  [[nodiscard]] double percentile(double share) const;

 private:
  std::vector<float> times_;
};

struct LoadResult {
  std::size_t messages = 0;  ///< answered
  std::size_t failures = 0;  ///< not answered in time, or the connection was closed
  std::string failure;       ///< the first one's reason
  double octets = 0;
  double seconds = 0;
  Latencies
      whole;  ///< from MAIL to the answer; with a rate from the time the message was due, so that a queue is seen
  Latencies end;  ///< from the end of the message to the answer
  std::map<std::string, std::size_t> answers;
  std::size_t edits = 0;
};

/// MTAs that hand `mail` to a milter, one thread a connection, over and over with new Message-IDs. The connections last from run to run.
class Load {
 public:
  /// `mail` must outlive it. Connects all; throws std::runtime_error when that fails.
  Load(LoadOptions options, const std::vector<LoadMail>& mail);

  /// Until `messages` were sent or `seconds` are over, whichever is first.
  [[nodiscard]] LoadResult run(std::size_t messages, std::optional<double> seconds);

 private:
  struct Worker {
    std::optional<MilterClient> client;
    std::size_t sent = 0;  ///< over this connection
  };
  struct Part;
  struct Phase;
  [[nodiscard]] bool connect(Worker& worker, std::string& failure) const;
  void work(Worker& worker, Phase& phase, Part& part);
  void send(Worker& worker, std::size_t number, std::chrono::steady_clock::time_point due, Part& part);

  LoadOptions options_;
  const std::vector<LoadMail>& mail_;
  std::vector<Worker> workers_;
  std::size_t serial_ = 0;
};

}  // namespace coldpitch::test
