// SPDX-License-Identifier: MIT
#include "cli/calibrate.h"

#include <cmath>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

bool is_near(double left, double right, double tolerance) { return std::abs(left - right) <= tolerance; }

/// Scores whose odds are by nature `slope` times the score plus `offset`, as exactly as counts allow.
std::vector<Trial> trials_with(double slope, double offset) {
  std::vector<Trial> trials;
  for (double score = -3; score <= 3; score += 0.5) {
    const int pitches = static_cast<int>(std::lround(1000 * probability(slope * score + offset)));
    for (int i = 0; i < 1000; ++i) trials.push_back({score, i < pitches});
  }
  return trials;
}

TEST_CASE("the sigmoid behind the trials is found", "[calibrate]") {
  const Calibration found = fit_calibration(trials_with(1.5, 0));
  CHECK(is_near(found.slope, 1.5, 0.02));
  CHECK(is_near(found.offset, 0, 0.03));
}

TEST_CASE("both classes weigh the same however many there are", "[calibrate]") {
  std::vector<Trial> trials = trials_with(1.5, 0);
  const Calibration balanced = fit_calibration(trials);
  const std::size_t count = trials.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (!trials[i].pitch) trials.insert(trials.end(), 5, trials[i]);
  }
  const Calibration skewed = fit_calibration(trials);
  CHECK(is_near(skewed.slope, balanced.slope, 0.01));
  CHECK(is_near(skewed.offset, balanced.offset, 0.01));
}

TEST_CASE("trials that are told apart altogether give a steep but finite sigmoid", "[calibrate]") {
  const std::vector<Trial> trials{{-2, false}, {-1, false}, {1, true}, {2, true}};
  const Calibration found = fit_calibration(trials);
  CHECK(std::isfinite(found.slope));
  CHECK(found.slope > 0);
  CHECK(probability(found.slope * 2 + found.offset) > 0.6);
}

TEST_CASE("the table tells how often it was right", "[calibrate]") {
  const std::vector<ReliabilityRow> rows = reliability_table(trials_with(1.5, 0), {1.5, 0});
  REQUIRE(rows.size() > 5);
  std::size_t total = 0;
  for (const ReliabilityRow& row : rows) {
    CHECK(is_near(row.observed, row.predicted, 0.02));
    total += row.pitches + row.ham;
  }
  CHECK(total == 13'000);
  // One who always says one half, and is right half of the time.
  const std::vector<ReliabilityRow> flat = reliability_table({{0, true}, {0, false}}, {1, 0});
  CHECK(flat == std::vector<ReliabilityRow>{{0.5, 0.5, 1, 1}});
}

}  // namespace
}  // namespace coldpitch
