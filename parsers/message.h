// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "parsers/address.h"
#include "parsers/date.h"
#include "parsers/html_text.h"
#include "parsers/limits.h"
#include "parsers/mime.h"
#include "parsers/problems.h"
#include "parsers/quoting.h"
#include "parsers/url.h"

namespace coldpitch {

/// Where the judged text came from.
enum class BodySource : std::uint8_t { none, plain, html };

/// A link of the judged text.
struct Link {
  Url url;
  Span text;            ///< where it stands in Message::text (its words, or the URL itself)
  bool hidden = false;  ///< not seen by a person
};

/// A message as later stages see it: decoded, bounded, and owning all its text. A value; safe to share for reading.
struct Message {
  MimeMessage mime;  ///< its parts without their bodies, which are given back once the text is read

  // The message's own header, decoded. First field wins where there are several.
  std::string subject;     ///< UTF-8
  std::string message_id;  ///< without angle brackets
  std::vector<Mailbox> header_from, header_sender, reply_to, to, cc;
  std::optional<TimePoint> date;
  std::vector<std::string> in_reply_to,
      references;  ///< message ids; empty when the fields are absent or empty

  // The text a person reads first.
  BodySource source = BodySource::none;
  std::string text;         ///< UTF-8, as seen, at most limits.text_octets
  std::string hidden_text;  ///< of the HTML part, when that was read
  HtmlText
      html;  ///< of the first readable HTML part; its `text` is moved to Message::text when that is judged
  std::string plain;        ///< the plain part beside a judged HTML part, else ""
  QuotedText quoted;        ///< of `text`
  std::string language;     ///< of the human words, "" when unknown
  std::vector<Link> links;  ///< of `text` and of the HTML part, at most limits.urls

  Problems problems;

  /// The message's own header. Points into this message.
  [[nodiscard]] const Header& header() const { return mime.parts.front().header; }
  /// First From mailbox, or an empty one.
  [[nodiscard]] Mailbox author() const;
};

/// Reads a message: parse_mime(), then header fields, charsets, HTML, quoting, links and language.
///
/// The judged text: of a multipart/alternative the HTML part when it has words, else the plain one; otherwise the
/// text parts that are not attachments (the message itself never is), in order, joined by an empty line. `alternative-differs` when a plain part says something
/// else than the HTML. An invitation without words beside it is read as its title, place and description. Text in format=flowed is joined (RFC 3676); raw octets of the header are read in the charset of the text. Any
/// octets are accepted; never throws but std::bad_alloc. Every limit reached is a problem (parsers/limits.h). The result owns its text. Pure,
/// linear, thread-safe.
[[nodiscard]] Message parse_message(std::string_view octets, const Limits& limits);

}  // namespace coldpitch
