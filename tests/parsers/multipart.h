// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <string>

/// Messages of several parts, for tests.
namespace coldpitch::test {

inline std::string repeated(const std::string& text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// A part of a multipart with boundary "b" + `level`.
inline std::string part(const std::string& fields, const std::string& body, int level = 0) {
  return "--b" + std::to_string(level) + "\r\n" + fields + "\r\n\r\n" + body + "\r\n";
}

inline std::string multipart(const std::string& subtype, const std::string& parts, int level = 0) {
  const std::string boundary = "b" + std::to_string(level);
  return "Content-Type: multipart/" + subtype + "; boundary=" + boundary + "\r\n\r\n" + parts + "--" +
         boundary + "--\r\n";
}

inline std::string plain(const std::string& text, int level = 0) {
  return part("Content-Type: text/plain; charset=utf-8", text, level);
}

inline std::string html(const std::string& text, int level = 0) {
  return part("Content-Type: text/html; charset=utf-8", text, level);
}

}  // namespace coldpitch::test
