// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/offset_map.h"

namespace coldpitch::linkedin {

/// A text without white space and invisible characters: what stays the same when a text is laid out anew.
struct Squeezed {
  std::string text;
  std::vector<std::size_t> source;  ///< of each octet, its place in the text it was made from
};

/// `utf8` squeezed. Never fails; the result owns its text and takes nine times its octets. Pure, thread-safe, linear.
[[nodiscard]] Squeezed squeeze(std::string_view utf8);

/// Where `words` stand in `text`, both squeezed: octets of the text `text` was made from; the last place where there are several.
/// nullopt when they do not, or are empty. Pure, thread-safe, linear (Knuth, Morris and Pratt).
[[nodiscard]] std::optional<Span> find_squeezed(const Squeezed& text, std::string_view words);

}  // namespace coldpitch::linkedin
