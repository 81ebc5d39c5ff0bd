// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <string_view>

#include "parsers/problems.h"

namespace coldpitch {

/// Decodes base64 (RFC 2045 §6.8). Octets outside the alphabet are skipped; decoding stops at the
/// padding, and what follows it is not decoded (`base64-after-padding`; a list footer, mostly, which is returned in
/// `*tail` when given). Missing padding is accepted. Never fails; result and tail together are no longer than
/// `octets`. Pure, thread-safe, linear.
[[nodiscard]] std::string decode_base64(std::string_view octets, Problems& problems,
                                        std::string* tail = nullptr);

/// True when decode_base64() would note `base64-after-padding`, for octets nobody wants decoded. Pure, thread-safe, linear.
[[nodiscard]] bool has_base64_tail(std::string_view octets);

/// Decodes quoted-printable (RFC 2045 §6.7). Soft line breaks with CRLF, LF or CR, blanks before the
/// break dropped; "=" not followed by two hexadecimal digits stays (`qp-malformed`). Line ends stay
/// as they are. With `underscore_is_space`, "_" is a blank (the Q encoding of RFC 2047 §4.2). Never
/// fails; never longer than `octets`. Pure, thread-safe, linear.
[[nodiscard]] std::string decode_quoted_printable(std::string_view octets, Problems& problems,
                                                  bool underscore_is_space = false);

/// The octets of an entity's body by its Content-Transfer-Encoding token (lower case, trimmed: "base64",
/// "quoted-printable", "7bit", "8bit", "binary", "" or others, which are the identity, flagged
/// `encoding-unknown`; also uuencode as "x-uuencode", "uuencode", "x-uue", of which only the files are kept;
/// `uuencode-malformed`). RFC 2045 §6. Never fails; never longer than `octets`. Pure, thread-safe, linear.
[[nodiscard]] std::string decode_transfer_encoding(std::string_view octets, std::string_view encoding,
                                                   Problems& problems);

}  // namespace coldpitch
