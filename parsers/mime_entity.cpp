// SPDX-License-Identifier: MIT
#include "parsers/mime_entity.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "parsers/text.h"
#include "parsers/transfer_encoding.h"

namespace coldpitch {
namespace {

/// Of several Content-Type fields mail programs take the first or the last: a multipart among them must be seen, or its parts stay
/// encoded to us and are shown to others.
std::string_view content_type_field(const Header& header, Problems& problems) {
  const std::vector<std::string_view> fields = header.all("Content-Type");
  if (fields.size() < 2) return fields.empty() ? std::string_view() : fields.front();
  problems.add("header-repeated");
  const auto multipart = std::find_if(fields.begin(), fields.end(), [](std::string_view field) {
    return starts_with_ignoring_case(trim(field), "multipart/");
  });
  return multipart == fields.end() ? fields.front() : *multipart;
}

/// As with types: of several encodings the one that would hide text from us counts.
void read_encoding(EntityHeader& entity, Problems& problems) {
  const std::vector<std::string_view> fields = entity.header.all("Content-Transfer-Encoding");
  if (fields.empty()) return;
  entity.encoding = parse_encoding_token(fields.front());
  if (fields.size() == 1) return;
  problems.add("header-repeated");
  for (const std::string_view field : fields) {
    if (is_transforming_encoding(entity.encoding)) return;
    const std::string other = parse_encoding_token(field);
    if (other == "quoted-printable") entity.encoding = other;
    if (other == "base64") entity.may_be_base64 = true;
  }
}

std::string_view trim_end(std::string_view text) {
  while (!text.empty() && is_ascii_space(text.back())) text.remove_suffix(1);
  return text;
}

bool is_message_type(std::string_view type) {
  return type == "message/rfc822" || type == "message/global" || type == "message/news";
}

EntityRole multipart_role(EntityHeader& entity, const Limits& limits, Problems& problems) {
  // RFC 2046 §5.1.1: a boundary does not end with a blank, and one at the end of a line may have been added.
  const std::string_view boundary = trim_end(entity.content_type.parameter("boundary"));
  if (boundary.empty()) {
    problems.add("boundary-missing");
    return EntityRole::text;
  }
  if (boundary.size() > limits.boundary_octets) {
    problems.add("boundary-octets");
    return EntityRole::text;
  }
  entity.delimiter = "--";
  entity.delimiter += boundary;
  return EntityRole::multipart;
}

EntityRole role_of(EntityHeader& entity, const Limits& limits, Problems& problems) {
  const bool is_encoded = is_transforming_encoding(entity.encoding);
  if (entity.content_type.type() == "multipart") {
    if (is_encoded) problems.add("encoded-multipart");
    return multipart_role(entity, limits, problems);
  }
  if (!is_message_type(entity.content_type.value)) return EntityRole::leaf;
  if (is_encoded) problems.add("encoded-message");
  return is_encoded ? EntityRole::encoded_message : EntityRole::message;
}

bool is_base64_octet(char octet) {
  return is_ascii_alnum(octet) || octet == '+' || octet == '/' || octet == '=';
}

/// Charsets whose ASCII letters take more than one octet.
bool is_wide_charset(std::string_view label) {
  const std::string lower = to_ascii_lower(trim(label));
  constexpr std::string_view kPrefixes[] = {"utf-16", "utf16", "utf-32", "utf32", "ucs", "iso-10646-ucs"};
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [&](std::string_view prefix) { return lower.starts_with(prefix); });
}

std::string escape_tags(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (const char octet : text) {
    if (octet == '<') {
      escaped += "&lt;";
    } else {
      escaped += octet;
    }
  }
  return escaped;
}

}  // namespace

EntityHeader read_entity_header(std::string_view octets, std::size_t max_octets,
                                std::string_view default_type, const Limits& limits, Problems& problems) {
  HeaderBlock block = parse_header_block(octets, max_octets, limits, problems);
  EntityHeader entity;
  entity.header = std::move(block.header);
  entity.junk = std::move(block.junk);
  entity.octets = block.octets;
  entity.content_type = parse_parameterised(content_type_field(entity.header, problems), problems);
  // RFC 2045 §5.2: what is no type counts as none.
  if (entity.content_type.type().empty() || entity.content_type.subtype().empty()) {
    entity.content_type.value = default_type;
  }
  entity.disposition = parse_parameterised(entity.header.get("Content-Disposition"), problems);
  read_encoding(entity, problems);
  entity.role = role_of(entity, limits, problems);
  return entity;
}

bool is_html_type(std::string_view type) { return type == "text/html" || type == "application/xhtml+xml"; }

bool is_no_text(const EntityHeader& entity) {
  constexpr std::string_view kTypes[] = {"application", "audio", "font", "image", "model", "video"};
  constexpr std::string_view kEncodings[] = {"base64", "", "7bit", "8bit", "binary"};
  const auto holds = [](const auto& table, std::string_view word) {
    return std::find(std::begin(table), std::end(table), word) != std::end(table);
  };
  const std::string_view type = entity.content_type.value;
  return entity.role == EntityRole::leaf && entity.junk.empty() &&
         holds(kTypes, entity.content_type.type()) && !is_html_type(type) && type != "application/ics" &&
         holds(kEncodings, entity.encoding) && !entity.may_be_base64;
}

bool is_transforming_encoding(std::string_view encoding) {
  constexpr std::string_view kNames[] = {"base64", "quoted-printable", "x-uuencode", "uuencode", "x-uue"};
  return std::find(std::begin(kNames), std::end(kNames), encoding) != std::end(kNames);
}

bool looks_like_base64(std::string_view octets) {
  const std::size_t start = std::min(octets.find_first_not_of(" \t\r\n"), octets.size());
  const std::string_view line = octets.substr(start, octets.find_first_of("\r\n", start) - start);
  return std::all_of(line.begin(), line.end(), is_base64_octet);
}

bool is_body_in_junk(std::string_view junk, std::string_view body, std::string_view encoding) {
  if (junk.empty() || !trim(body).empty()) return false;
  if (encoding != "base64") return encoding == "quoted-printable";
  return std::all_of(junk.begin(), junk.end(),
                     [](char octet) { return is_base64_octet(octet) || octet == '\r' || octet == '\n'; });
}

std::string decode_entity_body(std::string octets, std::string_view encoding, bool keep_tail,
                               Problems& problems) {
  if (encoding == "base64") {
    std::string tail;
    std::string decoded = decode_base64(octets, problems, keep_tail ? &tail : nullptr);
    std::string().swap(octets);  // not needed while the tail is there twice
    if (!tail.empty()) decoded.append("\r\n").append(tail);
    return decoded;
  }
  if (encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary") return octets;
  return decode_transfer_encoding(octets, encoding, problems);
}

std::string with_junk(std::string body, std::string_view junk, const ParameterisedValue& content_type) {
  if (junk.empty()) return body;
  if (trim(body).empty()) return std::string(junk);
  if (is_wide_charset(content_type.parameter("charset"))) {
    body += junk;
    return body;
  }
  std::string joined = is_html_type(content_type.value) ? escape_tags(junk) : std::string(junk);
  if (joined.back() != '\n' && joined.back() != '\r') joined += "\r\n";
  joined += body;
  return joined;
}

LineKind classify_line(std::string_view line, std::string_view delimiter) {
  if (!line.starts_with(delimiter)) return LineKind::text;
  const std::string_view rest = trim_end(line.substr(delimiter.size()));
  if (rest.empty()) return LineKind::delimiter;
  return rest == "--" ? LineKind::close_delimiter : LineKind::text;
}

}  // namespace coldpitch
