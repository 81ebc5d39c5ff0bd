// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "policies/policy.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// A value that another one took the place of.
struct YamlOverride {
  std::string key;  ///< "limits.message"
  SourceLocation before, now;
};

/// Lays `later` over `earlier`, both maps of `document`: keys of both are merged where both values are maps, else the later value
/// takes the earlier one's place, lists as a whole. A later key without a value changes nothing. What was replaced is
/// added to `overrides`.
void merge_maps(const YamlDocument& document, YamlNode& earlier, YamlNode later,
                std::vector<YamlOverride>& overrides);

}  // namespace coldpitch
