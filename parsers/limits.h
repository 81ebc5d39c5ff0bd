// SPDX-License-Identifier: MIT
#pragma once

#include <chrono>
#include <cstddef>

namespace coldpitch {

/// Bounds on what one message may cost. Reaching one never loses mail: what lies beyond is not looked
/// at (or is looked at as plain text), and a problem with the name given here is recorded.
///
/// All are settings (`limits:` in coldpitch.yaml); the defaults are the documented ones.
struct Limits {
  std::size_t message_octets = 10U * 1024U * 1024U;  ///< problem `message-octets`
  std::size_t mime_depth = 30;                       ///< nesting of entities; `mime-depth`
  std::size_t mime_parts = 500;                      ///< entities in a message; `mime-parts`
  std::size_t header_octets = 1024U * 1024U;         ///< the message's header block; `header-octets`
  std::size_t header_fields = 2000;                  ///< fields in one header block; `header-fields`
  std::size_t part_header_octets = 256U * 1024U;     ///< header block of an inner part; `header-octets`
  std::size_t field_octets = 64U * 1024U;            ///< one field body; `field-octets`
  std::size_t boundary_octets = 200;                 ///< a boundary parameter; `boundary-octets`
  std::size_t text_octets = 256U * 1024U;            ///< text judged, after decoding; `text-octets`
  std::size_t html_octets = 1024U * 1024U;           ///< HTML read before it is text; `html-octets`
  std::size_t mailboxes = 1000;                      ///< mailboxes of one address field; `mailboxes`
  std::size_t recipients = 1000;                     ///< envelope recipients; `recipients`
  std::size_t urls = 1000;                           ///< links kept; `urls`
  std::size_t connections = 1000;                    ///< milter connections served at once
  std::chrono::milliseconds evaluation{2000};        ///< time to judge a message; `evaluation-time`

  bool operator==(const Limits&) const = default;
};

}  // namespace coldpitch
