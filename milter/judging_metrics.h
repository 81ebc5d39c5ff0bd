// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

#include "milter/profile.h"
#include "milter/stages.h"
#include "policies/policy.h"
#include "policies/verdict.h"

namespace prometheus {
struct MetricFamily;
}

namespace coldpitch {

/// The counts of the rules of one configuration: made when it is loaded, so that a message needs neither a lock nor memory. Thread-safe. The
/// counts themselves belong to the JudgingMetrics it came from, which must outlive it, and go on from one configuration to the next.
class RuleCounts {
 public:
  ~RuleCounts();
  RuleCounts(const RuleCounts&) = delete;
  RuleCounts& operator=(const RuleCounts&) = delete;

  /// Counts every rule of the verdict once, shadow rules as shadow hits.
  void count(const Verdict& verdict) const;

 private:
  friend class JudgingMetrics;
  struct Parts;
  explicit RuleCounts(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

/// What is counted for every message: arrays of atomics, without a lock. Thread-safe.
class JudgingMetrics {
 public:
  JudgingMetrics();
  ~JudgingMetrics();
  JudgingMetrics(const JudgingMetrics&) = delete;
  JudgingMetrics& operator=(const JudgingMetrics&) = delete;

  /// The counts for these policies. At most kMaxRules rules are ever told apart; later ones count as rule "other" of policy "other".
  [[nodiscard]] std::shared_ptr<const RuleCounts> counts_of(const std::vector<Policy>& policies);
  static constexpr std::size_t kMaxRules = 5000;

  void count_message(Channel channel, Level level, Mode action);
  /// `total` from end of message to the answer. Stages that took no time at all were not needed and are left out.
  void observe(std::chrono::steady_clock::duration total, const StageTimes& stages);

  [[nodiscard]] std::size_t messages() const;  ///< counted since the start

  /// In Prometheus' form.
  [[nodiscard]] std::vector<prometheus::MetricFamily> collect() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace coldpitch
