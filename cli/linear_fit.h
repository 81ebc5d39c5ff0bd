// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "policies/text_features.h"

namespace coldpitch {

/// A text to learn from, as a fit sees it: each of its features counts by how often it is there (count_value()), and by its rarity.
struct FitExample {
  const TextFeatures* features;  ///< not owned
  bool pitch;
  std::size_t times = 1;  ///< counts as so many
};

/// A weight for each feature, for texts whose features have the value count_value() / root of their number; and what is added to the sum.
struct LinearFit {
  std::vector<double> weights;
  double bias = 0;

  [[nodiscard]] double score(const TextFeatures& features) const;
};

/// L2-regularised logistic regression (liblinear's trust-region Newton method, which draws no random numbers): the same examples in the
/// same order give the same weights. Both classes weigh the same in all, whatever their numbers. Rare features start with more room (inverse document frequency),
/// which is folded into the weights. There must be examples of both classes. About 16 octets of memory a feature and example.
[[nodiscard]] LinearFit fit_linear(const std::vector<FitExample>& examples);

}  // namespace coldpitch
