// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

namespace coldpitch {

/// The style sheet of every page. Text on every tint keeps a contrast of at least 4.5 to 1 (WCAG 2.1 AA), in light and dark; no
/// meaning is told by colour alone.
extern const std::string_view kPageStyle;

}  // namespace coldpitch
