// SPDX-License-Identifier: MIT
#pragma once

#include <string>

#include "parsers/html_text.h"
#include "parsers/limits.h"
#include "parsers/message.h"
#include "parsers/mime.h"
#include "parsers/problems.h"

namespace coldpitch {

/// What a person reads first of a message; the fields of the same names in Message.
struct MessageBody {
  BodySource source = BodySource::none;
  std::string text;
  std::string hidden_text;
  /// Spans point into `text` when `source` is html, else into `html.text`. With several judged HTML parts it holds
  /// the links, images and regions of all.
  HtmlText html;
  std::string plain;
};

/// Chooses, decodes and joins the text parts (see parse_message()). Attachments and attached messages are left out, but not the message a
/// mailing list wrapped in its own; so are text formats nobody reads as text (AMP, style sheets). Of text/enriched what is seen is read
/// (RFC 1896); of a message without words the event of its calendar. All HTML parts together share limits.html_octets.
/// Problems: `text-octets`, `html-octets`, `html-hidden-text`, `alternative-differs`, `body-encrypted` and `body-opaque` (RFC 8551, RFC 3156:
/// enciphered, or signed in a form only the signer's format shows), and those of to_utf8(). Never fails; the result owns its text. Pure,
/// thread-safe, linear.
[[nodiscard]] MessageBody read_message_body(const MimeMessage& mime, const Limits& limits,
                                            Problems& problems);

}  // namespace coldpitch
