// SPDX-License-Identifier: MIT
#include "milter/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "history/locks.h"
#include "milter/metrics_server.h"
#include "milter/version.h"
#include "parsers/text.h"

namespace coldpitch {

struct Metrics::Parts {
  std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  JudgingMetrics judging;
  prometheus::Family<prometheus::Counter>& faults = prometheus::BuildCounter()
                                                        .Name("coldpitch_faults_total")
                                                        .Help("Things that did not work, by kind.")
                                                        .Register(*registry);
  prometheus::Gauge& build = prometheus::BuildGauge()
                                 .Name("coldpitch_build_info")
                                 .Help("Always 1; the label tells the version.")
                                 .Register(*registry)
                                 .Add({{"version", kVersion}}, 1);
  prometheus::Family<prometheus::Counter>& reloads = prometheus::BuildCounter()
                                                         .Name("coldpitch_reloads_total")
                                                         .Help("Reloads of the configuration, by result.")
                                                         .Register(*registry);
  prometheus::Family<prometheus::Counter>& templates =
      prometheus::BuildCounter()
          .Name("coldpitch_linkedin_unknown_templates_total")
          .Help("Authentic LinkedIn mail whose template is not known, by template.")
          .Register(*registry);
  Mutex template_names_mutex;
  std::set<std::string, std::less<>> template_names GUARDED_BY(template_names_mutex);
  prometheus::Gauge& connections = prometheus::BuildGauge()
                                       .Name("coldpitch_connections")
                                       .Help("MTA connections open.")
                                       .Register(*registry)
                                       .Add({});
  prometheus::Gauge& load_worked =
      prometheus::BuildGauge()
          .Name("coldpitch_config_last_load_successful")
          .Help("Whether the last load of the configuration was; 0: the one before is in force.")
          .Register(*registry)
          .Add({});
  prometheus::Gauge& loaded = prometheus::BuildGauge()
                                  .Name("coldpitch_config_last_load_success_timestamp_seconds")
                                  .Help("When the configuration in force was loaded.")
                                  .Register(*registry)
                                  .Add({});
  prometheus::Histogram& history =
      prometheus::BuildHistogram()
          .Name("coldpitch_history_seconds")
          .Help("Time a question to the contact history took, answered or not.")
          .Register(*registry)
          .Add({}, prometheus::Histogram::BucketBoundaries{0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005,
                                                           0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1});
  prometheus::Gauge& history_queue = prometheus::BuildGauge()
                                         .Name("coldpitch_history_queue_events")
                                         .Help("Events of the contact history that wait to be written.")
                                         .Register(*registry)
                                         .Add({});
  prometheus::Gauge& history_bypassed =
      prometheus::BuildGauge()
          .Name("coldpitch_history_bypassed")
          .Help("1 while the contact history does not answer and is not asked.")
          .Register(*registry)
          .Add({});
  Mutex refresh_mutex;
  std::function<void()> refresh GUARDED_BY(refresh_mutex);
  // Last, so that it stops answering before the registry goes.
  std::unique_ptr<MetricsServer> server;
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

JudgingMetrics& Metrics::judging() { return parts_->judging; }

void Metrics::count_fault(std::string_view kind) {
  parts_->faults.Add({{"kind", std::string(kind)}}).Increment();
}

void Metrics::count_faults(std::string_view kind, std::size_t faults) {
  parts_->faults.Add({{"kind", std::string(kind)}}).Increment(static_cast<double>(faults));
}

void Metrics::observe_history(std::chrono::duration<double> time) { parts_->history.Observe(time.count()); }

void Metrics::set_history(std::size_t queued, bool bypassed) {
  parts_->history_queue.Set(static_cast<double>(queued));
  parts_->history_bypassed.Set(bypassed ? 1 : 0);
}

void Metrics::before_text(std::function<void()> refresh) {
  const Lock lock(parts_->refresh_mutex);
  parts_->refresh = std::move(refresh);
}

void Metrics::count_unknown_template(std::string_view name) {
  constexpr std::size_t kLongestName = 80;
  const bool is_name =
      !name.empty() && name.size() <= kLongestName &&
      std::all_of(name.begin(), name.end(), [](char c) { return is_ascii_alnum(c) || c == '_'; });
  std::string label = is_name ? to_ascii_lower(name) : "other";
  {
    const Lock lock(parts_->template_names_mutex);
    const bool is_kept = parts_->template_names.contains(label);
    if (!is_kept && parts_->template_names.size() >= kMaxTemplates) label = "other";
    if (!is_kept && label != "other") parts_->template_names.insert(label);
  }
  parts_->templates.Add({{"template", label}}).Increment();
}

void Metrics::count_reload(bool worked) {
  parts_->reloads.Add({{"result", worked ? "ok" : "refused"}}).Increment();
}

void Metrics::set_load(bool worked, TimePoint when) {
  parts_->load_worked.Set(worked ? 1 : 0);
  if (worked) parts_->loaded.Set(static_cast<double>(when.time_since_epoch().count()));
}

void Metrics::set_connections(std::size_t open) { parts_->connections.Set(static_cast<double>(open)); }

Result<void> Metrics::serve(const std::string& address, std::function<bool()> is_ready) {
  auto opened = MetricsServer::open(address, {[this] { return text(); }, std::move(is_ready)});
  if (!opened) return tl::unexpected(opened.error());
  parts_->server = std::move(*opened);
  return {};
}

std::string Metrics::text() const {
  {
    const Lock lock(parts_->refresh_mutex);
    if (parts_->refresh) parts_->refresh();
  }
  std::vector<prometheus::MetricFamily> families = parts_->registry->Collect();
  std::vector<prometheus::MetricFamily> judged = parts_->judging.collect();
  std::move(judged.begin(), judged.end(), std::back_inserter(families));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace coldpitch
