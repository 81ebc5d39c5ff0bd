// SPDX-License-Identifier: MIT
#include "cli/time_series.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/html_page.h"

namespace coldpitch {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr int kMostSteps = 62;

TimeSeries::Unit unit_of(days span) {
  if (span.count() < kMostSteps) return TimeSeries::Unit::day;
  return span.count() / 7 < kMostSteps ? TimeSeries::Unit::week : TimeSeries::Unit::month;
}

sys_days begin_of_step(sys_days day, TimeSeries::Unit unit) {
  switch (unit) {
    case TimeSeries::Unit::day:
      return day;
    case TimeSeries::Unit::week:
      return day - (std::chrono::weekday(day) - std::chrono::Monday);
    case TimeSeries::Unit::month: {
      const year_month_day date(day);
      return sys_days(date.year() / date.month() / 1);
    }
  }
  return day;
}

sys_days next_step(sys_days day, TimeSeries::Unit unit) {
  switch (unit) {
    case TimeSeries::Unit::day:
      return day + days(1);
    case TimeSeries::Unit::week:
      return day + days(7);
    case TimeSeries::Unit::month: {
      const year_month_day date(day);
      const auto next = date.year() / date.month() + std::chrono::months(1);
      return sys_days(next / 1);
    }
  }
  return day + days(1);
}

std::string label_of(sys_days day, TimeSeries::Unit unit) {
  return format_rfc3339(TimePoint(day)).substr(0, unit == TimeSeries::Unit::month ? 7 : 10);
}

std::size_t highest(const std::vector<TimeSeries::Step>& steps) {
  std::size_t most = 0;
  for (const TimeSeries::Step& step : steps) most = std::max(most, step.count);
  return most;
}

// The drawing is stretched to the page; words beside it are not.
constexpr int kWidth = 900;
constexpr int kHeight = 150;

std::string number(double value) {
  std::string text = std::to_string(std::lround(value * 10));
  if (text.size() == 1) text.insert(0, "0");
  text.insert(text.size() - 1, ".");
  return text;
}

std::string rectangles(const std::vector<TimeSeries::Step>& steps, std::size_t most, const char* css_class,
                       double share) {
  std::string svg;
  const double step =
      static_cast<double>(kWidth) / static_cast<double>(std::max<std::size_t>(steps.size(), 1));
  const double width = std::min(step, 60.0) * share;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].count == 0) continue;
    const double height = kHeight * static_cast<double>(steps[i].count) / static_cast<double>(most);
    const double x = step * (static_cast<double>(i) + 0.5) - width / 2;
    svg += "<rect class=\"" + std::string(css_class) + "\" x=\"" + number(x) + "\" y=\"" +
           number(kHeight - height) + "\" width=\"" + number(width) + "\" height=\"" + number(height) +
           "\"><title>" + html_text(steps[i].label) + ": " + std::to_string(steps[i].count) +
           "</title></rect>\n";
  }
  return svg;
}

/// The first, a middle and the last label: more would run into each other where the page is narrow.
std::string axis_labels(const std::vector<TimeSeries::Step>& steps) {
  std::string html = "<span>" + html_text(steps.front().label) + "</span>";
  if (steps.size() > 8) html += "<span>" + html_text(steps[steps.size() / 2].label) + "</span>";
  if (steps.size() > 1) html += "<span>" + html_text(steps.back().label) + "</span>";
  return html;
}

}  // namespace

void TimeSeries::add(TimePoint time, std::size_t count) { days_[std::chrono::floor<days>(time)] += count; }

TimeSeries::Unit TimeSeries::unit() const {
  if (days_.empty()) return Unit::day;
  return unit_of(days_.rbegin()->first - days_.begin()->first);
}

std::vector<TimeSeries::Step> TimeSeries::steps(const TimeSeries& span) const {
  std::vector<Step> steps;
  if (span.days_.empty()) return steps;
  const Unit unit = span.unit();
  const sys_days last = span.days_.rbegin()->first;
  for (sys_days day = begin_of_step(span.days_.begin()->first, unit); day <= last;) {
    const sys_days next = next_step(day, unit);
    Step step{label_of(day, unit), 0};
    for (auto found = days_.lower_bound(day); found != days_.end() && found->first < next; ++found) {
      step.count += found->second;
    }
    steps.push_back(std::move(step));
    day = next;
  }
  return steps;
}

std::string_view to_string(TimeSeries::Unit unit) {
  switch (unit) {
    case TimeSeries::Unit::day:
      return "day";
    case TimeSeries::Unit::week:
      return "week";
    case TimeSeries::Unit::month:
      return "month";
  }
  return "day";
}

std::string sparkline(const std::vector<TimeSeries::Step>& steps, std::size_t columns) {
  constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const std::size_t joined =
      columns == 0 ? 1 : (steps.size() + columns - 1) / std::max<std::size_t>(columns, 1);
  std::vector<TimeSeries::Step> shown;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (i % std::max<std::size_t>(joined, 1) == 0) shown.push_back({steps[i].label, 0});
    shown.back().count += steps[i].count;
  }
  const std::size_t most = highest(shown);
  std::string line;
  for (const TimeSeries::Step& step : shown) {
    // Only nothing is the lowest block: one of a thousand is seen.
    const std::size_t height =
        step.count == 0 ? 0 : 1 + (step.count - 1) * (kBlocks.size() - 1) / std::max<std::size_t>(most, 1);
    line += kBlocks[std::min(height, kBlocks.size() - 1)];
  }
  return line;
}

std::string svg_spark(const std::vector<TimeSeries::Step>& steps) {
  if (steps.empty()) return {};
  const std::string width = std::to_string(kWidth);
  const std::string height = std::to_string(kHeight);
  return "<svg class=\"spark\" viewBox=\"0 0 " + width + ' ' + height +
         "\" preserveAspectRatio=\"none\" aria-hidden=\"true\">" +
         rectangles(steps, std::max<std::size_t>(highest(steps), 1), "bar", 0.8) + "</svg>";
}

std::string svg_bars(const std::string& title, const std::vector<TimeSeries::Step>& first,
                     const std::vector<TimeSeries::Step>& second) {
  if (first.empty()) return {};
  const std::size_t most = std::max<std::size_t>({highest(first), highest(second), 1});
  const std::string width = std::to_string(kWidth);
  const std::string height = std::to_string(kHeight);
  return "<figure class=\"plot\"><div class=\"y\"><span>" + std::to_string(most) +
         "</span><span>0</span></div>\n<svg viewBox=\"0 0 " + width + ' ' + height +
         "\" preserveAspectRatio=\"none\" role=\"img\"><title>" + html_text(title) +
         "</title>\n<path class=\"axis\" d=\"M0 0H" + width + "M0 " + height + 'H' + width + "\"/>\n" +
         rectangles(first, most, "bar", 0.8) + rectangles(second, most, "bar2", 0.4) +
         "</svg>\n<figcaption>" + axis_labels(first) + "</figcaption></figure>\n";
}

}  // namespace coldpitch
