// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "parsers/mime.h"
#include "tests/support/catch.h"

/// MIME messages as their trees, for tests.
namespace coldpitch::test {

using Names = std::vector<std::string>;

inline std::string repeat(const std::string& text, std::size_t times) {
  std::string repeated;
  repeated.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) repeated += text;
  return repeated;
}

inline std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char octet : text) {
    if (octet == '\n') result += '\r';
    result += octet;
  }
  return result;
}

inline std::string without_cr(std::string text) {
  text.erase(std::remove(text.begin(), text.end(), '\r'), text.end());
  return text;
}

/// The tree on one line: "multipart/mixed(text/plain[words] image/png[...])", line ends of bodies as LF.
inline std::string tree(const MimeMessage& message) {
  std::string text;
  std::size_t depth = 0;
  for (const MimePart& part : message.parts) {
    for (; depth > part.depth; --depth) text += ')';
    if (!text.empty() && text.back() != '(') text += ' ';
    text += part.content_type.value;
    if (part.is_container()) {
      text += '(';
      ++depth;
    } else {
      text += '[' + without_cr(part.body) + ']';
    }
  }
  return text + std::string(depth, ')');
}

struct Parsed {
  MimeMessage message;
  Names problems;
};

inline Parsed parse(const std::string& octets, const Limits& limits = {}) {
  // A block of exactly this size, so that a sanitizer sees an octet read behind it.
  const std::vector<char> block(octets.begin(), octets.end());
  Problems problems;
  Parsed parsed{parse_mime({block.data(), block.size()}, limits, problems), {}};
  parsed.problems = problems.names();
  return parsed;
}

struct Case {
  const char* name;
  std::string octets;  ///< LF line ends
  std::string tree;
  Names problems;
};

inline void check(const Case& expected, const Limits& limits = {}) {
  INFO(expected.name);
  for (const std::string& octets : {expected.octets, with_crlf(expected.octets)}) {
    const Parsed parsed = parse(octets, limits);
    CHECK(tree(parsed.message) == expected.tree);
    CHECK(parsed.problems == expected.problems);
  }
}

/// A multipart with boundary `b` and the given body.
inline std::string mixed(const std::string& body) {
  return "Content-Type: multipart/mixed; boundary=b\n\n" + body;
}

}  // namespace coldpitch::test
