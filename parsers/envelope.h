// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "parsers/date.h"

namespace coldpitch {

/// What SMTP said about a message (RFC 5321). Everything may be empty: a file has no envelope.
struct Envelope {
  std::string client_address;  ///< IP address in text form
  std::string client_name;     ///< by reverse look-up, or ""
  std::string helo;
  std::string authenticated_user;       ///< SASL login name; "" for mail from outside
  std::string envelope_sender;          ///< MAIL FROM without brackets; "" for bounces
  std::vector<std::string> recipients;  ///< RCPT TO without brackets, accepted ones, in order
  std::string queue_id;
  bool smtputf8 = false;  ///< MAIL FROM came with SMTPUTF8 (RFC 6531): replies to it may be UTF-8
  bool known = false;     ///< false for a file judged without envelope facts
  TimePoint time{};       ///< when the message is judged

  bool operator==(const Envelope&) const = default;
};

}  // namespace coldpitch
