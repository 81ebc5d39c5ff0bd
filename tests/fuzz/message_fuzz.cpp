// SPDX-License-Identifier: MIT
// The whole of parsers/ on any octets, with small limits so that they are reached; LF and CRLF must say the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/authentication.h"
#include "parsers/message.h"
#include "parsers/outreach.h"

using namespace coldpitch;

namespace {

Limits small_limits() {
  Limits limits;
  limits.message_octets = 64U * 1024U;
  limits.mime_depth = 6;
  limits.mime_parts = 20;
  limits.header_fields = 50;
  limits.text_octets = 8U * 1024U;
  limits.html_octets = 8U * 1024U;
  limits.urls = 10;
  limits.mailboxes = 10;
  return limits;
}

void check_spans(const Message& message) {
  for (const Link& link : message.links) {
    if (!link.hidden && link.text.end > message.text.size()) std::abort();
  }
  std::size_t at = 0;
  for (const Segment& segment : message.quoted.segments) {
    if (segment.span.begin != at || segment.span.end < at) std::abort();
    at = segment.span.end;
  }
  if (at != message.text.size() && !message.quoted.segments.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const Message message = parse_message(octets, small_limits());
  if (message.mime.parts.empty() || message.mime.parts.size() > 20) std::abort();
  check_spans(message);
  (void)trusted_authentication(message.header(), {"mx.example.net"});
  for (const Trait& trait : find_outreach_traits(message, {})) {
    if (trait.where == "body" && trait.span.end > message.text.size()) std::abort();
    if (trait.where == "subject" && trait.span.end > message.subject.size()) std::abort();
  }
  return 0;
}
