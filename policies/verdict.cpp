// SPDX-License-Identifier: MIT
#include "policies/verdict.h"

#include <array>

namespace coldpitch {

std::string_view to_string(Level level) {
  switch (level) {
    case Level::none:
      return "none";
    case Level::suspect:
      return "suspect";
    case Level::pitch:
      return "pitch";
    case Level::repeat_pitch:
      return "repeat-pitch";
  }
  return "none";
}

std::optional<Level> level_from(std::string_view name) {
  constexpr std::array kLevels{Level::none, Level::suspect, Level::pitch, Level::repeat_pitch};
  for (const Level level : kLevels) {
    if (to_string(level) == name) return level;
  }
  return std::nullopt;
}

std::string_view to_string(Channel channel) {
  switch (channel) {
    case Channel::linkedin:
      return "linkedin";
    case Channel::direct:
      return "direct";
    case Channel::list:
      return "list";
    case Channel::outbound:
      return "outbound";
    case Channel::exempt:
      return "exempt";
  }
  return "direct";
}

std::string with_detail(std::string words, const Reason& reason) {
  const std::size_t place = words.find(kDetailPlace);
  if (place == std::string::npos) return words;
  return words.replace(place, kDetailPlace.size(), reason.detail.empty() ? "?" : reason.detail);
}

}  // namespace coldpitch
