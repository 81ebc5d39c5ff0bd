// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/problems.h"

namespace coldpitch {

/// Decodes the encoded-words (RFC 2047 §2, RFC 2231 §5 language suffix) of an unfolded field body.
///
/// White space between adjacent encoded-words is dropped (§6.2). Adjacent words of one charset are
/// joined before charset decoding, so a character split over two words is read right. Words inside quoted
/// strings or not set off by blanks are decoded too, since mail programs show them decoded. A broken
/// word stays as it is (`encoded-word-malformed`). Raw 8-bit text is taken as UTF-8, else windows-1252
/// (`header-8bit`). Result: well-formed UTF-8, CR, LF, TAB and NUL as blanks. Never fails; the
/// result owns its text; the caller bounds `body` (limits.field_octets). Pure, thread-safe, linear.
[[nodiscard]] std::string decode_encoded_words(std::string_view body, Problems& problems);

}  // namespace coldpitch
