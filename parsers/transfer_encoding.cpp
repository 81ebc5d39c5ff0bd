// SPDX-License-Identifier: MIT
#include "parsers/transfer_encoding.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::uint8_t kNoSymbol = 0xFF;

constexpr std::array<std::uint8_t, 256> make_base64_values() {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::array<std::uint8_t, 256> values{};
  values.fill(kNoSymbol);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr std::array<std::uint8_t, 256> kBase64Values = make_base64_values();

/// Six bits go in at a time, whole octets come out.
class SixBitJoiner {
 public:
  explicit SixBitJoiner(std::string& out) : out_(out) {}

  void put(std::uint8_t six) {
    bits_ = (bits_ << 6U) | six;
    held_ += 6;
    if (held_ < 8) return;
    held_ -= 8;
    out_ += static_cast<char>((bits_ >> held_) & 0xFFU);
  }
  /// Symbols taken since the last group of four was complete.
  [[nodiscard]] unsigned symbols_open() const { return held_ == 0 ? 0 : 4 - held_ / 2; }

 private:
  std::string& out_;
  std::uint32_t bits_ = 0;
  unsigned held_ = 0;
};

void note_base64_tail(std::string_view rest, Problems& problems, std::string* tail) {
  while (!rest.empty() && (rest.front() == '=' || is_ascii_space(rest.front()))) rest.remove_prefix(1);
  rest = trim(rest);
  if (rest.empty()) return;
  problems.add("base64-after-padding");
  if (tail != nullptr) tail->assign(rest);
}

int hex_value(char octet) {
  if (is_ascii_digit(octet)) return octet - '0';
  const char lower = ascii_lower(octet);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Octets of the line end at `text[at]`: 2 for CRLF, 1 for LF or CR alone, else 0.
std::size_t line_end_size(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  if (text[at] == '\n') return 1;
  if (text[at] != '\r') return 0;
  return at + 1 < text.size() && text[at + 1] == '\n' ? 2 : 1;
}

/// Octets a soft line break takes behind its "=", or npos where there is none. The end of the text
/// counts as one: many bodies come without their last line end.
std::size_t soft_break_size(std::string_view text, std::size_t at) {
  const std::size_t begin = at;
  while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
  if (at == text.size()) return at - begin;
  const std::size_t line_end = line_end_size(text, at);
  return line_end == 0 ? std::string_view::npos : at - begin + line_end;
}

/// Cuts the next line off the front of `rest`, without its line end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t length = rest.find_first_of("\r\n");
  const std::string_view line = rest.substr(0, length);
  rest.remove_prefix(line.size());
  rest.remove_prefix(line_end_size(rest, 0));
  return line;
}

/// "begin 644 name" (the mode is three or four octal digits).
bool is_uuencode_begin(std::string_view line) {
  constexpr std::string_view kBegin = "begin ";
  if (line.substr(0, kBegin.size()) != kBegin) return false;
  line.remove_prefix(kBegin.size());
  const std::size_t digits = line.find_first_not_of("01234567");
  return (digits == 3 || digits == 4) && line[digits] == ' ';
}

void decode_uuencode_line(std::string_view line, std::string& out) {
  const auto value = [](char octet) {
    return static_cast<std::uint8_t>((static_cast<std::uint8_t>(octet) - 0x20U) & 0x3FU);
  };
  const std::size_t wanted = out.size() + value(line.front());
  SixBitJoiner joiner(out);
  for (const char octet : line.substr(1)) {
    if (out.size() == wanted) return;
    joiner.put(value(octet));
  }
}

/// The files between "begin" and "end" lines, one behind the other. Without any the octets stay as they are.
std::string decode_uuencode(std::string_view octets, Problems& problems) {
  std::string decoded;
  bool inside = false;
  bool found = false;
  for (std::string_view rest = octets; !rest.empty();) {
    const std::string_view line = take_line(rest);
    if (!inside) {
      inside = is_uuencode_begin(line);
      found = found || inside;
    } else if (trim(line) == "end") {
      inside = false;
    } else if (!line.empty()) {
      decode_uuencode_line(line, decoded);
    }
  }
  if (inside || !found) problems.add("uuencode-malformed");
  return found ? decoded : std::string(octets);
}

}  // namespace

namespace {

/// Whole groups of four symbols from the start of `octets`, up to the first that holds anything else. Returns their octets.
std::size_t decode_base64_groups(std::string_view octets, std::string& decoded) {
  std::array<char, 3 * 64> block;
  std::size_t filled = 0;
  std::size_t at = 0;
  for (; at + 4 <= octets.size(); at += 4) {
    std::array<std::uint32_t, 4> values{};
    for (std::size_t i = 0; i < 4; ++i) values[i] = kBase64Values[static_cast<std::uint8_t>(octets[at + i])];
    if ((values[0] | values[1] | values[2] | values[3]) == kNoSymbol) break;
    const std::uint32_t bits = (values[0] << 18U) | (values[1] << 12U) | (values[2] << 6U) | values[3];
    block[filled++] = static_cast<char>(bits >> 16U);
    block[filled++] = static_cast<char>((bits >> 8U) & 0xFFU);
    block[filled++] = static_cast<char>(bits & 0xFFU);
    if (filled < block.size()) continue;
    decoded.append(block.data(), filled);
    filled = 0;
  }
  decoded.append(block.data(), filled);
  return at;
}

}  // namespace

std::string decode_base64(std::string_view octets, Problems& problems, std::string* tail) {
  std::string decoded;
  decoded.reserve(octets.size() / 4 * 3 + 3);
  SixBitJoiner joiner(decoded);
  for (std::size_t at = 0; at < octets.size(); ++at) {
    if (joiner.symbols_open() == 0) at += decode_base64_groups(octets.substr(at), decoded);
    if (at >= octets.size()) break;
    const std::uint8_t value = kBase64Values[static_cast<std::uint8_t>(octets[at])];
    if (value != kNoSymbol) {
      joiner.put(value);
    } else if (octets[at] == '=' && joiner.symbols_open() >= 2) {
      // Elsewhere "=" cannot be padding and is one more octet to skip.
      note_base64_tail(octets.substr(at), problems, tail);
      break;
    }
  }
  return decoded;
}

bool has_base64_tail(std::string_view octets) {
  const std::size_t sign = std::min(octets.find('='), octets.size());
  // Signs and blanks alone are padding or nothing.
  if (octets.find_first_not_of("= \t\r\n\v\f", sign) == std::string_view::npos) return false;
  Problems problems;
  static_cast<void>(decode_base64(octets, problems));
  return !problems.names().empty();
}

std::string decode_quoted_printable(std::string_view octets, Problems& problems, bool underscore_is_space) {
  std::string decoded;
  decoded.reserve(octets.size());
  for (std::size_t at = 0; at < octets.size();) {
    const std::size_t sign = std::min(octets.find('=', at), octets.size());
    decoded += octets.substr(at, sign - at);
    if (underscore_is_space)
      std::replace(decoded.end() - static_cast<std::ptrdiff_t>(sign - at), decoded.end(), '_', ' ');
    if (sign == octets.size()) break;
    at = sign + 1;
    const int high = at < octets.size() ? hex_value(octets[at]) : -1;
    const int low = at + 1 < octets.size() ? hex_value(octets[at + 1]) : -1;
    if (high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      at += 2;
      continue;
    }
    const std::size_t soft_break = soft_break_size(octets, at);
    if (soft_break != std::string_view::npos) {
      at += soft_break;
    } else {
      problems.add("qp-malformed");
      decoded += '=';
    }
  }
  return decoded;
}

std::string decode_transfer_encoding(std::string_view octets, std::string_view encoding, Problems& problems) {
  if (encoding == "base64") return decode_base64(octets, problems);
  if (encoding == "quoted-printable") return decode_quoted_printable(octets, problems);
  if (encoding == "x-uuencode" || encoding == "uuencode" || encoding == "x-uue") {
    return decode_uuencode(octets, problems);
  }
  const bool is_identity =
      encoding.empty() || encoding == "7bit" || encoding == "8bit" || encoding == "binary";
  if (!is_identity) problems.add("encoding-unknown");
  return std::string(octets);
}

}  // namespace coldpitch
