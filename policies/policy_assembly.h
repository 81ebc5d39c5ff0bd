// SPDX-License-Identifier: MIT
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policies/diagnostic.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// Parsed files, by path.
using IncludedFiles = std::map<std::string, YamlDocument, std::less<>>;

/// A value that a policy gives which is laid over another.
struct PolicyChange {
  std::string
      key;  ///< "thresholds.pitch", "rules.ask-en.weight"; "rules.mine" for a rule, or a clause, that the other does not have
  YamlNode value;
  SourceLocation now, before;  ///< `before` has line 0 where the other gives no such value
};

/// Puts the files of one policy together: the one in `document`, those it includes, and the policy it extends.
///
/// `include` lists files of rules; these come before the document's own. `extends` names a policy whose file is looked for in
/// `folders`, other than the document's own file: the document is laid over it. Maps are merged key by key, lists are
/// replaced, but clauses and rules are merged by their id. A rule that gives a condition, or a part of one, replaces the whole condition
/// of the other. What is new is added at the end.
///
/// The result has neither `include` nor `extends`; its nodes know their files. Errors (a file that is not there, a rule that overrides
/// nothing) go to `diagnostics`, and the rest is put together all the same; nullopt when the policy it extends cannot be had.
/// No files are read when `folders` is empty. Included files that are in `cache` (by path) are not read again, others are put there.
/// What is changed by laying one over another is added to `changes`, from the one below on.
[[nodiscard]] std::optional<YamlDocument> assemble_policy(YamlDocument document,
                                                          const std::vector<std::string>& folders,
                                                          std::vector<Diagnostic>& diagnostics,
                                                          IncludedFiles* cache = nullptr,
                                                          std::vector<PolicyChange>* changes = nullptr);

}  // namespace coldpitch
