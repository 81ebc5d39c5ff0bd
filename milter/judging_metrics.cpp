// SPDX-License-Identifier: MIT
#include "milter/judging_metrics.h"

#include <prometheus/metric_family.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "history/locks.h"

namespace coldpitch {
namespace {

constexpr std::size_t kChannels = 5;
constexpr std::size_t kLevels = 4;
constexpr std::size_t kModes = 8;
constexpr std::array<double, 12> kSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                             0.05,   0.1,   0.25,   0.5,   1,    2.5};

using Count = std::atomic<std::uint64_t>;

void add_one(Count& count) { count.fetch_add(1, std::memory_order_relaxed); }

class Histogram {
 public:
  void observe(std::chrono::steady_clock::duration time) {
    const double seconds = std::chrono::duration<double>(time).count();
    const auto bucket = std::lower_bound(kSeconds.begin(), kSeconds.end(), seconds) - kSeconds.begin();
    add_one(buckets_[static_cast<std::size_t>(bucket)]);
    nanoseconds_.fetch_add(
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count()),
        std::memory_order_relaxed);
  }

  [[nodiscard]] prometheus::ClientMetric collect() const {
    prometheus::ClientMetric metric;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      metric.histogram.sample_count += buckets_[i].load(std::memory_order_relaxed);
      const double bound = i < kSeconds.size() ? kSeconds[i] : std::numeric_limits<double>::infinity();
      metric.histogram.bucket.push_back({metric.histogram.sample_count, bound});
    }
    metric.histogram.sample_sum = static_cast<double>(nanoseconds_.load(std::memory_order_relaxed)) / 1e9;
    return metric;
  }

 private:
  std::array<Count, kSeconds.size() + 1> buckets_{};
  Count nanoseconds_{0};
};

struct RuleCell {
  Count hits{0}, shadow_hits{0};
};

using RuleName = std::pair<std::string, std::string>;  ///< policy and rule

prometheus::MetricFamily family(std::string name, std::string help, prometheus::MetricType type) {
  return {std::move(name), std::move(help), type, {}};
}

prometheus::ClientMetric counted(std::uint64_t count, std::vector<prometheus::ClientMetric::Label> labels) {
  prometheus::ClientMetric metric;
  metric.label = std::move(labels);
  metric.counter.value = static_cast<double>(count);
  return metric;
}

}  // namespace

struct RuleCounts::Parts {
  struct Entry {
    RuleName name;
    RuleCell* cell = nullptr;
  };
  std::vector<Entry> entries;  ///< sorted by name

  [[nodiscard]] RuleCell* find(std::string_view policy, std::string_view rule) const {
    const auto entry = std::lower_bound(
        entries.begin(), entries.end(), std::tie(policy, rule), [](const Entry& one, const auto& wanted) {
          return std::tuple<std::string_view, std::string_view>(one.name.first, one.name.second) < wanted;
        });
    const bool is_it = entry != entries.end() && entry->name.first == policy && entry->name.second == rule;
    return is_it ? entry->cell : nullptr;
  }
};

RuleCounts::RuleCounts(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
RuleCounts::~RuleCounts() = default;

void RuleCounts::count(const Verdict& verdict) const {
  const Evidence* last = nullptr;
  for (const Evidence& evidence : verdict.evidence) {
    const bool is_more_words =
        last != nullptr && last->rule == evidence.rule && last->policy == evidence.policy;
    last = &evidence;
    if (is_more_words) continue;
    if (RuleCell* cell = parts_->find(evidence.policy, evidence.rule))
      add_one(evidence.shadow ? cell->shadow_hits : cell->hits);
  }
}

struct JudgingMetrics::Parts {
  std::array<std::array<std::array<Count, kModes>, kLevels>, kChannels> messages{};
  Histogram total;
  std::array<Histogram, kStages> stages;
  mutable Mutex mutex;
  std::map<RuleName, RuleCell> cells GUARDED_BY(mutex);  ///< but for the counts; an entry never moves

  RuleCell* cell_of(const RuleName& name) REQUIRES(mutex) {
    if (const auto found = cells.find(name); found != cells.end()) return &found->second;
    return cells.size() < kMaxRules ? &cells[name] : &cells[{"other", "other"}];
  }

  [[nodiscard]] prometheus::MetricFamily message_counts() const;
  [[nodiscard]] prometheus::MetricFamily stage_times() const;
  void add_rules(std::vector<prometheus::MetricFamily>& families) const;
};

JudgingMetrics::JudgingMetrics() : parts_(std::make_unique<Parts>()) {}
JudgingMetrics::~JudgingMetrics() = default;

std::shared_ptr<const RuleCounts> JudgingMetrics::counts_of(const std::vector<Policy>& policies) {
  auto parts = std::make_unique<RuleCounts::Parts>();
  {
    const Lock lock(parts_->mutex);
    for (const Policy& policy : policies) {
      for (const Rule& rule : policy.rules) {
        RuleName name{policy.id, rule.id};
        RuleCell* cell = parts_->cell_of(name);
        parts->entries.push_back({std::move(name), cell});
      }
    }
  }
  std::sort(parts->entries.begin(), parts->entries.end(),
            [](const auto& one, const auto& other) { return one.name < other.name; });
  return std::shared_ptr<const RuleCounts>(new RuleCounts(std::move(parts)));
}

void JudgingMetrics::count_message(Channel channel, Level level, Mode action) {
  add_one(parts_->messages.at(static_cast<std::size_t>(channel))
              .at(static_cast<std::size_t>(level))
              .at(static_cast<std::size_t>(action)));
}

void JudgingMetrics::observe(std::chrono::steady_clock::duration total, const StageTimes& stages) {
  parts_->total.observe(total);
  for (std::size_t i = 0; i < kStages; ++i) {
    if (stages[i].count() > 0) parts_->stages[i].observe(stages[i]);
  }
}

std::size_t JudgingMetrics::messages() const {
  std::uint64_t sum = 0;
  for (const auto& levels : parts_->messages) {
    for (const auto& actions : levels) {
      for (const Count& count : actions) sum += count.load(std::memory_order_relaxed);
    }
  }
  return sum;
}

prometheus::MetricFamily JudgingMetrics::Parts::message_counts() const {
  prometheus::MetricFamily told =
      family("coldpitch_messages_total", "Messages by channel, verdict and action.",
             prometheus::MetricType::Counter);
  // Two modes share the label "quarantine".
  std::map<std::tuple<std::string_view, std::string_view, std::string_view>, std::uint64_t> counts;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    for (std::size_t level = 0; level < kLevels; ++level) {
      for (std::size_t mode = 0; mode < kModes; ++mode) {
        const std::uint64_t count = messages[channel][level][mode].load(std::memory_order_relaxed);
        if (count == 0) continue;
        counts[{to_string(static_cast<Channel>(channel)), to_string(static_cast<Level>(level)),
                to_string(static_cast<Mode>(mode))}] += count;
      }
    }
  }
  for (const auto& [labels, count] : counts) {
    const auto& [channel, level, action] = labels;
    told.metric.push_back(counted(count, {{"action", std::string(action)},
                                          {"channel", std::string(channel)},
                                          {"verdict", std::string(level)}}));
  }
  return told;
}

prometheus::MetricFamily JudgingMetrics::Parts::stage_times() const {
  prometheus::MetricFamily told =
      family("coldpitch_stage_seconds", "Time of the stages of judging a message.",
             prometheus::MetricType::Histogram);
  for (std::size_t i = 0; i < kStages; ++i) {
    told.metric.push_back(stages[i].collect());
    told.metric.back().label = {{"stage", std::string(to_string(static_cast<Stage>(i)))}};
  }
  return told;
}

void JudgingMetrics::Parts::add_rules(std::vector<prometheus::MetricFamily>& families) const {
  prometheus::MetricFamily hits =
      family("coldpitch_rule_hits_total", "Messages a rule counted in.", prometheus::MetricType::Counter);
  prometheus::MetricFamily shadow_hits =
      family("coldpitch_rule_shadow_hits_total", "Messages a rule in shadow would have counted in.",
             prometheus::MetricType::Counter);
  const Lock lock(mutex);
  for (const auto& [name, cell] : cells) {
    const std::vector<prometheus::ClientMetric::Label> labels = {{"policy", name.first},
                                                                 {"rule", name.second}};
    if (const std::uint64_t count = cell.hits.load(std::memory_order_relaxed); count > 0)
      hits.metric.push_back(counted(count, labels));
    if (const std::uint64_t count = cell.shadow_hits.load(std::memory_order_relaxed); count > 0)
      shadow_hits.metric.push_back(counted(count, labels));
  }
  families.push_back(std::move(hits));
  families.push_back(std::move(shadow_hits));
}

std::vector<prometheus::MetricFamily> JudgingMetrics::collect() const {
  std::vector<prometheus::MetricFamily> families;
  families.push_back(parts_->message_counts());
  families.push_back(family("coldpitch_judging_seconds", "Time from end of message to the verdict.",
                            prometheus::MetricType::Histogram));
  families.back().metric.push_back(parts_->total.collect());
  families.push_back(parts_->stage_times());
  parts_->add_rules(families);
  std::erase_if(families, [](const prometheus::MetricFamily& one) { return one.metric.empty(); });
  return families;
}

std::string_view to_string(Stage stage) {
  switch (stage) {
    case Stage::turn:
      return "turn";
    case Stage::parse:
      return "parse";
    case Stage::verify:
      return "verify";
    case Stage::match:
      return "match";
    case Stage::history:
      return "history";
    case Stage::judge:
      return "judge";
    case Stage::remember:
      return "remember";
    case Stage::edit:
      return "edit";
  }
  return "other";
}

}  // namespace coldpitch
