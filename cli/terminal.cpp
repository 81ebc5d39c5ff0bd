// SPDX-License-Identifier: MIT
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

#include "parsers/text.h"

namespace coldpitch {
namespace {

constexpr std::size_t kPlainColumns = 80;
constexpr std::size_t kMostColumns = 110;
constexpr char kEscape = '\x1B';

const char* code_of(Terminal::Ink ink) {
  switch (ink) {
    case Terminal::Ink::red:
      return "1;31";
    case Terminal::Ink::green:
      return "1;32";
    case Terminal::Ink::yellow:
      return "1;33";
    case Terminal::Ink::blue:
      return "1;34";
    case Terminal::Ink::magenta:
      return "1;35";
    case Terminal::Ink::cyan:
      return "1;36";
    case Terminal::Ink::bold:
      return "1";
    case Terminal::Ink::dim:
      return "2";
  }
  return "0";
}

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool begins_code_point(char octet) { return (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U; }

}  // namespace

Terminal Terminal::of_standard_output() {
  if (::isatty(STDOUT_FILENO) != 1) return {false, kPlainColumns};
  const char* kind = std::getenv("TERM");
  const bool dumb = kind == nullptr || std::string_view(kind) == "dumb";
  winsize size{};
  const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20;
  return {!dumb && !is_set("NO_COLOR"),
          std::min<std::size_t>(known ? size.ws_col : kPlainColumns, kMostColumns)};
}

std::string Terminal::paint(Ink ink, std::string_view text) const {
  if (!colours_ || text.empty()) return std::string(text);
  std::string painted = "\x1B[";
  return painted.append(code_of(ink)).append("m").append(text).append("\x1B[0m");
}

std::string terminal_text(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  std::size_t run = 0;
  const auto flush = [&](std::size_t end) {
    // printable() escapes the backslash too, which is harmless on a terminal.
    std::size_t begin = run;
    for (std::size_t i = run; i < end; ++i) {
      if (text[i] != '\\') continue;
      safe += printable(text.substr(begin, i - begin), i - begin);
      safe += '\\';
      begin = i + 1;
    }
    safe += printable(text.substr(begin, end - begin), end - begin);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_line_end =
        text[i] == '\n' || (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n');
    if (!is_line_end && text[i] != '\t') continue;
    flush(i);
    run = i + 1;
    if (text[i] == '\n') safe += '\n';
    if (text[i] == '\t') safe += "  ";
  }
  flush(text.size());
  return safe;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == kEscape) {
      i = std::min(text.find('m', i), text.size() - 1);
    } else if (begins_code_point(text[i])) {
      ++columns;
    }
  }
  return columns;
}

std::string wrapped(std::string_view text, std::size_t columns, std::size_t indent) {
  const std::string margin(indent, ' ');
  const std::size_t room = columns > indent + 10 ? columns - indent : 10;
  std::string out;
  for (const std::string_view line : split(text, '\n')) {
    if (line.empty()) {
      out += '\n';
      continue;
    }
    out += margin;
    std::size_t used = 0;
    for (const std::string_view word : split(line, ' ')) {
      const std::size_t width = columns_of(word);
      if (used > 0 && used + 1 + width > room) {
        out.append("\n").append(margin);
        used = 0;
      } else if (used > 0 || word.empty()) {
        out += ' ';
        ++used;
      }
      out += word;
      used += width;
    }
    out += '\n';
  }
  return out;
}

std::string padded(std::string_view text, std::size_t columns) {
  const std::size_t have = columns_of(text);
  if (have <= columns) return std::string(text) + std::string(columns - have, ' ');
  std::size_t seen = 0;
  std::size_t end = 0;
  while (end < text.size() && seen + 1 < columns) {
    ++end;
    while (end < text.size() && !begins_code_point(text[end])) ++end;
    ++seen;
  }
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace coldpitch
