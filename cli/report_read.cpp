// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>
#include <string_view>
#include <unordered_map>

#include "cli/log_line.h"
#include "cli/report.h"
#include "parsers/text.h"
#include "policies/verdict.h"

namespace coldpitch {
namespace {

bool is_pitch(std::optional<Level> level) { return level && *level >= Level::pitch; }

/// What is counted of a sender while events go by in no order.
struct SenderCount {
  std::size_t messages = 0, pitches = 0;
  std::set<std::string> users;
  TimePoint last{};
};

void count_event(const Event& event, std::unordered_map<std::string, SenderCount>& senders, Report& report) {
  const bool from_user = event.source == EventSource::user;
  switch (event.kind) {
    case EventKind::inbound:
      break;
    case EventKind::stop:
      ++(from_user ? report.said_stop : report.stops_in_mail);
      return;
    case EventKind::cleared:
      if (!from_user) return;
      ++report.said_wanted;
      report.corrections.add(event.time);
      return;
    case EventKind::reported:
      ++report.said_pitch;
      return;
    case EventKind::outbound:
    case EventKind::accepted:
      return;
  }
  const std::optional<Level> level = level_from(event.verdict);
  ++report.events[static_cast<std::size_t>(level.value_or(Level::none))];
  report.store_judged.add(event.time);
  if (is_pitch(level)) report.store_pitches.add(event.time);
  SenderCount& sender = senders[event.person];
  ++sender.messages;
  if (is_pitch(level)) ++sender.pitches;
  sender.users.insert(event.user);
  sender.last = std::max(sender.last, event.time);
}

/// Numbers below which a share `part` of the sorted `values` lies.
double percentile(const std::vector<double>& values, double part) {
  if (values.empty()) return 0;
  return values[static_cast<std::size_t>(std::lround(part * static_cast<double>(values.size() - 1)))];
}

class LogCounter {
 public:
  LogCounter(const Engine* engine, Report& report) : report_(report) {
    if (engine == nullptr) return;
    for (const Policy& policy : engine->policies()) {
      for (const Rule& rule : policy.rules) {
        if (!rule.offer.empty()) offers_.emplace(rule.id, rule.offer);
      }
    }
  }

  void count(const LogLine& line) {
    if (line.time && (*line.time < report_.since || *line.time > report_.until)) return;
    ++report_.lines;
    if (!line.time) ++report_.undated;
    const TimePoint time = line.time.value_or(report_.until);
    const std::optional<Level> level = level_from(line.get("verdict"));
    ++report_.messages[static_cast<std::size_t>(level.value_or(Level::none))];
    report_.log_judged.add(time);
    if (const std::string_view exempt = line.get("exempt"); !exempt.empty()) report_.exempt.add(exempt);
    if (const std::string_view fault = line.get("fault"); !fault.empty()) report_.faults.add(fault);
    add_duration(line.get("ms"));
    count_rules(line.get("rules"), time, is_pitch(level));
    if (!is_pitch(level)) return;
    report_.log_pitches.add(time);
    report_.channels.add(line.get("channel"), time);
    report_.actions.add(line.get("action"));
    if (const std::string_view network = line.get("net"); !network.empty())
      report_.networks.add(network, time);
    for (const std::string_view clause : split(line.get("clauses"), ',')) {
      if (!clause.empty()) report_.clauses.add(clause, time);
    }
  }

  void finish() {
    std::sort(durations_.begin(), durations_.end());
    report_.median_ms = percentile(durations_, 0.5);
    report_.slow_ms = percentile(durations_, 0.99);
  }

 private:
  void count_rules(std::string_view rules, TimePoint time, bool of_pitch) {
    constexpr std::string_view kShadow = ":shadow";
    std::set<std::string_view> offers;
    for (std::string_view rule : split(rules, ',')) {
      if (rule.ends_with(kShadow)) {
        report_.shadows.add(rule.substr(0, rule.size() - kShadow.size()), time);
      } else if (!rule.empty() && of_pitch) {
        report_.rules.add(rule, time);
        if (const auto offer = offers_.find(rule); offer != offers_.end()) offers.insert(offer->second);
      }
    }
    for (const std::string_view offer : offers) report_.offers.add(offer, time);
  }

  void add_duration(std::string_view text) {
    double milliseconds = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
    if (error == std::errc() && std::isfinite(milliseconds)) durations_.push_back(milliseconds);
  }

  Report& report_;
  std::map<std::string, std::string, std::less<>> offers_;  ///< rule -> kind of offer
  std::vector<double> durations_;
};

}  // namespace

void NamedSeries::add(std::string_view name, TimePoint time) {
  counts.add(name);
  const auto found = series.find(name);
  (found == series.end() ? series.emplace(name, TimeSeries{}).first : found)->second.add(time);
}

Result<void> read_store(Store& store, Report& report) {
  std::unordered_map<std::string, SenderCount> senders;
  Result<void> done = store.scan(report.since, [&](const Event& event) {
    if (event.time <= report.until) count_event(event, senders, report);
  });
  if (!done) return done;
  report.has_store = true;
  for (const auto& [key, sender] : senders) {
    if (sender.pitches == 0 || key.empty()) continue;
    report.senders.push_back({key, {}, sender.messages, sender.pitches, sender.users.size(), sender.last});
  }
  report.pitching_senders = report.senders.size();
  std::sort(report.senders.begin(), report.senders.end(),
            [](const RepeatedSender& left, const RepeatedSender& right) {
              return left.pitches != right.pitches ? left.pitches > right.pitches : left.key < right.key;
            });
  return {};
}

void read_log(std::istream& log, const Engine* engine, Report& report) {
  LogCounter counter(engine, report);
  report.has_log = true;
  for (std::string line; std::getline(log, line);) {
    if (const std::optional<LogLine> parsed = parse_log_line(line, report.until)) counter.count(*parsed);
  }
  counter.finish();
}

void name_senders(const std::vector<std::string>& names, const Keyring& keyring, Report& report) {
  std::unordered_map<std::string, std::string> by_key;
  for (const std::string& name : names) {
    const std::string person = person_from(name);
    if (!person.empty()) by_key.emplace(keyring.key(person), name);
  }
  for (RepeatedSender& sender : report.senders) {
    if (const auto found = by_key.find(sender.key); found != by_key.end()) sender.name = found->second;
  }
}

}  // namespace coldpitch
