// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// The kinds of files there are schemas of.
enum class FileKind { configuration, policy, rules };

/// JSON Schema (draft 7, which editors know best) of a kind of file, made from the table its loader reads by. It takes
/// every file the loader takes; what it takes may still be refused, since not all can be said in it (a name that must be
/// known, an expression that must be sound).
[[nodiscard]] std::string json_schema(FileKind kind);

}  // namespace coldpitch
