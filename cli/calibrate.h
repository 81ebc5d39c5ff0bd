// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <vector>

#include "policies/text_model.h"

namespace coldpitch {

/// What a model said of a text it had not learned from, and what the text was.
struct Trial {
  double raw_score;
  bool pitch;
  std::size_t times = 1;  ///< counts as so many
};

/// The sigmoid that turns raw scores into probabilities (Platt 1999, by the method of Lin, Lin and Weng 2007), both classes weighing the
/// same. There must be trials of both classes. Deterministic.
[[nodiscard]] Calibration fit_calibration(const std::vector<Trial>& trials);

/// The trials by tenths of the probability told, with finer rows at both ends; empty rows left out.
[[nodiscard]] std::vector<ReliabilityRow> reliability_table(const std::vector<Trial>& trials,
                                                            const Calibration& calibration);

}  // namespace coldpitch
