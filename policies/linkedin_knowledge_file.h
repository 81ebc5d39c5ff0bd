// SPDX-License-Identifier: MIT
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "parsers/linkedin_knowledge.h"
#include "policies/diagnostic.h"
#include "policies/yaml_document.h"

namespace coldpitch {

/// Reads knowledge of LinkedIn's mail from YAML files; the form is described in docs/linkedin.md.
///
/// A later file adds to the earlier ones, and what it says is looked at first. All errors are collected in `diagnostics` with file, line and
/// column: unknown sections, keys, kinds and roles, texts too short to tell anything, texts given twice, dates and sources that lack;
/// nullptr when there was one. A template that an earlier one hides is a warning. Linear in the size of the files, but for the
/// templates of one file, of which there may be at most 1,000.
[[nodiscard]] std::shared_ptr<const LinkedInKnowledge> load_linkedin_knowledge(
    const std::vector<std::string>& paths, std::vector<Diagnostic>& diagnostics);

/// The same from documents already in memory.
[[nodiscard]] std::shared_ptr<const LinkedInKnowledge> read_linkedin_knowledge(
    const std::vector<YamlDocument>& documents, std::vector<Diagnostic>& diagnostics);

}  // namespace coldpitch
