// SPDX-License-Identifier: MIT
#include "cli/calibrate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace coldpitch {
namespace {

constexpr int kMostSteps = 100;
constexpr double kSmallestStep = 1e-10;
/// Steps shorter than kSmallestStep of the way are not tried.
constexpr int kMostHalvings = 34;
/// Keeps the Hessian invertible.
constexpr double kRidge = 1e-12;
constexpr std::array kRowEnds{0.001, 0.01, 0.05, 0.1, 0.2,  0.3,  0.4,   0.5,
                              0.6,   0.7,  0.8,  0.9, 0.95, 0.99, 0.999, 1.1};

/// One trial with the probability to aim at and the weight of its class.
struct Aim {
  double score, target, weight;
};

std::vector<Aim> aims_of(const std::vector<Trial>& trials) {
  double pitches = 0;
  double ham = 0;
  for (const Trial& trial : trials) (trial.pitch ? pitches : ham) += static_cast<double>(trial.times);
  std::vector<Aim> aims;
  aims.reserve(trials.size());
  for (const Trial& trial : trials) {
    // Never quite 0 or 1: there could always have been one more trial of the other kind.
    const double target = trial.pitch ? (pitches + 1) / (pitches + 2) : 1 / (ham + 2);
    aims.push_back(
        {trial.raw_score, target, 0.5 * static_cast<double>(trial.times) / (trial.pitch ? pitches : ham)});
  }
  return aims;
}

/// Cross-entropy of the aims, in a form that does not overflow.
double loss_of(const std::vector<Aim>& aims, const Calibration& by) {
  double loss = 0;
  for (const Aim& aim : aims) {
    const double odds = by.slope * aim.score + by.offset;
    const double wrong = odds >= 0 ? (1 - aim.target) * odds + std::log1p(std::exp(-odds))
                                   : -aim.target * odds + std::log1p(std::exp(odds));
    loss += aim.weight * wrong;
  }
  return loss;
}

/// The step of Newton's method from `by`, and how steep it is there.
struct Step {
  double slope, offset, gradient;
};

Step newton_step(const std::vector<Aim>& aims, const Calibration& by) {
  double ss = kRidge;
  double so = 0;
  double oo = kRidge;
  double gradient_slope = 0;
  double gradient_offset = 0;
  for (const Aim& aim : aims) {
    const double told = probability(by.slope * aim.score + by.offset);
    const double curve = aim.weight * told * (1 - told);
    const double wrong = aim.weight * (told - aim.target);
    ss += curve * aim.score * aim.score;
    so += curve * aim.score;
    oo += curve;
    gradient_slope += wrong * aim.score;
    gradient_offset += wrong;
  }
  const double determinant = ss * oo - so * so;
  const double slope = -(oo * gradient_slope - so * gradient_offset) / determinant;
  const double offset = -(ss * gradient_offset - so * gradient_slope) / determinant;
  return {slope, offset, gradient_slope * slope + gradient_offset * offset};
}

}  // namespace

Calibration fit_calibration(const std::vector<Trial>& trials) {
  const std::vector<Aim> aims = aims_of(trials);
  Calibration by{1, 0};
  double loss = loss_of(aims, by);
  for (int i = 0; i < kMostSteps; ++i) {
    const Step step = newton_step(aims, by);
    if (std::abs(step.gradient) < kSmallestStep) break;
    bool is_better = false;
    for (int halvings = 0; halvings < kMostHalvings && !is_better; ++halvings) {
      const double length = std::ldexp(1.0, -halvings);
      const Calibration tried{by.slope + length * step.slope, by.offset + length * step.offset};
      const double tried_loss = loss_of(aims, tried);
      is_better = tried_loss < loss + 1e-4 * length * step.gradient;
      if (!is_better) continue;
      by = tried;
      loss = tried_loss;
    }
    if (!is_better) break;
  }
  return by;
}

std::vector<ReliabilityRow> reliability_table(const std::vector<Trial>& trials,
                                              const Calibration& calibration) {
  struct Sum {
    // By times.
    double told_pitches = 0, told_ham = 0, weighed_pitches = 0, weighed_ham = 0;
    std::size_t pitches = 0, ham = 0;
  };
  std::array<Sum, kRowEnds.size()> sums;
  double pitches = 0;
  double ham = 0;
  for (const Trial& trial : trials) {
    const double told = probability(calibration.slope * trial.raw_score + calibration.offset);
    Sum& sum = sums[static_cast<std::size_t>(std::upper_bound(kRowEnds.begin(), kRowEnds.end(), told) -
                                             kRowEnds.begin())];
    const auto times = static_cast<double>(trial.times);
    (trial.pitch ? sum.told_pitches : sum.told_ham) += times * told;
    (trial.pitch ? sum.weighed_pitches : sum.weighed_ham) += times;
    (trial.pitch ? pitches : ham) += times;
    ++(trial.pitch ? sum.pitches : sum.ham);
  }
  std::vector<ReliabilityRow> rows;
  for (const Sum& sum : sums) {
    if (sum.pitches + sum.ham == 0) continue;
    const double pitch_weight = sum.weighed_pitches / std::max(pitches, 1.0);
    const double weight = pitch_weight + sum.weighed_ham / std::max(ham, 1.0);
    const double told = sum.told_pitches / std::max(pitches, 1.0) + sum.told_ham / std::max(ham, 1.0);
    const auto rounded = [](double share) { return std::round(share * 1e4) / 1e4; };
    rows.push_back({rounded(told / weight), rounded(pitch_weight / weight), sum.pitches, sum.ham});
  }
  return rows;
}

}  // namespace coldpitch
