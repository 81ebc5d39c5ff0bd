// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "parsers/result.h"

namespace coldpitch {

/// Answers over HTTP: GET /metrics (Prometheus text format 0.0.4), GET /healthz (200 while the process can answer) and GET /readyz
/// (200 when mail is judged, 503 while starting or stopping). Anything else is 404. Meant for loopback: there is no access control.
class MetricsServer {
 public:
  struct Answers {
    std::function<std::string()> metrics;  ///< the text of all metrics
    std::function<bool()> is_ready;
  };

  /// Listens on `address` ("127.0.0.1:9894", "[::1]:9894") with threads of its own until destruction. `answers` are called from
  /// them, so they must be thread-safe. Error: `permanent` when it cannot listen there.
  [[nodiscard]] static Result<std::unique_ptr<MetricsServer>> open(const std::string& address,
                                                                   Answers answers);
  ~MetricsServer();
  MetricsServer(const MetricsServer&) = delete;
  MetricsServer& operator=(const MetricsServer&) = delete;

 private:
  MetricsServer();
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
