// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace coldpitch {

/// How text is shown on standard output: plain in a pipe; with colours on a terminal, unless NO_COLOR is set and not empty
/// (no-color.org) or TERM is "dumb".
class Terminal {
 public:
  enum class Ink : std::uint8_t { red, green, yellow, blue, magenta, cyan, bold, dim };

  Terminal(bool colours, std::size_t columns) : colours_(colours), columns_(columns) {}
  /// What standard output is; 80 columns when it is no terminal, never more than 110.
  [[nodiscard]] static Terminal of_standard_output();

  [[nodiscard]] bool has_colours() const { return colours_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  /// `text` in `ink`, or as it is. `text` must be safe already (terminal_text()).
  [[nodiscard]] std::string paint(Ink ink, std::string_view text) const;

 private:
  bool colours_;
  std::size_t columns_;
};

/// Text of a message made safe for a terminal: control characters but line ends, C1, bidi controls and ill-formed UTF-8 become visible
/// escapes, a tab blanks, CR is dropped before LF. Nothing is cut.
[[nodiscard]] std::string terminal_text(std::string_view text);

/// Code points in `text`, escape sequences of paint() left out: the columns it takes, but for wide and combining characters.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// `text` with its lines broken at blanks so that they fit into `columns`, each line after `indent` blanks; longer words stand alone.
[[nodiscard]] std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent);

/// `text` filled with blanks on the right (or cut with "…") to `columns`.
[[nodiscard]] std::string padded(std::string_view text, std::size_t columns);

}  // namespace coldpitch
