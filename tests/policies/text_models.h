// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "policies/text_model.h"

namespace coldpitch::test {

/// A model that gives every feature of a text of one word its weight; the subject is not looked at.
inline TextModel model_of(const std::vector<std::pair<std::string, double>>& words, double bias = 0,
                          Calibration calibration = {}) {
  std::vector<double> weights(kFeatures);
  for (const auto& [word, weight] : words) {
    for (const std::uint32_t feature : text_features("", word).present) weights[feature] += weight;
  }
  return {weights, bias, {{Channel::direct, calibration}}, {}};
}

}  // namespace coldpitch::test
