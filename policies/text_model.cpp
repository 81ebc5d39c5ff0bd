// SPDX-License-Identifier: MIT
#include "policies/text_model.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

namespace coldpitch {
namespace {

constexpr double kMostWeight = std::numeric_limits<std::int16_t>::max();
/// More than any model has; a file that large is something else.
constexpr std::size_t kMostModelOctets = std::size_t{4} << 20U;

}  // namespace

TextModel::TextModel(const std::vector<double>& weights, double bias,
                     std::map<Channel, Calibration> calibrations, ModelCard card)
    : weights_(kFeatures), bias_(bias), calibrations_(std::move(calibrations)), card_(std::move(card)) {
  double heaviest = 0;
  for (const double weight : weights) heaviest = std::max(heaviest, std::abs(weight));
  scale_ = heaviest > 0 ? heaviest / kMostWeight : 1;
  for (std::size_t i = 0; i < std::min(weights.size(), kFeatures); ++i) {
    weights_[i] = static_cast<std::int16_t>(std::lround(weights[i] / scale_));
  }
}

double TextModel::raw_score(const TextFeatures& features) const {
  // Common counts from a table: which feature is there more than once cannot be guessed.
  static const std::array<double, 16> kCommon = [] {
    std::array<double, 16> values{};
    for (std::uint16_t times = 1; times < values.size(); ++times) values[times] = count_value(times);
    return values;
  }();
  const double* const common = kCommon.data();
  double sum = 0;
  for (std::size_t i = 0; i < features.present.size(); ++i) {
    const std::uint16_t times = features.times[i];
    sum += (times < kCommon.size() ? common[times] : count_value(times)) * weights_[features.present[i]];
  }
  const double length = std::sqrt(static_cast<double>(std::max<std::size_t>(features.present.size(), 1)));
  return bias_ + scale_ * sum / length;
}

const Calibration& TextModel::calibration(Channel channel) const {
  static const Calibration kNone;
  auto found = calibrations_.find(channel);
  if (found == calibrations_.end()) found = calibrations_.find(Channel::direct);
  return found == calibrations_.end() ? kNone : found->second;
}

double TextModel::log_odds(const TextFeatures& features, Channel channel) const {
  const Calibration& by = calibration(channel);
  return std::clamp(by.slope * raw_score(features) + by.offset, -kMostLogOdds, kMostLogOdds);
}

double probability(double log_odds) { return 1 / (1 + std::exp(-log_odds)); }

Result<std::shared_ptr<const TextModel>> load_text_model(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string octets(kMostModelOctets + 1, '\0');
  // Not by iterators: these throw where the path is a folder.
  file.read(octets.data(), static_cast<std::streamsize>(octets.size()));
  if (!file.is_open() || file.bad()) {
    return tl::unexpected(Error{Code::permanent, 0, std::generic_category().message(errno)});
  }
  octets.resize(static_cast<std::size_t>(file.gcount()));
  if (octets.size() > kMostModelOctets) {
    return tl::unexpected(Error{Code::syntax, 0, "is too large for a text model"});
  }
  Result<TextModel> model = TextModel::parse(octets);
  if (!model) return tl::unexpected(std::move(model.error()));
  return std::make_shared<const TextModel>(std::move(*model));
}

}  // namespace coldpitch
