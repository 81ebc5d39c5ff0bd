// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "parsers/date.h"

namespace coldpitch {

/// Counts over time, by days while they are added; shown by days, weeks (from Monday) or months, so that there are at most some sixty
/// steps. UTC.
class TimeSeries {
 public:
  void add(TimePoint time, std::size_t count = 1);
  [[nodiscard]] bool empty() const { return days_.empty(); }

  struct Step {
    std::string label;  ///< "2026-10-05", or "2026-10" for months
    std::size_t count = 0;
  };
  enum class Unit : unsigned char { day, week, month };

  /// Every step from the first to the last day of `span` (which is another series or this), empty ones too.
  [[nodiscard]] std::vector<Step> steps(const TimeSeries& span) const;
  [[nodiscard]] std::vector<Step> steps() const { return steps(*this); }
  /// The unit steps() takes.
  [[nodiscard]] Unit unit() const;

 private:
  std::map<std::chrono::sys_days, std::size_t> days_;
};

[[nodiscard]] std::string_view to_string(TimeSeries::Unit unit);

/// "▁▃█": one character a step; "" for none. At most `columns`: steps are joined to fit.
[[nodiscard]] std::string sparkline(const std::vector<TimeSeries::Step>& steps, std::size_t columns = 60);

/// The same as a small inline SVG without words; "" for none.
[[nodiscard]] std::string svg_spark(const std::vector<TimeSeries::Step>& steps);

/// A bar chart as inline SVG: the steps of `first` with those of `second` (may be empty) before them, both of the same span.
/// `title` is what it shows, for those who do not see it.
[[nodiscard]] std::string svg_bars(const std::string& title, const std::vector<TimeSeries::Step>& first,
                                   const std::vector<TimeSeries::Step>& second);

}  // namespace coldpitch
