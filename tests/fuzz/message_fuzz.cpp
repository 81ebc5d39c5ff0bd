// SPDX-License-Identifier: MIT
// The whole of parsers/ on any octets, with small limits so that they are reached; LF and CRLF must say the same.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "parsers/authentication.h"
#include "parsers/message.h"
#include "parsers/outreach.h"
#include "tests/support/line_ends.h"

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

bool is_cut(const Message& message) {
  const std::vector<std::string>& problems = message.problems.names();
  return std::any_of(problems.begin(), problems.end(),
                     [](const std::string& problem) { return problem.ends_with("-octets"); });
}

void check_line_ends(std::string_view octets) {
  if (!test::has_plain_line_ends(octets)) return;
  const Message lf = parse_message(test::with_line_ends(octets, "\n"), small_limits());
  const Message crlf = parse_message(test::with_line_ends(octets, "\r\n"), small_limits());
  if (is_cut(lf) || is_cut(crlf)) return;  // limits count the octets of line ends
  if (lf.text != crlf.text || lf.hidden_text != crlf.hidden_text || lf.subject != crlf.subject) std::abort();
  if (lf.header_from != crlf.header_from || lf.problems != crlf.problems) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const Message message = parse_message(octets, small_limits());
  // One part more for junk that found no text.
  if (message.mime.parts.empty() || message.mime.parts.size() > small_limits().mime_parts + 1) std::abort();
  check_spans(message);
  check_line_ends(octets);
  (void)trusted_authentication(message.header(), {"mx.example.net"});
  for (const Trait& trait : find_outreach_traits(message, {})) {
    if (trait.where == "body" && trait.span.end > message.text.size()) std::abort();
    if (trait.where == "subject" && trait.span.end > message.subject.size()) std::abort();
  }
  return 0;
}
