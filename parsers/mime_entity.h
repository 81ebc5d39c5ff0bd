// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "parsers/content_type.h"
#include "parsers/header.h"
#include "parsers/limits.h"
#include "parsers/problems.h"

namespace coldpitch {

/// How parse_mime() goes on below an entity.
enum class EntityRole : std::uint8_t {
  leaf,             ///< a body by its type
  text,             ///< kept as text, whatever its type says
  multipart,        ///< split at `delimiter`
  message,          ///< a message stands in the body
  encoded_message,  ///< a message stands in the body once its transfer encoding is taken off
};

/// What the header of one MIME entity says.
struct EntityHeader {
  EntityRole role = EntityRole::leaf;
  Header header;
  std::string junk;  ///< of the header block
  ParameterisedValue content_type;
  ParameterisedValue disposition;
  std::string encoding;
  bool may_be_base64 = false;    ///< a repeated Content-Transfer-Encoding says so, the first does not
  bool has_unread_tail = false;  ///< text behind the padding of base64 that was not decoded
  std::string delimiter;         ///< of a multipart: "--" and the boundary
  std::size_t octets = 0;        ///< of the header block
};

/// Reads the header block `octets` starts with. The role follows from the type; a multipart without a usable boundary is text
/// (`boundary-missing`, `boundary-octets`). `default_type` is for entities without a type (RFC 2045 §5.2, RFC 2046 §5.1.5). Limits and
/// problems: those of parse_header_block() and parse_parameterised(), `header-repeated`, `encoded-multipart`, `encoded-message`. Never
/// fails; the result owns its text. Pure, thread-safe, linear.
[[nodiscard]] EntityHeader read_entity_header(std::string_view octets, std::size_t max_octets,
                                              std::string_view default_type, const Limits& limits,
                                              Problems& problems);

/// True for text/html and application/xhtml+xml; lower case. Pure, as all below are.
[[nodiscard]] bool is_html_type(std::string_view type);

/// True for an entity whose body no mail program shows as text and no other step needs: an image, a document, as it is or in base64.
[[nodiscard]] bool is_no_text(const EntityHeader& entity);

/// True for base64, quoted-printable and uuencode (RFC 2045 §6), whose octets say nothing before they are decoded. Lower case.
[[nodiscard]] bool is_transforming_encoding(std::string_view encoding);

/// True when the first line with words could be base64; a Content-Transfer-Encoding may be a lie.
[[nodiscard]] bool looks_like_base64(std::string_view octets);

/// True when the body of a part without the empty line behind its header was taken for junk, so that `junk` is to be decoded.
[[nodiscard]] bool is_body_in_junk(std::string_view junk, std::string_view body, std::string_view encoding);

/// Takes the transfer encoding off (RFC 2045 §6; problems of decode_transfer_encoding()). With `keep_tail` text behind base64 padding is kept
/// behind the decoded octets. Never fails; no longer than `octets` and a line end; linear.
[[nodiscard]] std::string decode_entity_body(std::string octets, std::string_view encoding, bool keep_tail,
                                             Problems& problems);

/// `body` of a text part of type `content_type` with `junk` in front. Before HTML the junk is made harmless, so that a "<!--"
/// in it hides nothing; text in UTF-16 or UTF-32 gets it behind, where it shifts no code unit. Never fails; linear.
[[nodiscard]] std::string with_junk(std::string body, std::string_view junk,
                                    const ParameterisedValue& content_type);

/// What a line of a body is to a multipart around it.
enum class LineKind : std::uint8_t { text, delimiter, close_delimiter };

/// Compares a line, blanks and line end behind it aside, with a delimiter (RFC 2046 §5.1.1).
[[nodiscard]] LineKind classify_line(std::string_view line, std::string_view delimiter);

}  // namespace coldpitch
