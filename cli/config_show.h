// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "milter/config.h"
#include "milter/config_files.h"

namespace coldpitch {

/// One setting of a configuration as it holds.
struct ShownSetting {
  std::string key;  ///< "limits.urls", "profiles[0].mode"
  std::string
      value;  ///< as it would be written; "(hidden)" for secrets; in parentheses where the default is no value
  SourceLocation location;                 ///< line 0: the default
  std::vector<SourceLocation> overridden;  ///< earlier files that say otherwise
  bool restart = false;                    ///< changes only at a restart
};

/// Every setting there is, in the order of the table of keys: what `files` say, else the default. The files must have been checked.
[[nodiscard]] std::vector<ShownSetting> shown_settings(const ConfigFiles& files);

/// Thresholds and terms of each policy of `config`, and what else a site's file changes in the one it is laid over, as
/// "policy.NAME.thresholds.pitch" and "policy.NAME.rules.ask-en.weight". What is wrong with the files goes to `diagnostics`.
[[nodiscard]] std::vector<ShownSetting> shown_policies(const Config& config,
                                                       std::vector<Diagnostic>& diagnostics);

/// `coldpitch config show`.
[[nodiscard]] int run_config_show(const std::string& config_file, bool json);

}  // namespace coldpitch
