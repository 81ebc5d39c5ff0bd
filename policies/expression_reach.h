// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Why an expression that RE2 takes cannot hit folded text, or a part of it cannot, each as the end of a sentence about it; empty
/// when nothing is wrong. Pure, linear.
///
/// Told: "^" behind characters and "$" before them; line ends and tabs, and two white spaces in a row (folded text has single blanks); "\b"
/// beside a letter that is not ASCII, where RE2 sees no border of a word.
[[nodiscard]] std::vector<std::string> reach_faults(std::string_view expression);

}  // namespace coldpitch
