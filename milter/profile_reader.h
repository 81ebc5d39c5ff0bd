// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "milter/profile.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// The profiles of a configuration, and which recipients they are for.
struct Profiles {
  std::vector<Profile> list;
  AddressMap index;  ///< recipients -> places in `list`; of equal entries the first holds
  std::optional<Diagnostic> about_block;  ///< the place of a `block`, if there is one
};

/// What the entries depend on.
struct ProfileContext {
  std::string base;  ///< folder that list files are relative to
  bool discard_allowed =
      false;  ///< the configuration's `allow_discard`: without it the action `discard` is an error
  std::vector<std::string> local_domains{};  ///< a recipient's domain that is nearly one of them is warned of
};

/// Reads the entries of `profiles` of a configuration. Errors and warnings go to `diagnostics`; what could be read is returned all
/// the same.
[[nodiscard]] Profiles read_profiles(const YamlDocument& document, const std::vector<YamlNode>& items,
                                     const ProfileContext& context, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
