// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "parsers/quoting_lines.h"

namespace coldpitch {

/// What a line between dashes announces.
enum class Separator : std::uint8_t {
  none,
  original,  ///< "-----Original Message-----" and kin
  forward,   ///< "---------- Forwarded message ---------", "Begin forwarded message:" and kin
};

/// Reads a folded line as a separator, in eight languages. Never fails. Pure, thread-safe, linear.
[[nodiscard]] Separator read_separator(std::string_view folded);

/// A header of an earlier message written into the text (Outlook, Apple Mail, Notes).
struct QuotedHeader {
  std::size_t begin = 0;  ///< first line, a rule of dashes above it included
  std::size_t end = 0;    ///< behind its last line
  std::string author;     ///< the "From: ..." line, or what stands in its place
};

/// Reads the header block that starts at line `at`: an author ("From:", "Von:", "De :" ...) with a subject or a sending date and one
/// label more; or, as Notes writes it, a dated line followed by "To:" and "Subject:". Looks at no more than 20 lines;
/// nullopt when no block starts there. The result owns its text. Pure, thread-safe.
[[nodiscard]] std::optional<QuotedHeader> read_header_block(const TextLines& lines, std::size_t at);

/// A line that names who wrote the quoted words behind it.
struct Attribution {
  std::size_t end = 0;        ///< behind its last line
  std::string words;          ///< unfolded
  bool stands_alone = false;  ///< sure enough to believe without ">" marks behind it
};

/// Reads "On ... wrote:" in eight languages at line `at`, over up to four lines. One that does not stand alone is only
/// given when a quote of greater depth follows; nullopt for other lines. The result owns its text. Pure, thread-safe.
[[nodiscard]] std::optional<Attribution> read_attribution(const TextLines& lines, std::size_t at);

}  // namespace coldpitch
