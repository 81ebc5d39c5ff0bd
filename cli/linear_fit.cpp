// SPDX-License-Identifier: MIT
#include "cli/linear_fit.h"

#include <linear.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>

namespace coldpitch {
namespace {

/// How closely the training texts are followed. Found by cross-validation; a factor of three either way changes little.
constexpr double kCost = 10;
constexpr double kTolerance = 1e-3;

/// ln((1 + texts) / (1 + texts with the feature)), by feature.
std::vector<double> rarities(const std::vector<FitExample>& examples) {
  std::vector<double> rarity(kFeatures);
  for (const FitExample& example : examples) {
    for (const std::uint32_t feature : example.features->present) ++rarity[feature];
  }
  for (double& count : rarity) count = std::log((1 + static_cast<double>(examples.size())) / (1 + count));
  return rarity;
}

double value_of(const TextFeatures& features) {
  return 1 / std::sqrt(static_cast<double>(std::max<std::size_t>(features.present.size(), 1)));
}

/// liblinear's form of the examples: one block of nodes, each example ended by an index of -1.
class Problem {
 public:
  Problem(const std::vector<FitExample>& examples, const std::vector<double>& rarity) {
    std::size_t nodes = 0;
    for (const FitExample& example : examples) nodes += example.features->present.size() + 2;
    nodes_.reserve(nodes);
    for (const FitExample& example : examples) add(example, rarity);
    // What counts more than once stands in memory once.
    for (std::size_t i = 0; i < examples.size(); ++i) {
      rows_.insert(rows_.end(), examples[i].times, nodes_.data() + starts_[i]);
      labels_.insert(labels_.end(), examples[i].times, examples[i].pitch ? 1 : -1);
    }
    problem_.l = static_cast<int>(rows_.size());
    problem_.n = kBias;
    problem_.y = labels_.data();
    problem_.x = rows_.data();
    problem_.bias = 1;
  }

  [[nodiscard]] const problem& get() const { return problem_; }

 private:
  static constexpr int kBias = static_cast<int>(kFeatures) + 1;

  void add(const FitExample& example, const std::vector<double>& rarity) {
    starts_.push_back(nodes_.size());
    const double value = value_of(*example.features);
    for (std::size_t i = 0; i < example.features->present.size(); ++i) {
      const std::uint32_t feature = example.features->present[i];
      nodes_.push_back(
          {static_cast<int>(feature) + 1, value * count_value(example.features->times[i]) * rarity[feature]});
    }
    nodes_.push_back({kBias, 1});
    nodes_.push_back({-1, 0});
  }

  std::vector<feature_node> nodes_;
  std::vector<std::size_t> starts_;
  std::vector<feature_node*> rows_;
  std::vector<double> labels_;
  problem problem_{};
};

struct ModelDeleter {
  void operator()(model* owned) const { free_and_destroy_model(&owned); }
};

void say_nothing(const char* /*line*/) {}

/// What the lighter class must be multiplied by to weigh as much as the other.
std::array<double, 2> class_weights(const std::vector<FitExample>& examples) {
  double pitches = 0;
  double ham = 0;
  for (const FitExample& example : examples)
    (example.pitch ? pitches : ham) += static_cast<double>(example.times);
  return {std::max(1.0, ham / pitches), std::max(1.0, pitches / ham)};
}

}  // namespace

double LinearFit::score(const TextFeatures& features) const {
  double sum = 0;
  for (std::size_t i = 0; i < features.present.size(); ++i) {
    sum += count_value(features.times[i]) * weights[features.present[i]];
  }
  return bias + sum * value_of(features);
}

LinearFit fit_linear(const std::vector<FitExample>& examples) {
  const std::vector<double> rarity = rarities(examples);
  const Problem problem(examples, rarity);
  std::array<int, 2> labels{1, -1};
  std::array<double, 2> weights = class_weights(examples);
  parameter settings{};
  settings.solver_type = L2R_LR;
  settings.C = kCost;
  settings.eps = kTolerance;
  settings.nr_weight = static_cast<int>(labels.size());
  settings.weight_label = labels.data();
  settings.weight = weights.data();
  set_print_string_function(say_nothing);
  const std::unique_ptr<model, ModelDeleter> fitted(train(&problem.get(), &settings));

  // liblinear's first class is that of the first example.
  const double sign = fitted->label[0] == 1 ? 1 : -1;
  LinearFit fit;
  fit.weights.resize(kFeatures);
  for (std::size_t i = 0; i < kFeatures; ++i) fit.weights[i] = sign * fitted->w[i] * rarity[i];
  fit.bias = sign * fitted->w[kFeatures];
  return fit;
}

}  // namespace coldpitch
