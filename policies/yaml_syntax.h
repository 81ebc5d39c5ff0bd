// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coldpitch {

/// Where yaml-cpp stopped, and what was begun and not ended there.
struct YamlStop {
  struct Begun {
    bool is_map = false, in_brackets = false;
    std::size_t line = 0, column = 0;  ///< from 1
  };
  std::size_t line = 0, column = 0;  ///< from 1
  std::vector<Begun> begun;          ///< outermost first
  std::size_t open_quote = 0;        ///< line of the last quote, when it went on in the next line
};

/// `complaint` of yaml-cpp with what an admin may have meant, where that can be told: a line that is indented as nothing above it, a
/// tab, a quote or a bracket left open, a sign that wants quotes, a colon without a blank. Pure; linear in `text`.
[[nodiscard]] std::string explain_syntax_error(std::string_view complaint, std::string_view text,
                                               const YamlStop& stop);

}  // namespace coldpitch
