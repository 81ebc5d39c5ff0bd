// SPDX-License-Identifier: MIT
#include "milter/profile.h"

#include <array>
#include <utility>

namespace coldpitch {
namespace {

/// The first of a name is what mode_from() gives.
constexpr std::array<std::pair<Mode, std::string_view>, 8> kModes{{{Mode::off, "off"},
                                                                   {Mode::annotate, "annotate"},
                                                                   {Mode::tag, "tag"},
                                                                   {Mode::fold, "fold"},
                                                                   {Mode::quarantine_hold, "quarantine"},
                                                                   {Mode::quarantine_mailbox, "quarantine"},
                                                                   {Mode::reject, "reject"},
                                                                   {Mode::discard, "discard"}}};

}  // namespace

std::string_view to_string(Mode mode) {
  for (const auto& [value, name] : kModes) {
    if (value == mode) return name;
  }
  return "annotate";
}

std::optional<Mode> mode_from(std::string_view name) {
  for (const auto& [value, known] : kModes) {
    if (known == name) return value;
  }
  return std::nullopt;
}

Mode Profile::action_for(Level level) const {
  if (mode == Mode::off) return Mode::off;
  if (const auto named = actions.find(level); named != actions.end()) return named->second;
  switch (level) {
    case Level::none:
    case Level::suspect:
      return Mode::annotate;
    case Level::pitch:
      return mode;
    case Level::repeat_pitch:
      return action_for(Level::pitch);
  }
  return Mode::annotate;
}

}  // namespace coldpitch
