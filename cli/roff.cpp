// SPDX-License-Identifier: MIT
#include "cli/roff.h"

namespace coldpitch {

std::string roff_text(std::string_view text) {
  std::string roff;
  bool bold = false;
  for (const char octet : text) {
    const bool begins_line = roff.empty() || roff.back() == '\n';
    switch (octet) {
      case '\\':
        roff += "\\e";
        break;
      case '-':
        roff += "\\-";
        break;
      case '`':
        roff += bold ? "\\fR" : "\\fB";
        bold = !bold;
        break;
      case '.':
      case '\'':
        roff += begins_line ? "\\&" : "";
        roff += octet == '\'' ? "\\(aq" : ".";
        break;
      default:
        roff += octet;
    }
  }
  return bold ? roff + "\\fR" : roff;
}

std::string roff_bold(std::string_view text) { return "\\fB" + roff_text(text) + "\\fR"; }
std::string roff_italic(std::string_view text) { return "\\fI" + roff_text(text) + "\\fR"; }

}  // namespace coldpitch
