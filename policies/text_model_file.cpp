// SPDX-License-Identifier: MIT
// The file of a text model: lines "key value ...", one a line, up to "weights"; then the weights as 16-bit numbers, low octet first;
// then the SHA-256 of all before it. `head -20` shows what a model was learned from.
#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "parsers/text.h"
#include "policies/text_model.h"

namespace coldpitch {
namespace {

constexpr std::string_view kFirstLine = "coldpitch text model, version ";
/// Raised with every change of the features or the file: an old file would be read without an error, and judge wrongly.
constexpr int kVersion = 2;
constexpr std::string_view kWeights = "weights\n";
constexpr std::size_t kWeightOctets = 2 * kFeatures;
constexpr std::size_t kChecksumOctets = 32;
constexpr std::size_t kMostReliabilityRows = 100;
constexpr std::size_t kLanguageCode = 2;  ///< ISO 639-1
/// No sum of numbers up to this is out of a double's reach.
constexpr double kMostNumber = 1e9;

using Checksum = std::array<unsigned char, kChecksumOctets>;

std::optional<Checksum> checksum_of(std::string_view octets) {
  Checksum checksum{};
  unsigned size = 0;
  const bool made =
      EVP_Digest(octets.data(), octets.size(), checksum.data(), &size, EVP_sha256(), nullptr) == 1;
  return made && size == kChecksumOctets ? std::optional(checksum) : std::nullopt;
}

tl::unexpected<Error> refused(std::size_t offset, std::string detail) {
  return tl::unexpected(Error{Code::syntax, offset, std::move(detail)});
}

/// The shortest text that reads back as `value`.
std::string text_of(double value) {
  std::array<char, 40> text{};
  const auto [end, error] = std::to_chars(text.data(), text.data() + text.size(), value);
  return {text.data(), end};
}

std::optional<double> number_from(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !(std::abs(value) <= kMostNumber))
    return std::nullopt;
  return value;
}

/// The numbers behind the key of a line; nullopt unless there are `count`.
std::optional<std::vector<double>> numbers_of(const std::vector<std::string_view>& words, std::size_t count) {
  if (words.size() != count + 1) return std::nullopt;
  std::vector<double> numbers;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::optional<double> number = number_from(words[i]);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<std::size_t> count_from(double number) {
  if (number < 0 || number != std::floor(number)) return std::nullopt;
  return static_cast<std::size_t>(number);
}

/// What the lines say.
struct Lines {
  double scale = 0, bias = 0;
  bool has_scale = false, has_bias = false;
  std::map<Channel, Calibration> calibrations;
  ModelCard card;
};

bool read_calibration(Channel channel, const std::vector<std::string_view>& words, Lines& lines) {
  const auto numbers = numbers_of(words, 2);
  return numbers && lines.calibrations.try_emplace(channel, Calibration{(*numbers)[0], (*numbers)[1]}).second;
}

bool read_learned(const std::vector<std::string_view>& words, Lines& lines) {
  const auto numbers = numbers_of(words, 2);
  if (!numbers) return false;
  const auto pitches = count_from((*numbers)[0]);
  const auto ham = count_from((*numbers)[1]);
  if (!pitches || !ham) return false;
  lines.card.pitches = *pitches;
  lines.card.ham = *ham;
  return true;
}

bool read_reliability(const std::vector<std::string_view>& words, Lines& lines) {
  const auto numbers = numbers_of(words, 4);
  if (!numbers || lines.card.reliability.size() == kMostReliabilityRows) return false;
  const auto pitches = count_from((*numbers)[2]);
  const auto ham = count_from((*numbers)[3]);
  if (!pitches || !ham) return false;
  lines.card.reliability.push_back({(*numbers)[0], (*numbers)[1], *pitches, *ham});
  return true;
}

/// "language de 40 60"
bool read_language(const std::vector<std::string_view>& words, Lines& lines) {
  if (words.size() != 4 || words[1].size() != kLanguageCode) return false;
  const auto pitches = number_from(words[2]);
  const auto ham = number_from(words[3]);
  if (!pitches || !ham || !count_from(*pitches) || !count_from(*ham)) return false;
  const LanguageTexts texts{*count_from(*pitches), *count_from(*ham)};
  return lines.card.languages.try_emplace(std::string(words[1]), texts).second;
}

bool read_number(const std::vector<std::string_view>& words, double& number, bool& has) {
  const auto numbers = numbers_of(words, 1);
  if (!numbers || has) return false;
  number = numbers->front();
  has = true;
  return true;
}

/// Keys this version does not know are passed over: they are for people.
bool read_line(std::string_view line, Lines& lines) {
  const std::vector<std::string_view> words = split(line, ' ');
  const std::string_view key = words.front();
  if (key == "scale") return read_number(words, lines.scale, lines.has_scale);
  if (key == "bias") return read_number(words, lines.bias, lines.has_bias);
  if (key == "calibration-direct") return read_calibration(Channel::direct, words, lines);
  if (key == "calibration-linkedin") return read_calibration(Channel::linkedin, words, lines);
  if (key == "learned-from") return read_learned(words, lines);
  if (key == "reliability") return read_reliability(words, lines);
  if (key == "language") return read_language(words, lines);
  return true;
}

/// Octets of the line at `at`, without its end; nullopt when it has none.
std::optional<std::string_view> line_at(std::string_view octets, std::size_t at) {
  const std::size_t end = octets.find('\n', at);
  if (end == std::string_view::npos) return std::nullopt;
  return octets.substr(at, end - at);
}

std::optional<Error> first_line_fault(std::string_view octets) {
  const std::optional<std::string_view> line = line_at(octets.substr(0, 200), 0);
  if (!line || !line->starts_with(kFirstLine)) return Error{Code::syntax, 0, "is no text model"};
  const std::string_view version = line->substr(kFirstLine.size());
  if (version == std::to_string(kVersion)) return std::nullopt;
  return Error{Code::syntax, kFirstLine.size(),
               "is a text model of version " + printable(version, 20) + ", this program reads version " +
                   std::to_string(kVersion) + "; make a new one with coldpitch train"};
}

}  // namespace

std::string TextModel::serialise() const {
  std::string octets(kFirstLine);
  octets += std::to_string(kVersion) + '\n';
  octets += "learned-from " + std::to_string(card_.pitches) + ' ' + std::to_string(card_.ham) + '\n';
  for (const auto& [language, texts] : card_.languages) {
    octets +=
        "language " + language + ' ' + std::to_string(texts.pitches) + ' ' + std::to_string(texts.ham) + '\n';
  }
  octets += "scale " + text_of(scale_) + "\nbias " + text_of(bias_) + '\n';
  for (const auto& [channel, by] : calibrations_) {
    octets += "calibration-" + std::string(to_string(channel)) + ' ' + text_of(by.slope) + ' ' +
              text_of(by.offset) + '\n';
  }
  for (const ReliabilityRow& row : card_.reliability) {
    octets += "reliability " + text_of(row.predicted) + ' ' + text_of(row.observed) + ' ' +
              std::to_string(row.pitches) + ' ' + std::to_string(row.ham) + '\n';
  }
  octets += kWeights;
  for (const std::int16_t weight : weights_) {
    const auto bits = static_cast<std::uint16_t>(weight);
    octets += static_cast<char>(bits & 0xFFU);
    octets += static_cast<char>(bits >> 8U);
  }
  const Checksum checksum = checksum_of(octets).value_or(Checksum{});
  octets.append(checksum.begin(), checksum.end());
  return octets;
}

Result<TextModel> TextModel::parse(std::string_view octets) {
  if (std::optional<Error> fault = first_line_fault(octets)) return tl::unexpected(std::move(*fault));
  constexpr std::size_t kTail = kWeightOctets + kChecksumOctets;
  const std::size_t head = octets.size() < kTail ? 0 : octets.size() - kTail;
  if (!octets.substr(0, head).ends_with(kWeights))
    return refused(octets.size(), "is cut or not a whole text model");
  const std::string_view checked = octets.substr(0, octets.size() - kChecksumOctets);
  const std::optional<Checksum> checksum = checksum_of(checked);
  const std::string_view written = octets.substr(checked.size());
  if (!checksum ||
      std::string_view(reinterpret_cast<const char*>(checksum->data()), checksum->size()) != written)
    return refused(checked.size(), "is damaged: its checksum is wrong");

  Lines lines;
  const std::size_t end = head - kWeights.size();
  for (std::size_t at = 0; at < end;) {
    const std::string_view line = line_at(octets, at).value_or("");
    if (!read_line(line, lines)) return refused(at, "has a line that is ill-formed: " + printable(line, 60));
    at += line.size() + 1;
  }
  if (!lines.has_scale || !lines.has_bias || !lines.calibrations.contains(Channel::direct))
    return refused(end, "lacks its scale, bias or calibration");

  TextModel model;
  model.scale_ = lines.scale;
  model.bias_ = lines.bias;
  model.calibrations_ = std::move(lines.calibrations);
  model.card_ = std::move(lines.card);
  model.weights_.reserve(kFeatures);
  for (std::size_t at = head; at < checked.size(); at += 2) {
    const unsigned low = static_cast<std::uint8_t>(octets[at]);
    const unsigned high = static_cast<std::uint8_t>(octets[at + 1]);
    model.weights_.push_back(static_cast<std::int16_t>(static_cast<std::uint16_t>(low | (high << 8U))));
  }
  return model;
}

}  // namespace coldpitch
