// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

namespace coldpitch {

/// `text` for a man page (groff_man(7), mandoc): escapes, hyphens that stay hyphens, nothing taken for a request. Words in `backticks` become bold.
[[nodiscard]] std::string roff_text(std::string_view text);

/// The same, bold or italic.
[[nodiscard]] std::string roff_bold(std::string_view text);
[[nodiscard]] std::string roff_italic(std::string_view text);

}  // namespace coldpitch
