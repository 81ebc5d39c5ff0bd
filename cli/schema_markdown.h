// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "cli/schema_json.h"

namespace coldpitch {

/// Tables of keys for docs/, made from the tables the loaders read by: one for the top level, with the keys of maps in it as
/// "limits.urls", and one for each other kind of map.
[[nodiscard]] std::string markdown_reference(FileKind kind);

}  // namespace coldpitch
