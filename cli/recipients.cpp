// SPDX-License-Identifier: MIT
#include "cli/recipients.h"

#include "parsers/address.h"
#include "parsers/header.h"

namespace coldpitch {

std::vector<std::string> recipients_in_header(std::string_view octets, const Limits& limits) {
  Problems ignored;
  const HeaderBlock block = parse_header_block(octets, limits.header_octets, limits, ignored);
  std::vector<std::string> found;
  for (const std::string_view name : {"Delivered-To", "To", "Cc"}) {
    for (const std::string_view body : block.header.all(name)) {
      for (const Mailbox& mailbox : parse_address_list(body, limits, ignored)) {
        if (!mailbox.domain.empty() && found.size() < limits.recipients) found.push_back(mailbox.address());
      }
    }
    if (name == "Delivered-To" && !found.empty()) break;
  }
  return found;
}

std::string sender_in_header(std::string_view octets, const Limits& limits) {
  Problems ignored;
  const HeaderBlock block = parse_header_block(octets, limits.header_octets, limits, ignored);
  if (const std::string* path = block.header.find("Return-Path"))
    return parse_envelope_address(*path).address();
  const std::vector<Mailbox> authors = parse_address_list(block.header.get("From"), limits, ignored);
  return authors.empty() ? "" : authors.front().address();
}

std::optional<TimePoint> date_in_header(std::string_view octets, const Limits& limits) {
  Problems ignored;
  const HeaderBlock block = parse_header_block(octets, limits.header_octets, limits, ignored);
  const std::optional<TimePoint> date = parse_date(block.header.get("Date"));
  const std::string received(block.header.get("Received"));
  const std::size_t semicolon = received.rfind(';');
  if (semicolon == std::string::npos) return date;
  const std::optional<TimePoint> arrival = parse_date(std::string_view(received).substr(semicolon + 1));
  if (!date || (arrival && *date > *arrival + std::chrono::hours(24))) return arrival ? arrival : date;
  return date;
}

}  // namespace coldpitch
