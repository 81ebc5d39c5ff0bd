// SPDX-License-Identifier: MIT
#include <nlohmann/json.hpp>

#include "cli/report.h"
#include "policies/verdict.h"

namespace coldpitch {
namespace {

using Json = nlohmann::ordered_json;

Json levels_json(const std::array<std::size_t, 4>& counts) {
  Json json = Json::object();
  for (std::size_t level = 0; level < counts.size(); ++level) {
    json[std::string(to_string(static_cast<Level>(level)))] = counts[level];
  }
  return json;
}

Json series_json(const TimeSeries& series, const TimeSeries& span) {
  Json list = Json::array();
  for (const TimeSeries::Step& step : series.steps(span))
    list.push_back({{"from", step.label}, {"count", step.count}});
  return list;
}

Json tally_json(const Tally& tally) {
  Json json = Json::object();
  for (const auto& [name, count] : tally.top(tally.size())) json[name] = count;
  return json;
}

Json log_json(const Report& report) {
  return {{"messages", report.lines},
          {"undated", report.undated},
          {"verdicts", levels_json(report.messages)},
          {"unit", to_string(report.log_judged.unit())},
          {"pitches", series_json(report.log_pitches, report.log_judged)},
          {"clauses", tally_json(report.clauses.counts)},
          {"channels", tally_json(report.channels.counts)},
          {"offers", tally_json(report.offers.counts)},
          {"networks", tally_json(report.networks.counts)},
          {"rules", tally_json(report.rules.counts)},
          {"shadow_rules", tally_json(report.shadows.counts)},
          {"actions", tally_json(report.actions)},
          {"exempt", tally_json(report.exempt)},
          {"faults", tally_json(report.faults)},
          {"median_ms", report.median_ms},
          {"slowest_percent_ms", report.slow_ms}};
}

Json store_json(const Report& report) {
  Json senders = Json::array();
  for (const RepeatedSender& sender : report.senders) {
    senders.push_back({{"key", sender.key.substr(0, 8)},
                       {"name", sender.name},
                       {"pitches", sender.pitches},
                       {"messages", sender.messages},
                       {"recipients", sender.recipients},
                       {"last", format_rfc3339(sender.last)}});
  }
  return {{"verdicts", levels_json(report.events)},
          {"unit", to_string(report.store_judged.unit())},
          {"pitches", series_json(report.store_pitches, report.store_judged)},
          {"users",
           {{"wanted", report.said_wanted},
            {"pitch", report.said_pitch},
            {"stop", report.said_stop},
            {"stop_in_mail", report.stops_in_mail}}},
          {"senders", std::move(senders)}};
}

}  // namespace

std::string report_as_json(const Report& report) {
  Json json{{"since", format_rfc3339(report.since)}, {"until", format_rfc3339(report.until)}};
  if (report.has_log) json["log"] = log_json(report);
  if (report.has_store) json["history"] = store_json(report);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace coldpitch
