// SPDX-License-Identifier: MIT
// Text models: any octets are a model or are refused; what is read writes the same octets, and judges any text within its bounds.
#include <openssl/evp.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "policies/text_model.h"

namespace {

using namespace coldpitch;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_scores(const TextModel& model, std::string_view text) {
  for (const Channel channel : {Channel::direct, Channel::linkedin}) {
    const double odds = model.log_odds(text_features(text, text), channel);
    require(std::isnan(odds) || std::abs(odds) <= TextModel::kMostLogOdds);
  }
}

/// Lines of the fuzzer's making with weights and a right checksum behind them, which it could not find by itself.
std::string with_checksum(std::string_view lines) {
  std::string octets = "coldpitch text model, version 1\n" + std::string(lines) + "\nweights\n";
  for (std::size_t i = 0; i < 2 * kFeatures; ++i) octets += lines.empty() ? '\0' : lines[i % lines.size()];
  unsigned char checksum[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  require(EVP_Digest(octets.data(), octets.size(), checksum, &size, EVP_sha256(), nullptr) == 1);
  octets.append(reinterpret_cast<const char*>(checksum), size);
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  if (const auto model = TextModel::parse(octets)) check_scores(*model, octets);
  const auto model = TextModel::parse(with_checksum(octets));
  if (!model) {
    require(!model.error().detail.empty());
    return 0;
  }
  check_scores(*model, octets);
  const auto again = TextModel::parse(model->serialise());
  require(again && again->serialise() == model->serialise());
  return 0;
}
