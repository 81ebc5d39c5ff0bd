// SPDX-License-Identifier: MIT
#include "parsers/header.h"

#include <algorithm>
#include <utility>

#include "parsers/line.h"
#include "parsers/text.h"

namespace coldpitch {
namespace {

bool is_blank(char octet) { return octet == ' ' || octet == '\t'; }

bool holds_time(std::string_view text) {
  for (std::size_t colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    if (colon > 0 && colon + 2 < text.size() && is_ascii_digit(text[colon - 1]) &&
        is_ascii_digit(text[colon + 1]) && is_ascii_digit(text[colon + 2])) {
      return true;
    }
  }
  return false;
}

/// True for the line an mbox file has before a message: "From ", an address and a time, which some programs leave out. A
/// sentence that begins with "From" is none.
bool is_mbox_line(std::string_view line) {
  if (line.starts_with('>')) line.remove_prefix(1);
  if (!line.starts_with("From ")) return false;
  const std::string_view rest = trim(line.substr(std::string_view("From ").size()));
  const bool is_address =
      rest.find('@') != std::string_view::npos && rest.find(' ') == std::string_view::npos;
  return !rest.starts_with(':') && (is_address || holds_time(rest));
}

/// RFC 5322 §3.6.8 ftext; NUL stands for the '?' it is read as.
bool is_field_name_octet(char octet) {
  return (octet > ' ' && octet < '\x7F' && octet != ':') || octet == '\0';
}

/// Sorts the lines of one header block into fields and junk.
class HeaderReader {
 public:
  HeaderReader(const Limits& limits, Problems& problems) : limits_(limits), problems_(problems) {}

  /// `with_end` is the line with its line end.
  void take(std::string_view line, std::string_view with_end);
  Header finish();
  std::string take_junk() { return std::move(junk_); }

 private:
  enum class Last { none, field, dropped_field, junk };

  void begin_field(std::string_view name, std::string_view body);
  void append_body(std::string_view text);
  void take_junk_line(std::string_view with_end);
  void append_readable(std::string& to, std::string_view text);

  const Limits& limits_;
  Problems& problems_;
  std::vector<HeaderField> fields_;
  std::string junk_;
  Last last_ = Last::none;
};

void HeaderReader::take(std::string_view line, std::string_view with_end) {
  if (is_blank(line.front()) && last_ == Last::field) return append_body(line);
  if (is_blank(line.front()) && last_ == Last::dropped_field) return;
  const std::size_t colon = line.find(':');
  std::string_view name = line.substr(0, colon);
  while (!name.empty() && is_blank(name.back())) name.remove_suffix(1);
  const bool is_name = !name.empty() && std::all_of(name.begin(), name.end(), is_field_name_octet);
  if (colon != std::string_view::npos && is_name && name.size() <= limits_.field_octets) {
    return begin_field(name, line.substr(colon + 1));
  }
  const bool has_8bit =
      std::any_of(name.begin(), name.end(), [](char octet) { return (octet & '\x80') != 0; });
  if (colon != std::string_view::npos && !is_blank(line.front()) && has_8bit)
    problems_.add("header-8bit-name");
  take_junk_line(with_end);
}

void HeaderReader::begin_field(std::string_view name, std::string_view body) {
  if (fields_.size() >= limits_.header_fields) {
    problems_.add("header-fields");
    last_ = Last::dropped_field;
    return;
  }
  append_readable(fields_.emplace_back().name, name);
  last_ = Last::field;
  append_body(body);
}

void HeaderReader::append_body(std::string_view text) {
  std::string& body = fields_.back().body;
  if (body.empty()) {
    while (!text.empty() && is_ascii_space(text.front())) text.remove_prefix(1);
  }
  const std::size_t room = limits_.field_octets - std::min(body.size(), limits_.field_octets);
  if (text.size() > room) problems_.add("field-octets");
  append_readable(body, text.substr(0, room));
}

void HeaderReader::take_junk_line(std::string_view with_end) {
  problems_.add("header-junk");
  append_readable(junk_, with_end);
  last_ = Last::junk;
}

void HeaderReader::append_readable(std::string& to, std::string_view text) {
  const auto begin = static_cast<std::ptrdiff_t>(to.size());
  to += text;
  if (text.find('\0') == std::string_view::npos) return;
  problems_.add("header-nul");
  std::replace(to.begin() + begin, to.end(), '\0', '?');
}

Header HeaderReader::finish() {
  for (HeaderField& field : fields_) {
    const std::size_t size = field.body.size();
    const std::string_view trimmed = trim(field.body);
    if (trimmed.size() < size) field.body = std::string(trimmed);
  }
  return Header(std::move(fields_));
}

}  // namespace

const std::string* Header::find(std::string_view name) const {
  const auto found = std::find_if(fields_.begin(), fields_.end(), [&](const HeaderField& field) {
    return equals_ignoring_case(field.name, name);
  });
  return found == fields_.end() ? nullptr : &found->body;
}

std::string_view Header::get(std::string_view name) const {
  const std::string* body = find(name);
  return body == nullptr ? std::string_view() : std::string_view(*body);
}

std::vector<std::string_view> Header::all(std::string_view name) const {
  std::vector<std::string_view> bodies;
  for (const HeaderField& field : fields_) {
    if (equals_ignoring_case(field.name, name)) bodies.emplace_back(field.body);
  }
  return bodies;
}

HeaderBlock parse_header_block(std::string_view octets, std::size_t max_octets, const Limits& limits,
                               Problems& problems) {
  HeaderReader reader(limits, problems);
  HeaderBlock block;
  bool is_cut = false;
  while (block.octets < octets.size() && !block.complete) {
    const Line line = first_line(octets.substr(block.octets));
    const std::size_t room = max_octets - std::min(block.octets, max_octets);
    const std::string_view text = line.text.substr(0, room);
    block.complete = line.text.empty();
    is_cut = is_cut || (line.octets > room && !line.text.empty());
    const bool is_envelope = block.octets == 0 && is_mbox_line(text);
    // The front of a field name is neither a field nor junk.
    const std::size_t colon = line.text.find(':');
    const bool is_cut_name = colon != std::string_view::npos && colon >= room;
    if (!text.empty() && !is_envelope && !is_cut_name) {
      reader.take(text, octets.substr(block.octets, std::min(line.octets, room)));
    }
    block.octets += line.octets;
  }
  if (is_cut) {
    problems.add("header-octets");
    block.complete = false;
  }
  block.header = reader.finish();
  block.junk = reader.take_junk();
  return block;
}

}  // namespace coldpitch
