// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/content_type.h"
#include "parsers/header.h"
#include "parsers/limits.h"
#include "parsers/problems.h"

namespace coldpitch {

/// One MIME entity (RFC 2045 §2.4), leaf or container.
struct MimePart {
  static constexpr std::size_t kNoParent = static_cast<std::size_t>(-1);

  std::size_t parent = kNoParent;  ///< index in MimeMessage::parts
  std::size_t depth = 0;           ///< 0 for the message itself
  Header header;                   ///< raw, unfolded field bodies
  /// Value "text/plain" when the field is absent or no type (RFC 2045 §5.2; message/rfc822 in a digest), and for a
  /// container kept as a text leaf: what its header says stays in `header`.
  ParameterisedValue content_type;
  ParameterisedValue disposition;  ///< value "" when absent
  std::string encoding;            ///< Content-Transfer-Encoding token, lower case, "" when absent
  std::string body;  ///< leaf: octets after transfer decoding; container: "" (preambles are not kept)

  [[nodiscard]] bool is_container()
      const;  ///< multipart/* split into parts, or message/rfc822 read as a message
  [[nodiscard]] bool is_attachment()
      const;                 ///< disposition "attachment", or a file name on something other than text
  std::size_t children = 0;  ///< parts whose parent this is
};

/// A message taken apart: entities in depth-first order, parts[0] is the message itself. Never empty.
struct MimeMessage {
  std::vector<MimePart> parts;
};

/// Which bodies parse_mime() keeps.
enum class MimeBodies : std::uint8_t {
  all,
  texts,  ///< "" for images, documents and the like in base64 or as they are; problems are the same
};

/// Parses a whole message (RFC 5322, RFC 2045, RFC 2046). `octets` may be anything; line ends CRLF or LF.
///
/// No octets that a mail program might show are lost: an unclosed inner multipart does not swallow the parts of
/// its parent, header junk becomes the start of the body, a multipart without a usable boundary is a text leaf,
/// encoded message/rfc822 and multiparts are decoded and read again, entities past `limits.mime_depth` or
/// `limits.mime_parts` stay text leaves of their container (the first part past the number takes all the rest). Junk of a header
/// whose entity is no text goes in front of the next plain and the next HTML leaf; without any it becomes a last leaf of
/// parts[0]. Line ends of decoded bodies are those of the input. Each oddity is a problem:
/// `mime-depth mime-parts header-repeated boundary-missing boundary-octets boundary-unclosed encoded-multipart encoded-message
/// header-junk header-nul header-8bit-name header-octets header-fields field-octets base64-after-padding
/// qp-malformed encoding-unknown message-octets`, and those of parse_parameterised().
/// Only the first `limits.message_octets` are read. Never fails; the result owns its text. Pure, thread-safe; linear time; memory under 4 times the input.
[[nodiscard]] MimeMessage parse_mime(std::string_view octets, const Limits& limits, Problems& problems,
                                     MimeBodies bodies = MimeBodies::all);

}  // namespace coldpitch
