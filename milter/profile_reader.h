// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "milter/profile.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// Reads the entries of `profiles` of a configuration. Errors and warnings go to `diagnostics`; what could be read is returned all
/// the same. `discard_allowed` is the configuration's `allow_discard`: without it the action `discard` is an error.
[[nodiscard]] std::vector<Profile> read_profiles(const YamlDocument& document,
                                                 const std::vector<YamlNode>& items, bool discard_allowed,
                                                 std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
