// SPDX-License-Identifier: MIT
#include "policies/verdict.h"

#include <string>

#include "tests/support/catch.h"

namespace coldpitch {
namespace {

TEST_CASE("levels have the names of the contract, and back", "[verdict]") {
  const struct {
    Level level;
    std::string name;
  } kRows[] = {
      {Level::none, "none"},
      {Level::suspect, "suspect"},
      {Level::pitch, "pitch"},
      {Level::repeat_pitch, "repeat-pitch"},
  };
  for (const auto& row : kRows) {
    CAPTURE(row.name);
    CHECK(to_string(row.level) == row.name);
    CHECK(level_from(row.name) == row.level);
  }
}

TEST_CASE("names of no level are none", "[verdict]") {
  for (const std::string name : {"", "Pitch", "repeat_pitch", "pitch ", "repeat"}) {
    CAPTURE(name);
    CHECK_FALSE(level_from(name).has_value());
  }
}

TEST_CASE("levels go from mild to severe", "[verdict]") {
  CHECK(Level::none < Level::suspect);
  CHECK(Level::suspect < Level::pitch);
  CHECK(Level::pitch < Level::repeat_pitch);
}

TEST_CASE("channels have the names of the contract", "[verdict]") {
  const struct {
    Channel channel;
    std::string name;
  } kRows[] = {
      {Channel::linkedin, "linkedin"}, {Channel::direct, "direct"}, {Channel::list, "list"},
      {Channel::outbound, "outbound"}, {Channel::exempt, "exempt"},
  };
  for (const auto& row : kRows) CHECK(to_string(row.channel) == row.name);
}

}  // namespace
}  // namespace coldpitch
