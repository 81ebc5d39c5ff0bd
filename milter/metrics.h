// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "milter/judging_metrics.h"
#include "parsers/date.h"
#include "parsers/result.h"

namespace coldpitch {

/// Counters in Prometheus' form. All labels come from closed sets. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  /// What every message is counted in.
  [[nodiscard]] JudgingMetrics& judging();
  void count_fault(std::string_view kind);  ///< "history", "exception", "evaluation-time", "queue-full"
  void count_faults(std::string_view kind, std::size_t faults);  ///< 0: the kind is shown from now on
  /// Time a question to the history took, answered or not.
  void observe_history(std::chrono::duration<double> time);
  /// Events that wait to be written, and whether the store is asked no more for a while, or is not there at all.
  void set_history(std::size_t queued, bool bypassed);
  /// Called before each text(), by the thread that asks; may call the functions above. An empty one calls nobody, and returns when
  /// none is being called.
  void before_text(std::function<void()> refresh);
  void count_reload(bool worked);
  /// A configuration was loaded, at the start or later, or refused.
  void set_load(bool worked, TimePoint when);
  /// An authentic LinkedIn mail whose template nobody knows. At most kMaxTemplates names; later ones, and names that are not of
  /// letters, digits and "_", count as "other".
  void count_unknown_template(std::string_view name);
  static constexpr std::size_t kMaxTemplates = 50;
  void set_connections(std::size_t open);

  /// Serves /metrics, /healthz and /readyz on `address` ("127.0.0.1:9894") until destruction (see MetricsServer). `is_ready` is called from
  /// other threads. Error: `permanent` when it cannot listen there.
  [[nodiscard]] Result<void> serve(const std::string& address, std::function<bool()> is_ready);

  /// Text form of all metrics, as served.
  [[nodiscard]] std::string text() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
