// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "policies/yaml_document.h"
#include "policies/yaml_merge.h"

namespace coldpitch {

/// /etc/coldpitch/coldpitch.yaml
inline constexpr std::string_view kDefaultConfigFile = "/etc/coldpitch/coldpitch.yaml";

/// The files of a configuration, laid over each other.
struct ConfigFiles {
  YamlDocument document;
  std::vector<std::string> files;        ///< in the order they were read; empty: there are none
  std::vector<YamlOverride> overridden;  ///< what a later file said otherwise
};

/// Reads `file`, then the files of `conf.d/` beside it whose names end in ".yaml", in the order of their names (by octets). A later file wins
/// key by key, in maps within maps too; lists are replaced as a whole. An empty `file` means kDefaultConfigFile, which may be
/// absent. Files in `conf.d/` that are not read are warned of, but hidden ones and editors' copies. nullopt when a file cannot be read or parsed.
/// Duplicate keys are errors, but do not keep the rest from being returned: whoever puts it into force must look for errors.
/// `despite_errors`: a file that cannot be read or parsed is left out, and the rest is returned.
[[nodiscard]] std::optional<ConfigFiles> read_config_files(const std::string& file,
                                                           std::vector<Diagnostic>& diagnostics,
                                                           bool despite_errors = false);

}  // namespace coldpitch
