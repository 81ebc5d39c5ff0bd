// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "parsers/envelope.h"

namespace coldpitch {

struct ProbeOptions {
  std::vector<std::string> paths;
  std::string connect;  ///< as `listen` in the configuration, either notation of TCP
  Envelope envelope;    ///< recipients empty: those of To and Cc
  std::chrono::milliseconds timeout{30000};
  bool json = false;
};

/// Plays the MTA against a running milter with each message, and prints what it would do to it. Nothing is delivered.
[[nodiscard]] int run_probe(const ProbeOptions& options);

}  // namespace coldpitch
