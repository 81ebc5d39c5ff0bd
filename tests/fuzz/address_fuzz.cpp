// SPDX-License-Identifier: MIT
// Address lists, envelope addresses and lists of message ids on any octets.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "parsers/address.h"
#include "parsers/text.h"

using namespace coldpitch;

namespace {

void check_domain(const Mailbox& mailbox) {
  if (mailbox.domain != to_ascii_lower(mailbox.domain) || mailbox.domain.size() > 255) std::abort();
  if (mailbox.domain.find_first_of("<>@, \t\r\n\"") != std::string::npos) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  Limits limits;
  limits.mailboxes = 8;
  Problems problems;
  const std::vector<Mailbox> mailboxes = parse_address_list(body, limits, problems);
  if (mailboxes.size() > limits.mailboxes) std::abort();
  for (const Mailbox& mailbox : mailboxes) {
    check_domain(mailbox);
    if (mailbox == Mailbox{} || !is_valid_utf8(mailbox.display_name)) std::abort();
    if (mailbox.display_name.size() + mailbox.local_part.size() > 4 * size + 16) std::abort();
  }
  check_domain(parse_envelope_address(body));
  for (const std::string& id : parse_message_ids(body)) {
    if (id.empty() || id.find_first_of("<> \t\r\n") != std::string::npos) std::abort();
  }
  return 0;
}
