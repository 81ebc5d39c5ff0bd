// SPDX-License-Identifier: MIT
#include <algorithm>

#include "parsers/charset.h"
#include "parsers/message.h"
#include "parsers/mime.h"
#include "parsers/text.h"
#include "tests/parsers/gmime/reading.h"

namespace coldpitch::test {

std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      plain += text[i];
      continue;
    }
    const std::size_t behind = std::min(text.find_first_not_of('\r', i), text.size());
    if (behind == text.size() || text[behind] != '\n') plain.append(behind - i, '\n');
    i = behind - 1;
  }
  while (!plain.empty() && plain.back() == '\n') plain.pop_back();
  return plain;
}

std::string with_single_blanks(std::string_view text) {
  std::string plain;
  for (const char octet : trim(text)) {
    if (!is_ascii_space(octet)) {
      plain += octet;
    } else if (plain.back() != ' ') {
      plain += ' ';
    }
  }
  return plain;
}

std::string comparable_name(std::string_view name) {
  std::string plain;
  for (const char octet : with_single_blanks(name)) {
    if (octet == ',' && plain.ends_with(' ')) plain.pop_back();
    if (octet != ' ' || !plain.ends_with(',')) plain += octet;
  }
  while (plain.ends_with(',') || plain.ends_with(' ')) plain.pop_back();
  return plain;
}

Reading read_with_coldpitch(std::string_view octets, Problems& problems) {
  const Message message = parse_message(octets, Limits{});
  problems = message.problems;
  Reading reading;
  Problems already_told;
  const MimeMessage mime = parse_mime(octets, Limits{}, already_told);
  for (const MimePart& part : mime.parts) {
    ReadPart& read = reading.parts.emplace_back();
    read.depth = part.depth;
    read.type = part.content_type.value;
    if (part.is_container() || part.content_type.type() != "text") continue;
    Problems ignored;
    read.octets = with_plain_line_ends(part.body);
    read.text = with_plain_line_ends(to_utf8(part.body, part.content_type.parameter("charset"), ignored));
  }
  reading.judged_text = message.text;
  reading.subject = with_single_blanks(message.subject);
  for (const Mailbox& mailbox : message.header_from) {
    reading.from.push_back(comparable_name(mailbox.display_name) + '|' + mailbox.address());
  }
  return reading;
}

}  // namespace coldpitch::test
