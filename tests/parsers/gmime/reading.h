// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/problems.h"

namespace coldpitch::test {

/// One MIME entity as a parser saw it.
struct ReadPart {
  std::size_t depth = 0;
  std::string type;    ///< "text/plain", lower case
  std::string octets;  ///< of a leaf that is text: without transfer encoding, line ends LF, none at the end
  std::string text;    ///< the same in UTF-8
};

/// What a parser made of a message, in a form that two parsers can be compared in.
struct Reading {
  std::vector<ReadPart> parts;    ///< depth first, the message itself first
  std::string subject;            ///< decoded, runs of white space as one blank, trimmed
  std::vector<std::string> from;  ///< "name|local@domain" of each mailbox, groups flattened
  std::string judged_text;        ///< by coldpitch alone
};

/// By parsers/. `problems` gets what it noted.
[[nodiscard]] Reading read_with_coldpitch(std::string_view octets, Problems& problems);

/// By GMime 3; g_mime_init() must have run.
[[nodiscard]] Reading read_with_gmime(std::string_view octets);

/// Line ends (any number of CR, then LF; or CR) as LF, none at the end.
[[nodiscard]] std::string with_plain_line_ends(std::string_view text);

/// Runs of white space as one blank, none at the ends.
[[nodiscard]] std::string with_single_blanks(std::string_view text);

/// with_single_blanks(), and none around commas (which mail programs add), no comma at the end.
[[nodiscard]] std::string comparable_name(std::string_view name);

}  // namespace coldpitch::test
